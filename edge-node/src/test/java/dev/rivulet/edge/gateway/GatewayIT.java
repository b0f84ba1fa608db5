package dev.rivulet.edge.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rivulet.edge.catalog.SiteCatalog;
import dev.rivulet.edge.catalog.TestEntries;
import dev.rivulet.edge.limit.MemoryBudget;
import dev.rivulet.edge.limit.Sending;
import dev.rivulet.edge.store.MemoryPieceStore;
import dev.rivulet.edge.store.TestContent;
import dev.rivulet.edge.tracker.Eventually;
import dev.rivulet.edge.tracker.FakeTrackerLink;
import dev.rivulet.edge.transfer.TransferCounts;
import dev.rivulet.protocol.catalog.Head;
import dev.rivulet.protocol.catalog.ShardedCatalog;
import dev.rivulet.protocol.id.ContentId;
import dev.rivulet.protocol.id.ResourceUrl;
import dev.rivulet.protocol.id.SiteId;
import dev.rivulet.protocol.settings.ListenAddress;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class GatewayIT {
    private static final int PIECE = 262_144;
    private static final int CONNECTIONS = 512;

    private final MemoryPieceStore store = new MemoryPieceStore();
    private final SiteCatalog catalog = new SiteCatalog();
    private final TestContent content = TestContent.of(1, PIECE + 100);
    private final ResourceUrl url = url("http://127.0.0.1:1/file+name%20x?a=b&c=%2B");
    private final List<String> pulled = new CopyOnWriteArrayList<>();
    private final HttpClient client = HttpClient.newHttpClient();
    private final TransferCounts counts = new TransferCounts();
    private final Gateway.Stock stock =
            new Gateway.Stock(catalog, store, this::pull, counts, Sending.UNLIMITED, new MemoryBudget(32 << 20));
    private CompletableFuture<ByteBuffer> elsewhere = new CompletableFuture<>();
    private final TrackerCheck check = new TrackerCheck(new FakeTrackerLink());
    private Gateway gateway;
    private String base;

    @BeforeEach
    void start() throws IOException {
        Head head = new Head(
                new SiteId("demo"),
                1,
                1,
                0,
                100,
                null,
                0,
                ShardedCatalog.of(List.of()).root());
        catalog.replace(head, List.of(TestEntries.entry(url, content)));
        gateway = new Gateway(ListenAddress.parse("127.0.0.1:0"), CONNECTIONS, stock, check);
        base = "http://" + gateway.start();
        gateway.ready();
    }

    @AfterEach
    void stop() {
        gateway.close();
    }

    private CompletableFuture<ByteBuffer> pull(ContentId id, int index, ResourceUrl from) {
        pulled.add(id.text() + "/" + index + " " + from);
        return elsewhere;
    }

    @Test
    void healthSaysWhenItIsReady() throws Exception {
        try (Gateway starting = new Gateway(ListenAddress.parse("127.0.0.1:0"), CONNECTIONS, stock, check)) {
            URI health = URI.create("http://" + starting.start() + "/healthz");

            assertThat(send(HttpRequest.newBuilder(health)).statusCode()).isEqualTo(503);
            starting.ready();
            assertThat(send(HttpRequest.newBuilder(health)).statusCode()).isEqualTo(200);
        }
    }

    @Test
    void withoutATokenThereIsNone() throws Exception {
        HttpResponse<byte[]> response = get("/.well-known/rivulet-edge/EBESExQVFhcYGRobHB0eHw");

        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(header(response, "cache-control")).isEqualTo("no-store");
    }

    @Test
    void aHeldPieceIsServedForGoodToEverybody() throws Exception {
        content.into(store);

        HttpResponse<byte[]> response = get("/pieces/" + content.id() + "/1");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(ByteBuffer.wrap(response.body())).isEqualTo(content.piece(1));
        assertThat(header(response, "access-control-allow-origin")).isEqualTo("*");
        assertThat(header(response, "cache-control")).isEqualTo("public, max-age=31536000, immutable");
        assertThat(header(response, "content-type")).isEqualTo("application/octet-stream");
        assertThat(header(response, "etag")).isEqualTo("\"" + content.id() + ".1\"");
        assertThat(header(response, "content-length")).isEqualTo("100");
        Eventually.holds("what went out is counted", () -> counts.uploaded.sum() == 100);
        assertThat(header(response, "access-control-expose-headers")).contains("Content-Range");
    }

    @Test
    void aHeadIsTheSameWithoutTheBytes() throws Exception {
        content.into(store);

        HttpResponse<byte[]> response = send(request("/pieces/" + content.id() + "/0")
                .header("Range", "bytes=0-1")
                .method("HEAD", HttpRequest.BodyPublishers.noBody()));

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(header(response, "content-length")).isEqualTo(Integer.toString(PIECE));
        assertThat(response.body()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "bytes=0-9, 0, 9",
        "bytes=90-, 90, 99",
        "bytes=-10, 90, 99",
        "bytes=50-1000, 50, 99",
        "bytes=-1000, 0, 99"
    })
    void rangesArePartial(String range, int first, int last) throws Exception {
        content.into(store);

        HttpResponse<byte[]> response =
                send(request("/pieces/" + content.id() + "/1").header("Range", range));

        assertThat(response.statusCode()).isEqualTo(206);
        assertThat(header(response, "content-range")).isEqualTo("bytes " + first + "-" + last + "/100");
        assertThat(response.body()).isEqualTo(Arrays.copyOfRange(content.bytes(), PIECE + first, PIECE + last + 1));
    }

    @Test
    void aRangeBeyondTheEndIs416() throws Exception {
        content.into(store);

        HttpResponse<byte[]> response =
                send(request("/pieces/" + content.id() + "/1").header("Range", "bytes=100-"));

        assertThat(response.statusCode()).isEqualTo(416);
        assertThat(header(response, "content-range")).isEqualTo("bytes */100");
        assertThat(header(response, "cache-control")).isEqualTo("no-store");
    }

    @ParameterizedTest
    @ValueSource(strings = {"lines=1-2", "bytes=1-2,5-6", "bytes=x"})
    void oddRangesAreIgnored(String range) throws Exception {
        content.into(store);

        assertThat(send(request("/pieces/" + content.id() + "/1").header("Range", range))
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void aRangeOfAnotherVersionIsAnsweredWhole() throws Exception {
        content.into(store);
        String path = "/pieces/" + content.id() + "/1";

        HttpResponse<byte[]> other =
                send(request(path).header("Range", "bytes=0-9").header("If-Range", "\"other\""));
        HttpResponse<byte[]> same =
                send(request(path).header("Range", "bytes=0-9").header("If-Range", "\"" + content.id() + ".1\""));

        assertThat(other.statusCode()).isEqualTo(200);
        assertThat(same.statusCode()).isEqualTo(206);
    }

    @ParameterizedTest
    @ValueSource(strings = {"%s", "W/%s", "\"x\", %s", "*"})
    void whoHasItAlreadyIsToldSo(String form) throws Exception {
        String etag = "\"" + content.id() + ".0\"";

        HttpResponse<byte[]> response =
                send(request("/pieces/" + content.id() + "/0").header("If-None-Match", String.format(form, etag)));

        assertThat(response.statusCode()).isEqualTo(304);
        assertThat(header(response, "etag")).isEqualTo(etag);
    }

    @Test
    void whatTheCatalogDoesNotHaveIsNotServedThoughHeld() throws Exception {
        TestContent stranger = TestContent.of(9, 100);
        stranger.into(store);

        HttpResponse<byte[]> response = get("/pieces/" + stranger.id() + "/0");

        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(header(response, "content-type")).isEqualTo("application/problem+json");
        assertThat(new String(response.body(), StandardCharsets.UTF_8)).contains("\"status\":404");
        assertThat(header(response, "access-control-allow-origin")).isEqualTo("*");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/",
                "/pieces",
                "/pieces/x/0",
                "/pieces/{id}",
                "/pieces/{id}/2",
                "/pieces/{id}/-1",
                "/pieces/{id}/01",
                "/pieces/{id}/0/0",
                "/pieces/{id}/99999999999",
                "/piecesX/{id}/0",
                "/favicon.ico"
            })
    void otherPathsAreNotFound(String path) throws Exception {
        content.into(store);

        HttpResponse<byte[]> response = get(path.replace("{id}", content.id().text()));

        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(header(response, "content-type")).isEqualTo("application/problem+json");
    }

    @Test
    void whatIsNotHeldIsNotFoundWithoutAUrl() throws Exception {
        assertThat(get("/pieces/" + content.id() + "/0").statusCode()).isEqualTo(404);
        assertThat(pulled).isEmpty();
    }

    @Test
    void whatIsNotHeldIsPulledThroughWithItsUrl() throws Exception {
        elsewhere.complete(content.piece(0).asReadOnlyBuffer());

        HttpResponse<byte[]> response = get("/pieces/" + content.id() + "/0?url=" + encoded(url.text()));

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(ByteBuffer.wrap(response.body())).isEqualTo(content.piece(0));
        assertThat(pulled).containsExactly(content.id() + "/0 " + url);
    }

    @Test
    void aPulledPieceMayComeLaterAndBeAskedForInPart() throws Exception {
        CompletableFuture<HttpResponse<byte[]>> response = client.sendAsync(
                request("/pieces/" + content.id() + "/0?url=" + encoded(url.text()))
                        .header("Range", "bytes=10-19")
                        .build(),
                HttpResponse.BodyHandlers.ofByteArray());
        Eventually.holds("a pull", () -> !pulled.isEmpty());

        elsewhere.complete(content.piece(0));

        assertThat(response.get().statusCode()).isEqualTo(206);
        assertThat(response.get().body()).isEqualTo(Arrays.copyOfRange(content.bytes(), 10, 20));
    }

    @Test
    void aHeadPullsNothing() throws Exception {
        HttpResponse<byte[]> response = send(request("/pieces/" + content.id() + "/0?url=" + encoded(url.text()))
                .method("HEAD", HttpRequest.BodyPublishers.noBody()));

        assertThat(response.statusCode()).isEqualTo(404);
        assertThat(pulled).isEmpty();
    }

    @Test
    void aUrlWithAnotherContentIsNotPulled() throws Exception {
        String other = encoded("http://127.0.0.1:1/other");

        assertThat(get("/pieces/" + content.id() + "/0?url=" + other).statusCode())
                .isEqualTo(404);
        assertThat(pulled).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "file:///etc/passwd", "http://127.0.0.1:1", "HTTP://127.0.0.1:1/x"})
    void aUrlThatIsNoneIsABadRequest(String text) throws Exception {
        assertThat(get("/pieces/" + content.id() + "/0?url=" + encoded(text)).statusCode())
                .isEqualTo(400);
    }

    @Test
    void whatNobodyGivesIsABadGateway() throws Exception {
        elsewhere.completeExceptionally(new IOException("nobody"));

        HttpResponse<byte[]> response = get("/pieces/" + content.id() + "/0?url=" + encoded(url.text()));

        assertThat(response.statusCode()).isEqualTo(502);
        assertThat(header(response, "cache-control")).isEqualTo("no-store");
    }

    @Test
    void tooManyPullsAtATimeAreRefusedAndWhatIsHeldIsServed() throws Exception {
        List<CompletableFuture<HttpResponse<byte[]>>> waiting = new ArrayList<>();
        String path = "/pieces/" + content.id() + "/0?url=" + encoded(url.text());
        for (int i = 0; i < PieceHandler.MAX_PULLS; i++) {
            waiting.add(client.sendAsync(request(path).build(), HttpResponse.BodyHandlers.ofByteArray()));
        }
        Eventually.holds("as many pulls as allowed", () -> pulled.size() == PieceHandler.MAX_PULLS);

        store.write(content.layout(), 1, content.piece(1));

        HttpResponse<byte[]> refused = get(path);

        assertThat(refused.statusCode()).isEqualTo(503);
        assertThat(header(refused, "retry-after")).isEqualTo("1");
        assertThat(new String(refused.body(), StandardCharsets.UTF_8))
                .contains(PieceHandler.MAX_PULLS + " pieces")
                .contains("origin");
        assertThat(get("/pieces/" + content.id() + "/1").statusCode()).isEqualTo(200);
        elsewhere.complete(content.piece(0));
        for (CompletableFuture<HttpResponse<byte[]>> each : waiting) {
            assertThat(each.get().statusCode()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "DELETE", "PATCH"})
    void otherMethodsAreRefused(String method) throws Exception {
        HttpResponse<byte[]> response =
                send(request("/pieces/" + content.id() + "/0").method(method, HttpRequest.BodyPublishers.noBody()));

        assertThat(response.statusCode()).isEqualTo(405);
        assertThat(header(response, "allow")).contains("GET");
    }

    @Test
    void preflightRequestsAreAnswered() throws Exception {
        HttpResponse<byte[]> response = send(request("/pieces/" + content.id() + "/0")
                .header("Access-Control-Request-Headers", "range")
                .method("OPTIONS", HttpRequest.BodyPublishers.noBody()));

        assertThat(response.statusCode()).isEqualTo(204);
        assertThat(header(response, "access-control-allow-headers")).contains("Range");
        assertThat(header(response, "access-control-allow-methods")).contains("GET");
    }

    @Test
    void aRequestWithAnEndlessHeadIsCutOff() throws Exception {
        try (Socket socket =
                new Socket(InetAddress.getLoopbackAddress(), URI.create(base).getPort())) {
            socket.setSoTimeout(60_000);
            byte[] head = ("GET /pieces/ HTTP/1.1\r\nHost: x\r\nX: " + "a".repeat(2 * Gateway.MAX_HEADER_BYTES))
                    .getBytes(StandardCharsets.US_ASCII);

            String text = untilCutOff(socket, head);

            assertThat(text).doesNotContain("200");
        }
    }

    /** What comes back until the connection ends; with a reset, when the other side had not read everything. */
    private static String untilCutOff(Socket socket, byte[] sent) throws IOException {
        StringBuilder text = new StringBuilder();
        try {
            socket.getOutputStream().write(sent);
            InputStream answer = socket.getInputStream();
            for (int next = answer.read(); next >= 0; next = answer.read()) {
                text.append((char) next);
            }
        } catch (SocketException reset) {
            text.append(" reset");
        }
        return text.toString();
    }

    @Test
    void aTakenPortIsAnError() {
        ListenAddress taken = ListenAddress.parse(base.substring("http://".length()));

        assertThatThrownBy(() -> new Gateway(taken, CONNECTIONS, stock, check).start())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("in use");
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(base + path));
    }

    private HttpResponse<byte[]> get(String path) throws Exception {
        return send(request(path));
    }

    private HttpResponse<byte[]> send(HttpRequest.Builder request) throws Exception {
        return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    private static String header(HttpResponse<?> response, String name) {
        return response.headers().firstValue(name).orElse("");
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private static ResourceUrl url(String text) {
        try {
            return ResourceUrl.parse(text);
        } catch (dev.rivulet.protocol.DecodeException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
