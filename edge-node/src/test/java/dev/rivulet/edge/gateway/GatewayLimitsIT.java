package dev.rivulet.edge.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rivulet.edge.catalog.SiteCatalog;
import dev.rivulet.edge.catalog.TestEntries;
import dev.rivulet.edge.limit.MemoryBudget;
import dev.rivulet.edge.limit.Sending;
import dev.rivulet.edge.limit.SharedRate;
import dev.rivulet.edge.limit.TokenBucket;
import dev.rivulet.edge.store.MemoryPieceStore;
import dev.rivulet.edge.store.TestContent;
import dev.rivulet.edge.thread.Threads;
import dev.rivulet.edge.tracker.Eventually;
import dev.rivulet.edge.tracker.FakeTrackerLink;
import dev.rivulet.edge.transfer.TransferCounts;
import dev.rivulet.protocol.catalog.BlockList;
import dev.rivulet.protocol.catalog.Head;
import dev.rivulet.protocol.catalog.ShardedCatalog;
import dev.rivulet.protocol.id.ResourceUrl;
import dev.rivulet.protocol.id.SiteId;
import dev.rivulet.protocol.settings.ListenAddress;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the gateway does when it may send or hold only so much. */
final class GatewayLimitsIT {
    private static final int PIECE = 262_144;
    private static final int PIECES = 4;
    private static final long RATE = 1 << 20;

    private final MemoryPieceStore store = new MemoryPieceStore();
    private final SiteCatalog catalog = new SiteCatalog();
    private final TestContent content = TestContent.of(1, PIECES * PIECE);
    private final HttpClient client = HttpClient.newHttpClient();
    private final TransferCounts counts = new TransferCounts();
    private final ScheduledExecutorService thread = Threads.single("test-rate");
    private final TokenBucket bucket = new TokenBucket(RATE, System.nanoTime());
    private volatile Duration closedFor = Duration.ZERO;
    private MemoryBudget memory = new MemoryBudget(32 << 20);
    private final TrackerCheck check = new TrackerCheck(new FakeTrackerLink());
    private Gateway gateway;
    private String base;

    private void start(int connections, SharedRate rate) throws Exception {
        Head head = new Head(
                new SiteId("demo"),
                1,
                1,
                0,
                100,
                null,
                0,
                ShardedCatalog.of(List.of()).root());
        catalog.replace(head, List.of(TestEntries.entry(ResourceUrl.parse("http://127.0.0.1:1/file"), content)));
        content.into(store);
        var stock = new Gateway.Stock(
                catalog,
                store,
                (id, index, url) -> CompletableFuture.failedFuture(new IOException("nowhere")),
                counts,
                new Sending(rate, () -> closedFor),
                memory);
        gateway = new Gateway(ListenAddress.parse("127.0.0.1:0"), connections, stock, check);
        base = "http://" + gateway.start();
        gateway.ready();
    }

    @AfterEach
    void stop() {
        gateway.close();
        thread.shutdownNow();
    }

    private SharedRate limited() {
        return limited(bucket);
    }

    private SharedRate limited(TokenBucket of) {
        return new SharedRate(of, new SharedRate.Timing() {
            @Override
            public long nanoTime() {
                return System.nanoTime();
            }

            @Override
            public void after(Duration delay, Runnable task) {
                var unused = thread.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
            }
        });
    }

    private URI piece(int index) {
        return URI.create(base + "/pieces/" + content.id() + "/" + index);
    }

