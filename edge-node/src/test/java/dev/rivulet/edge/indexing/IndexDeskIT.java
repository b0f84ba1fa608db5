package dev.rivulet.edge.indexing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rivulet.edge.catalog.TestEntries;
import dev.rivulet.edge.limit.TokenBucket;
import dev.rivulet.edge.origin.HttpOriginFetcher;
import dev.rivulet.edge.origin.TestOrigin;
import dev.rivulet.edge.store.MemoryPieceStore;
import dev.rivulet.edge.store.TestContent;
import dev.rivulet.edge.tracker.TrackerLink;
import dev.rivulet.protocol.Limits;
import dev.rivulet.protocol.catalog.BlockList;
import dev.rivulet.protocol.http.SitePolicy;
import dev.rivulet.protocol.id.ContentId;
import dev.rivulet.protocol.id.PieceHash;
import dev.rivulet.protocol.message.ClientMessage;
import dev.rivulet.protocol.message.IndexHashes;
import dev.rivulet.protocol.message.IndexRequest;
import dev.rivulet.protocol.message.IndexStop;
import dev.rivulet.protocol.message.Indexed;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** With a real origin, and a tracker that is the test itself. */
final class IndexDeskIT {
    private static final int PIECE = 262_144;
    private static final int DISK = 64 << 20;
    private static final long DEADLINE_SECONDS = 60;
    private static final HttpString CORS = new HttpString("Access-Control-Allow-Origin");

    private final TestOrigin origin = new TestOrigin();
    private final MemoryPieceStore store = new MemoryPieceStore();
    private final BlockingQueue<ClientMessage> told = new LinkedBlockingQueue<>();
    private final List<ContentId> expected = new CopyOnWriteArrayList<>();
    private final LongAdder received = new LongAdder();
    private Optional<SitePolicy> policy = Optional.of(TestEntries.policy("http://127.0.0.1:" + origin.port()));
    private HttpOriginFetcher fetcher;
    private volatile BlockList blocked = BlockList.EMPTY;
    private IndexDesk desk;

    @BeforeEach
    void open() throws IOException {
        fetcher = new HttpOriginFetcher(
                new HttpOriginFetcher.Surroundings(() -> policy, () -> true, store, url -> {}, received),
                new HttpOriginFetcher.Manner("rivulet-edge/test", 4, Duration.ofSeconds(DEADLINE_SECONDS)));
        TrackerLink link = new TrackerLink() {
            @Override
            public boolean send(ClientMessage message) {
                return told.add(message);
            }

            @Override
            public void listen(Listener listener) {}
        };
        desk = IndexDesk.open(new IndexDesk.Surroundings(
                link,
                () -> policy,
                url -> true,
                fetcher,
                store,
                DISK,
                received,
                TokenBucket.unlimited(),
                () -> true,
                () -> blocked,
                expected::add));
    }

    @AfterEach
    void close() throws IOException {
        desk.close();
        fetcher.close();
        origin.close();
    }

    @Test
    void aResourceIsFetchedOnceHashedKeptAndReported() throws Exception {
        TestContent content = TestContent.of(1, 3 * PIECE + 5);
        serve("/a", content, "max-age=60");

        desk.received(request(7, "/a"));

        List<PieceHash> hashes = new ArrayList<>();
        ClientMessage next = next();
        while (next instanceof IndexHashes part) {
            assertThat(part.id()).isEqualTo(7);
            hashes.addAll(part.hashes());
            next = next();
        }
        Indexed.Answer answer = answer(next);
        assertThat(answer.body()).isEqualTo(new Indexed.Body(3L * PIECE + 5, true));
        assertThat(answer.headers().single("cache-control")).isEqualTo("max-age=60");
        assertThat(hashes).hasSize(4);
        for (int piece = 0; piece < 4; piece++) {
            assertThat(hashes.get(piece)).isEqualTo(content.layout().hash(piece));
            assertThat(store.read(content.id(), piece)).isEqualTo(content.piece(piece));
        }
        assertThat(expected).containsExactly(content.id());
        assertThat(origin.requests()).containsExactly("GET /a", "GET /a bytes=786436-786436");
        assertNoDrafts();
    }

    @Test
    void aBodyInChunksIsTakenToItsEnd() throws Exception {
        TestContent content = TestContent.of(2, PIECE);
        origin.put("/chunked", exchange -> {
            shareable(exchange);
            exchange.getOutputStream().write(content.bytes(), 0, 1000);
            exchange.getOutputStream().flush();
            exchange.getOutputStream().write(content.bytes(), 1000, PIECE - 1000);
        });

        desk.received(request(1, "/chunked"));

        assertThat(((IndexHashes) next()).hashes())
                .containsExactly(content.layout().hash(0));
        assertThat(answer(next()).body()).isEqualTo(new Indexed.Body(PIECE, false));
        assertThat(store.read(content.id(), 0)).isEqualTo(content.piece(0));
    }

    @Test
    void whatIsTakenDownIsNotFetchedAndNotKept() throws Exception {
        TestContent content = TestContent.of(1, PIECE);
        serve("/a", content, "max-age=60");
        blocked = BlockList.of(List.of(request(7, "/a").url().hash().hash()));

        desk.received(request(7, "/a"));

        assertThat(next()).isEqualTo(Indexed.failed(7, Indexed.POLICY));
        assertThat(origin.requests()).isEmpty();

        blocked = BlockList.EMPTY;
        store.refuse(content.id()::equals);
        desk.received(request(8, "/a"));

        assertThat(next()).isEqualTo(Indexed.failed(8, Indexed.STORE));
        assertThat(store.contents()).isEmpty();
        assertNoDrafts();
    }

