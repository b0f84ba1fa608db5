package dev.rivulet.tracker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rivulet.tracker.tls.PemFiles;
import dev.rivulet.tracker.tls.TestCertificates;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.SubmissionPublisher;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests whose bodies do not come. */
final class SlowBodiesIT {
    /** More than there are worker threads: Undertow has eight for each core, two at least. */
    private static final int MANY = 2 * 8 * Math.max(2, Runtime.getRuntime().availableProcessors());

    private static final Duration SOON = Duration.ofSeconds(10);
    private static final String SIGN_IN = "POST /api/v1/session HTTP/1.1\r\nContent-Type: application/json\r\n";
    private static final String PUBLISH =
            "POST /api/v1/sites/demo/entries HTTP/1.1\r\nAuthorization: Bearer " + TestTracker.PUBLISH_TOKEN + "\r\n";
    /** JSON that nobody takes: no password is tried. */
    private static final String WRONG = "{\"nobody\":1}";

    @TempDir
    static Path data;

    @TempDir
    Path folder;

    private static TestTracker tracker;

    private final List<Socket> open = new ArrayList<>();

    @BeforeAll
    static void start() throws Exception {
        tracker = TestTracker.start(data, Map.of());
    }

    @AfterAll
    static void stop() throws Exception {
        tracker.close();
    }

    @AfterEach
    void hangUp() throws Exception {
        for (Socket socket : open) {
            socket.close();
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                SIGN_IN,
                PUBLISH,
                "POST /api/v1/operators HTTP/1.1\r\nContent-Type: application/json\r\n",
                "POST /api/v1/sites/demo/entries HTTP/1.1\r\n",
                "GET /api/v1/session HTTP/1.1\r\n",
                "GET /metrics HTTP/1.1\r\n",
                "GET /pieces/x/0 HTTP/1.1\r\n",
                "GET /sites/demo/layouts/x HTTP/1.1\r\n"
            })
    void whoSendsSlowlyKeepsNobodyElseWaiting(String head) throws Exception {
        for (int i = 0; i < MANY; i++) {
            say(head + "Host: a\r\nContent-Length: 1000\r\n\r\nx");
        }

        assertThat(status("GET", "/metrics", "")).isEqualTo(401);
        assertThat(status("GET", "/sites/demo/layouts/x", "")).isEqualTo(404);
        assertThat(status("GET", "/pieces/x/0", "")).isEqualTo(404);
        assertThat(status("POST", "/api/v1/session", WRONG)).isEqualTo(422);
        assertThat(status("POST", "/api/v1/sites/demo/entries", WRONG)).isEqualTo(401);
    }

    @Test
    void whoIsTooSlowIsToldSoAndCutOff() throws Exception {
        List<Socket> slow = List.of(
                say(SIGN_IN + "Host: a\r\nContent-Length: 1000\r\n\r\n{"),
                say(PUBLISH + "Host: a\r\nContent-Length: 1000\r\n\r\n{"),
                say("GET /metrics HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n{"));
        Socket refused = say("POST /api/v1/operators HTTP/1.1\r\nContent-Type: application/json\r\n"
                + "Host: a\r\nContent-Length: 1000\r\n\r\n{");

        assertThat(firstLine(refused.getInputStream())).startsWith("HTTP/1.1 401 ");
        for (Socket socket : slow) {
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            assertThat(answer).startsWith("HTTP/1.1 408 ").contains("application/problem+json", "took too long");
        }
        assertThat(refused.getInputStream().readAllBytes()).isNotEmpty();
    }