    @Test
    void manyAtOnceGetTheRightBytesAtTheRateTogether() throws Exception {
        start(512, limited());
        long began = System.nanoTime();

        List<CompletableFuture<HttpResponse<byte[]>>> responses = new ArrayList<>();
        for (int index = 0; index < PIECES; index++) {
            responses.add(client.sendAsync(
                    HttpRequest.newBuilder(piece(index)).build(), HttpResponse.BodyHandlers.ofByteArray()));
        }

        for (int index = 0; index < PIECES; index++) {
            HttpResponse<byte[]> response = responses.get(index).get();
            assertThat(response.statusCode()).isEqualTo(200);
            assertThat(ByteBuffer.wrap(response.body())).isEqualTo(content.piece(index));
            assertThat(response.headers().firstValueAsLong("content-length")).hasValue(PIECE);
        }
        double least = (double) (PIECES * PIECE - bucket.burstBytes()) / RATE;
        assertThat((System.nanoTime() - began) / 1e9).isGreaterThanOrEqualTo(least);
        assertThat(counts.http.sum()).isEqualTo(PIECES * PIECE);
        assertThat(counts.hits.sum()).isEqualTo(PIECES);
    }

    @Test
    void aRangeIsPacedAsWell() throws Exception {
        start(512, limited());

        HttpResponse<byte[]> response = client.send(
                HttpRequest.newBuilder(piece(1))
                        .header("Range", "bytes=100-99999")
                        .build(),
                HttpResponse.BodyHandlers.ofByteArray());

        assertThat(response.statusCode()).isEqualTo(206);
        assertThat(ByteBuffer.wrap(response.body()))
                .isEqualTo(content.piece(1).slice(content.piece(1).position() + 100, 99_900));
    }

    @Test
    void whatIsTakenDownIsBrokenOffAndNotFoundAnyMore() throws Exception {
        // So slow that what is left after the first turns never ends.
        start(512, limited(new TokenBucket(1, System.nanoTime())));
        CountDownLatch begun = new CountDownLatch(1);
        CompletableFuture<HttpResponse<byte[]>> coming =
                client.sendAsync(HttpRequest.newBuilder(piece(0)).build(), head -> {
                    begun.countDown();
                    return HttpResponse.BodySubscribers.ofByteArray();
                });
        assertThat(begun.await(1, TimeUnit.MINUTES)).as("it is being sent").isTrue();

        catalog.block(BlockList.of(List.of(content.id().hash())));
        gateway.breakOffBlocked();

        assertThat(coming).failsWithin(Duration.ofMinutes(1));
        assertThat(client.send(HttpRequest.newBuilder(piece(1)).build(), HttpResponse.BodyHandlers.ofString())
                        .statusCode())
                .isEqualTo(404);
    }

    @Test
    void whatGoesOutTakesNoMoreMemoryThanItMay() throws Exception {
        memory = new MemoryBudget(2 * PIECE);
        // Slow, and no slower than a client is asked to wait for.
        start(512, limited(new TokenBucket(PIECE / 2, System.nanoTime())));
        List<CompletableFuture<HttpResponse<byte[]>>> slow = new ArrayList<>();
        for (int index = 0; index < 2; index++) {
            slow.add(client.sendAsync(
                    HttpRequest.newBuilder(piece(index)).build(), HttpResponse.BodyHandlers.ofByteArray()));
        }
        Eventually.holds("all of it is taken", () -> memory.takenBytes() == 2 * PIECE);

        HttpResponse<String> refused =
                client.send(HttpRequest.newBuilder(piece(2)).build(), HttpResponse.BodyHandlers.ofString());

        assertThat(refused.statusCode()).isEqualTo(503);
        assertThat(refused.headers().firstValue("retry-after")).hasValue("1");
        assertThat(refused.body()).contains("piece-memory").contains("origin");
        catalog.block(BlockList.of(List.of(content.id().hash())));
        gateway.breakOffBlocked();
        // Broken off, or, where nothing was sent yet, not found any more.
        assertThat(slow).allSatisfy(each -> assertThat(
                        each.handle((response, error) -> response == null ? 404 : response.statusCode()))
                .succeedsWithin(Duration.ofMinutes(1))
                .isEqualTo(404));
        Eventually.holds("it is given back", () -> memory.takenBytes() == 0);
    }

