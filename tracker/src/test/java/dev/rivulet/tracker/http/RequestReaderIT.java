package dev.rivulet.tracker.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rivulet.protocol.settings.ListenAddress;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class RequestReaderIT {
    private static final int MAX_BYTES = 10;
    private static final int MAX_HELD_BYTES = 15;
    private static final int PATIENCE_MS = 30_000;

    private final RequestReader reader = RequestReader.of(MAX_BYTES, MAX_HELD_BYTES);
    private HttpServer server;

    @BeforeEach
    void open() {
        Routes routes = router -> router.post("/echo", exchange -> {
            RequestReader.Taker echo =
                    (whole, body) -> whole.getResponseSender().send(new String(body, StandardCharsets.US_ASCII));
            reader.read(exchange, echo);
        });
        server = HttpServer.start(
                new ListenAddress("127.0.0.1", 0),
                null,
                new HttpServer.Served(exchange -> exchange.setStatusCode(400), List.of(routes), List.of()));
    }

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void bodiesUnderWayShareARoomThatWhoIsAnsweredLeaves() throws Exception {
        try (Socket first = say("12345678")) {
            held(8);
            assertThat(said(say("12345678"))).startsWith("HTTP/1.1 503 ").contains("Too many bodies");
            first.getOutputStream().write("90".getBytes(StandardCharsets.US_ASCII));
            assertThat(said(first)).startsWith("HTTP/1.1 200 ").endsWith("1234567890");
        }
        for (int i = 0; i < 3; i++) {
            held(0); // an answer may be there before the room is
            assertThat(said(say("abcdefghij"))).endsWith("abcdefghij");
        }
    }

    @Test
    void whoHangsUpLeavesTheRoom() throws Exception {
        try (Socket staying = say("1234")) {
            for (int i = 0; i < 3; i++) {
                say("12345678").close();
            }
            String answer = said(say("abcdefghij"));
            long giveUp = System.nanoTime() + PATIENCE_MS * 1_000_000L;
            while (answer.contains(" 503 ") && System.nanoTime() < giveUp) {
                answer = said(say("abcdefghij"));
            }

            assertThat(answer).endsWith("abcdefghij");
            assertThat(staying.isClosed()).isFalse();
        }
    }

    /** Waits until so much is under way. */
    private void held(long bytes) throws InterruptedException {
        long giveUp = System.nanoTime() + PATIENCE_MS * 1_000_000L;
        while (reader.heldBytes() != bytes && System.nanoTime() < giveUp) {
            Thread.sleep(1);
        }
        assertThat(reader.heldBytes()).isEqualTo(bytes);
    }

    private Socket say(String part) throws IOException {
        Socket socket = new Socket(server.address().host(), server.address().port());
        socket.setSoTimeout(PATIENCE_MS);
        String head =
                "POST /echo HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: " + MAX_BYTES + "\r\n\r\n";
        socket.getOutputStream().write((head + part).getBytes(StandardCharsets.US_ASCII));
        return socket;
    }

    /** All that is answered. */
    private static String said(Socket socket) throws IOException {
        try (socket) {
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
        }
    }
}