    @Test
    void bodiesComeInPartsAndAfterAWordOfTheTracker() throws Exception {
        Socket chunks = say(SIGN_IN + "Host: a\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n1\r\n{\r\n");
        chunks.getOutputStream()
                .write("%x\r\n%s\r\n0\r\n\r\n"
                        .formatted(WRONG.length() - 1, WRONG.substring(1))
                        .getBytes(StandardCharsets.US_ASCII));
        assertThat(firstLine(chunks.getInputStream())).contains(" 422 ");

        Socket asking =
                say(SIGN_IN + "Host: a\r\nExpect: 100-continue\r\nContent-Length: " + WRONG.length() + "\r\n\r\n");
        assertThat(firstLine(asking.getInputStream())).startsWith("HTTP/1.1 100 ");
        asking.getOutputStream()
                .write((WRONG + SIGN_IN + "Host: a\r\nContent-Length: 1\r\n\r\n{").getBytes(StandardCharsets.US_ASCII));
        assertThat(answers(asking)).contains("HTTP/1.1 422", "HTTP/1.1 400");
    }

    @Test
    void bodiesThatAreTooLargeAreRefused() throws Exception {
        Socket declared = say(SIGN_IN + "Host: a\r\nContent-Length: 16385\r\n\r\n");
        Socket counted = say(SIGN_IN + "Host: a\r\nTransfer-Encoding: chunked\r\n\r\n4001\r\n" + "x".repeat(0x4001));

        for (Socket socket : List.of(declared, counted)) {
            assertThat(firstLine(socket.getInputStream())).startsWith("HTTP/1.1 413 ");
        }
    }

    @Test
    void whoHangsUpIsForgotten() throws Exception {
        for (int i = 0; i < MANY; i++) {
            say(SIGN_IN + "Host: a\r\nContent-Length: 1000\r\n\r\n" + "x".repeat(900))
                    .close();
        }

        assertThat(status("POST", "/api/v1/session", WRONG)).isEqualTo(422);
    }

    @Test
    void streamsOfOneConnectionDoNotWaitForEachOther() throws Exception {
        TestCertificates certificates = new TestCertificates();
        PemFiles files = TestCertificates.in(folder);
        certificates.write(files, TestCertificates.ec());
        Map<String, String> tls = Map.of(
                "tls-certificate",
                files.certificate().toString(),
                "tls-key",
                files.key().toString());
        try (TestTracker secure = TestTracker.start(folder.resolve("data"), tls);
                SubmissionPublisher<ByteBuffer> never = new SubmissionPublisher<>(Runnable::run, MANY)) {
            HttpClient client = HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_2)
                    .sslContext(certificates.trust())
                    .build();
            HttpRequest.Builder signIn = HttpRequest.newBuilder(
                            URI.create("https://" + secure.address() + "/api/v1/session"))
                    .header("Content-Type", "application/json")
                    .timeout(SOON);
            HttpRequest whole =
                    signIn.copy().POST(BodyPublishers.ofString(WRONG)).build();
            assertThat(client.send(whole, BodyHandlers.discarding()).version()).isEqualTo(HttpClient.Version.HTTP_2);
            for (int i = 0; i < MANY; i++) {
                var unused = client.sendAsync(
                        signIn.copy().POST(BodyPublishers.fromPublisher(never)).build(), BodyHandlers.discarding());
            }

            HttpResponse<String> answer = client.send(whole, BodyHandlers.ofString());

            assertThat(answer.statusCode()).isEqualTo(422);
            assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_2);
        }
    }

    private Socket say(String text) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), tracker.port());
        socket.setSoTimeout(TestPeer.PATIENCE_SECONDS * 1000);
        open.add(socket);
        socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    private static int status(String method, String path, String body) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + tracker.address() + path))
                .timeout(SOON)
                .header("Content-Type", "application/json")
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                .build();
        return HttpClient.newHttpClient()
                .send(request, BodyHandlers.discarding())
                .statusCode();
    }

    /** What comes until two answers are there. */
    private static String answers(Socket socket) throws IOException {
        StringBuilder all = new StringBuilder();
        while (!all.toString().matches("(?s).*HTTP/1.1 4.*HTTP/1.1 4.. .*")) {
            all.append(firstLine(socket.getInputStream())).append('\n');
        }
        return all.toString();
    }

    private static String firstLine(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\r'; c = in.read()) {
            if (c < 0) {
                throw new EOFException("the connection ended after: " + line);
            }
            line.append((char) c);
        }
        return line.toString();
    }
}
