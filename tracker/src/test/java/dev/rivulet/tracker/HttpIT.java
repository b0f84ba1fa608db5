package dev.rivulet.tracker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rivulet.protocol.fixtures.Schemas;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class HttpIT {
    @TempDir
    static Path data;

    private static TestTracker tracker;

    @BeforeAll
    static void start() throws Exception {
        tracker = TestTracker.start(data, Map.of());
    }

    @AfterAll
    static void stop() throws Exception {
        tracker.close();
    }

    @Test
    void readinessIsAnswered() throws Exception {
        HttpResponse<byte[]> answer = tracker.get("/healthz");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(header(answer, "Cache-Control")).isEqualTo("no-store");
    }

    @Test
    void headIsGetWithoutABody() throws Exception {
        HttpResponse<byte[]> answer = tracker.send("HEAD", "/sites/demo/catalog");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEmpty();
        assertThat(header(answer, "ETag"))
                .isEqualTo(header(tracker.get("/sites/demo/catalog"), "ETag"))
                .isNotNull();
    }

    @Test
    void anyPageMayReadAnswersAndTheirSizesAndTimes() throws Exception {
        for (String path : List.of("/healthz", "/sites/demo/catalog", "/nothing")) {
            HttpResponse<byte[]> answer = tracker.get(path, "Origin", "http://anywhere.example");

            assertThat(header(answer, "Access-Control-Allow-Origin")).isEqualTo("*");
            assertThat(header(answer, "Cross-Origin-Resource-Policy")).isEqualTo("cross-origin");
            assertThat(header(answer, "Timing-Allow-Origin")).isEqualTo("*");
            assertThat(header(answer, "X-Content-Type-Options")).isEqualTo("nosniff");
        }
    }

    @Test
    void preflightsAllowReadingOnly() throws Exception {
        HttpResponse<byte[]> answer = tracker.send(
                "OPTIONS", "/sites/demo/catalog", "Origin", "http://a.example", "Access-Control-Request-Method", "GET");

        assertThat(answer.statusCode()).isEqualTo(204);
        assertThat(header(answer, "Access-Control-Allow-Methods")).isEqualTo("GET, HEAD");
    }

    @Test
    void errorsAreProblemDetails() throws Exception {
        assertProblem(tracker.get("/nothing"), 404);
        assertProblem(tracker.get("/sites/nowhere/catalog"), 404);
        assertProblem(tracker.send("DELETE", "/healthz"), 405);
        assertProblem(tracker.get("/", "Sec-Websocket-Protocol", "rivulet.v1"), 404);
    }

    @Test
    void catalogIsValidAndRevalidated() throws Exception {
        HttpResponse<byte[]> answer = tracker.get("/sites/demo/catalog");
        String etag = header(answer, "ETag");

        assertThat(Schemas.complaints("catalog-body", new String(answer.body(), StandardCharsets.UTF_8)))
                .isEmpty();
        assertThat(header(answer, "Cache-Control")).isEqualTo("no-cache");
        assertThat(tracker.get("/sites/demo/catalog", "If-None-Match", etag).statusCode())
                .isEqualTo(304);
        assertThat(tracker.get("/sites/demo/catalog", "If-None-Match", "\"other\"")
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void gzipIsForThoseWhoTakeItAndHasATagOfItsOwn() throws Exception {
        HttpResponse<byte[]> plain = tracker.get("/sites/demo/catalog");
        HttpResponse<byte[]> packed = tracker.get("/sites/demo/catalog", "Accept-Encoding", "br, gzip");
        HttpResponse<byte[]> refused = tracker.get("/sites/demo/catalog", "Accept-Encoding", "gzip;q=0");

        assertThat(plain.body().length).isGreaterThan(1024);
        assertThat(header(packed, "Content-Encoding")).isEqualTo("gzip");
        assertThat(header(packed, "Vary")).isEqualTo("Accept-Encoding");
        assertThat(header(plain, "Vary")).isEqualTo("Accept-Encoding");
        assertThat(unpack(packed.body())).isEqualTo(plain.body());
        assertThat(header(packed, "ETag")).isNotEqualTo(header(plain, "ETag"));
        assertThat(tracker.get(
                                "/sites/demo/catalog",
                                "Accept-Encoding",
                                "gzip",
                                "If-None-Match",
                                header(packed, "ETag"))
                        .statusCode())
                .isEqualTo(304);
        assertThat(refused.headers().firstValue("Content-Encoding")).isEmpty();
    }

    @Test
    void scriptsAreRevalidatedPackedAndMayControlTheWholeSite() throws Exception {
        for (String path : List.of("/rivulet.js", "/rivulet-sw.js", "/rivulet-hls.js", "/rivulet-hls.mjs")) {
            HttpResponse<byte[]> answer = tracker.get(path);

            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(header(answer, "Content-Type")).isEqualTo("text/javascript; charset=utf-8");
            assertThat(header(answer, "Cache-Control")).isEqualTo("no-cache");
            assertThat(header(answer, "Service-Worker-Allowed")).isEqualTo("/");
            assertThat(tracker.get(path, "If-None-Match", header(answer, "ETag"))
                            .statusCode())
                    .isEqualTo(304);
        }
        HttpResponse<byte[]> packed = tracker.get("/rivulet.js", "Accept-Encoding", "gzip");
        assertThat(unpack(packed.body())).isEqualTo(tracker.get("/rivulet.js").body());
    }

    /** Java unpacks no Brotli; the browsers of the end-to-end tests do. */
    @Test
    void scriptsComeAsBrotliForThoseWhoTakeItWithATagOfItsOwn() throws Exception {
        HttpResponse<byte[]> gzip = tracker.get("/rivulet.js", "Accept-Encoding", "gzip, deflate");
        HttpResponse<byte[]> brotli = tracker.get("/rivulet.js", "Accept-Encoding", "gzip, deflate, br, zstd");
        HttpResponse<byte[]> refused = tracker.get("/rivulet.js", "Accept-Encoding", "gzip, br;q=0");

        assertThat(header(brotli, "Content-Encoding")).isEqualTo("br");
        assertThat(header(brotli, "Vary")).isEqualTo("Accept-Encoding");
        try (InputStream packed = HttpIT.class.getResourceAsStream("/dev/rivulet/tracker/client/rivulet.js.br")) {
            assertThat(packed).hasBinaryContent(brotli.body());
        }
        assertThat(header(brotli, "ETag")).isNotEqualTo(header(gzip, "ETag"));
        assertThat(tracker.get("/rivulet.js", "Accept-Encoding", "br", "If-None-Match", header(brotli, "ETag"))
                        .statusCode())
                .isEqualTo(304);
        assertThat(header(refused, "Content-Encoding")).isEqualTo("gzip");
    }

    @Test
    void bodiesThatAreTooLargeAreRefused() throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), tracker.port())) {
            socket.setSoTimeout(TestPeer.PATIENCE_SECONDS * 1000);
            String head = "POST /api/v1/sites/demo/entries HTTP/1.1\r\nHost: a\r\nConnection: close\r\n"
                    + "Authorization: Bearer " + TestTracker.PUBLISH_TOKEN + "\r\nContent-Length: 8388609\r\n\r\n";
            socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));

            assertThat(firstLine(socket.getInputStream())).contains(" 413 ");
        }
    }

    @Test
    void upgradesWithoutTheSubprotocolAreRefused() throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), tracker.port())) {
            socket.setSoTimeout(TestPeer.PATIENCE_SECONDS * 1000);
            String head = """
                    GET / HTTP/1.1
                    Host: a
                    Connection: Upgrade
                    Upgrade: websocket
                    Sec-WebSocket-Version: 13
                    Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==

                    """.replace("\n", "\r\n");
            socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));

            assertThat(firstLine(socket.getInputStream())).contains(" 400 ");
        }
    }

    private static String firstLine(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c >= 0 && c != '\r'; c = in.read()) {
            line.append((char) c);
        }
        return line.toString();
    }

    private static void assertProblem(HttpResponse<byte[]> answer, int status) {
        assertThat(answer.statusCode()).isEqualTo(status);
        assertThat(header(answer, "Content-Type")).isEqualTo("application/problem+json");
        assertThat(new String(answer.body(), StandardCharsets.UTF_8))
                .contains("\"status\":" + status, "\"title\":", "\"detail\":");
    }

    private static byte[] unpack(byte[] gzipped) throws IOException {
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(gzipped))) {
            return in.readAllBytes();
        }
    }

    private static String header(HttpResponse<byte[]> answer, String name) {
        return answer.headers().firstValue(name).orElse(null);
    }
}