    @Test
    void whatMayNotBeSharedIsReportedUnread() throws Exception {
        serve("/private", TestContent.of(1, PIECE), "private, max-age=60");

        desk.received(request(1, "/private"));
        Indexed.Answer answer = answer(next());

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).isNull();
        assertThat(store.contents()).isEmpty();
    }

    @Test
    void aRedirectIsReportedAndNotFollowed() throws Exception {
        origin.put("/moved", exchange -> {
            exchange.setStatusCode(302);
            exchange.getResponseHeaders()
                    .put(Headers.LOCATION, origin.url("/target").text());
        });

        desk.received(request(1, "/moved"));

        assertThat(answer(next()).status()).isEqualTo(302);
        assertThat(origin.requests()).containsExactly("GET /moved");
    }

    @Test
    void whatTheSiteDoesNotAllowIsNotAskedFor() throws Exception {
        policy = Optional.of(TestEntries.policy("http://other.example"));
        desk.received(request(1, "/a"));
        assertThat(next()).isEqualTo(Indexed.failed(1, Indexed.POLICY));

        policy = Optional.empty();
        desk.received(request(2, "/a"));
        assertThat(next()).isEqualTo(Indexed.failed(2, Indexed.POLICY));
        assertThat(origin.requests()).isEmpty();
    }

    @Test
    void tooLargeResourcesAreGivenUpDeclaredOrNot() throws Exception {
        serve("/large", TestContent.of(1, PIECE + 1), "max-age=60");
        origin.put("/endless", exchange -> {
            shareable(exchange);
            byte[] block = new byte[PIECE];
            for (int i = 0; i < 2 * DISK / PIECE; i++) {
                exchange.getOutputStream().write(block);
            }
        });

        desk.received(new IndexRequest(1, origin.url("/large"), PIECE, 60, Limits.MAX_INTEGER));
        assertThat(next()).isEqualTo(Indexed.failed(1, Indexed.TOO_LARGE));
        desk.received(request(2, "/endless"));
        assertThat(next()).isEqualTo(Indexed.failed(2, Indexed.TOO_LARGE));
        assertThat(received.sum()).isLessThan(DISK);
        assertNoDrafts();
    }

    @Test
    void aBodyThatIsCutShortIsNoAnswer() throws Exception {
        origin.put("/short", exchange -> {
            shareable(exchange);
            exchange.setResponseContentLength(PIECE);
            exchange.getOutputStream().write(new byte[1000]);
            exchange.getOutputStream().flush();
            exchange.getConnection().close();
        });

        desk.received(request(1, "/short"));

        assertThat(next()).isEqualTo(Indexed.failed(1, Indexed.ORIGIN));
        assertThat(store.contents()).isEmpty();
    }

    @Test
    void whoHasEnoughToDoSaysSoAndWhatIsStoppedSaysNothing() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        CountDownLatch begun = new CountDownLatch(IndexDesk.MAX_JOBS);
        origin.put("/slow", exchange -> slow(exchange, begun, over));
        serve("/a", TestContent.of(1, 10), "max-age=60");
        for (int i = 0; i < IndexDesk.MAX_JOBS; i++) {
            desk.received(request(i, "/slow"));
        }
        assertThat(begun.await(DEADLINE_SECONDS, TimeUnit.SECONDS)).isTrue();
        desk.received(request(99, "/a"));
        assertThat(next()).isEqualTo(Indexed.failed(99, Indexed.BUSY));

        for (int i = 0; i < IndexDesk.MAX_JOBS; i++) {
            desk.received(new IndexStop(i));
        }
        over.countDown();

        ClientMessage answer;
        do {
            desk.received(request(100, "/a"));
            answer = next();
        } while (answer.equals(Indexed.failed(100, Indexed.BUSY)));
        assertThat(answer).isInstanceOf(IndexHashes.class);
    }

    private static void slow(HttpServerExchange exchange, CountDownLatch begun, CountDownLatch over)
            throws IOException, InterruptedException {
        shareable(exchange);
        exchange.setResponseContentLength(PIECE);
        exchange.getOutputStream().write(1);
        exchange.getOutputStream().flush();
        begun.countDown();
        over.await(DEADLINE_SECONDS, TimeUnit.SECONDS);
    }

    private static void shareable(HttpServerExchange exchange) {
        exchange.getResponseHeaders().put(Headers.CACHE_CONTROL, "max-age=60").put(CORS, "*");
    }

    private void serve(String path, TestContent content, String cacheControl) {
        origin.put(path, content);
        origin.header(path, Headers.CACHE_CONTROL, cacheControl);
        origin.header(path, CORS, "*");
    }

    private IndexRequest request(long id, String path) {
        return new IndexRequest(id, origin.url(path), DISK, 60, Limits.MAX_INTEGER);
    }

    private ClientMessage next() throws InterruptedException {
        ClientMessage message = told.poll(DEADLINE_SECONDS, TimeUnit.SECONDS);
        assertThat(message).as("what the tracker is told").isNotNull();
        return message;
    }

    private static Indexed.Answer answer(ClientMessage message) {
        assertThat(message).isInstanceOf(Indexed.class);
        Indexed indexed = (Indexed) message;
        assertThat(indexed.failed()).isNull();
        return indexed.answer();
    }

    private void assertNoDrafts() {
        assertThat(store.openDrafts()).isZero();
    }
}