    @Test
    void whenTooMuchWaitsARequestIsRefused() throws Exception {
        SharedRate rate = limited();
        start(512, rate);
        // What others wait for: more than is sent while this test lasts.
        for (int i = 0; i < 100_000; i++) {
            rate.take("somebody", SharedRate.MAX_TURN_BYTES, () -> {});
        }

        HttpResponse<String> response =
                client.send(HttpRequest.newBuilder(piece(0)).build(), HttpResponse.BodyHandlers.ofString());

        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(response.headers().firstValueAsLong("retry-after").orElse(0)).isPositive();
        assertThat(response.body()).contains("upload-rate").contains("origin");
    }

    @Test
    void moreRequestsThanMayWaitAreRefusedAndToldWhy() throws Exception {
        start(512, SharedRate.unlimited());
        int most = Gateway.MAX_REQUESTS + Gateway.MAX_WAITING_REQUESTS;
        List<CompletableFuture<HttpResponse<String>>> responses = new ArrayList<>();
        // So that whoever is worked on waits for this thread.
        synchronized (store) {
            for (int i = 0; i < most + 3; i++) {
                responses.add(client.sendAsync(
                        HttpRequest.newBuilder(piece(0))
                                .header("Range", "bytes=0-0")
                                .build(),
                        HttpResponse.BodyHandlers.ofString()));
            }
            Eventually.holds(
                    "those beyond the bound are answered",
                    () -> responses.stream().filter(CompletableFuture::isDone).count() == 3);
            for (CompletableFuture<HttpResponse<String>> refused :
                    responses.stream().filter(CompletableFuture::isDone).toList()) {
                assertThat(refused.get().statusCode()).isEqualTo(503);
                assertThat(refused.get().headers().firstValue("retry-after")).hasValue("1");
                assertThat(refused.get().body()).contains(most + " requests").contains("origin");
            }
        }
        for (CompletableFuture<HttpResponse<String>> each : responses) {
            assertThat(each.get().statusCode()).isIn(206, 503);
        }
    }

    @Test
    void usedUpItSaysWhenToComeBack() throws Exception {
        start(512, SharedRate.unlimited());
        closedFor = Duration.ofHours(3);

        HttpResponse<String> response =
                client.send(HttpRequest.newBuilder(piece(0)).build(), HttpResponse.BodyHandlers.ofString());

        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(response.headers().firstValue("content-type")).hasValue("application/problem+json");
        assertThat(response.headers().firstValueAsLong("retry-after")).hasValue(3 * 3600 + 1);
        assertThat(response.body())
                .contains("transfer of the month")
                .contains("monthly-transfer")
                .contains("origin");
        closedFor = Duration.ZERO;
        assertThat(client.send(HttpRequest.newBuilder(piece(0)).build(), HttpResponse.BodyHandlers.ofByteArray())
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void furtherConnectionsWaitUntilOthersEnd() throws Exception {
        int most = 8;
        start(most, SharedRate.unlimited());
        List<Socket> sockets = new ArrayList<>();
        try {
            for (int i = 0; i < 3 * most; i++) {
                Socket socket = new Socket(
                        InetAddress.getLoopbackAddress(), URI.create(base).getPort());
                sockets.add(socket);
                OutputStream out = socket.getOutputStream();
                out.write("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            }
            for (Socket socket : sockets) {
                socket.setSoTimeout(60_000);
                InputStream in = socket.getInputStream();
                assertThat((char) in.read()).isEqualTo('H');
                socket.close();
            }
        } finally {
            for (Socket socket : sockets) {
                socket.close();
            }
        }

        Eventually.holds("all are closed", () -> gateway.connections() == 0);
        // A place is given on before the one that had it is counted off, by each I/O thread but one at a time.
        int ioThreads = Math.max(2, Runtime.getRuntime().availableProcessors());
        assertThat(gateway.mostConnections()).isBetween(1L, (long) most + ioThreads - 1);
    }
}
