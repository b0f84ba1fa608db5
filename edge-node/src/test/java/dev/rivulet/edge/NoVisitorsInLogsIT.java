package dev.rivulet.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rivulet.protocol.id.PeerId;
import dev.rivulet.protocol.message.ClientMessage;
import dev.rivulet.protocol.message.Role;
import dev.rivulet.protocol.message.SignalBody;
import dev.rivulet.protocol.message.TrackerMessage;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Whatever visitors do, and however much is logged: nothing that the jar writes says where they are. */
final class NoVisitorsInLogsIT {
    /** A visitor's address over HTTP; all of 127/8 is this machine, on Linux. */
    private static final String OVER_HTTP = "127.77.88.99";

    private static final String BEHIND_PROXY = "203.0.113.77";
    private static final String OVER_WEBRTC = "198.51.100.77";
    private static final String OVER_WEBRTC_6 = "2001:db8::7777";
    private static final List<String> ADDRESSES = List.of(OVER_HTTP, BEHIND_PROXY, OVER_WEBRTC, OVER_WEBRTC_6);

    private static final String OFFER = String.join(
            "\r\n",
            "v=0",
            "o=- 1 2 IN IP4 " + OVER_WEBRTC,
            "s=-",
            "t=0 0",
            "a=group:BUNDLE 0",
            "m=application 50001 UDP/DTLS/SCTP webrtc-datachannel",
            "c=IN IP4 " + OVER_WEBRTC,
            "a=candidate:1 1 udp 2122260223 " + OVER_WEBRTC + " 50001 typ host",
            "a=candidate:2 1 udp 2122260222 " + OVER_WEBRTC_6 + " 50002 typ host",
            "a=ice-ufrag:abcd",
            "a=ice-pwd:abcdefghijklmnopqrstuvwx",
            "a=fingerprint:sha-256 " + "AB:".repeat(31) + "AB",
            "a=setup:actpass",
            "a=mid:0",
            "a=sctp-port:5000",
            "a=max-message-size:262144",
            "");

    @TempDir
    Path home;

    private DemoSite site;

    @BeforeEach
    void publish() {
        site = new DemoSite(home, 3 * DemoSite.PIECE);
    }

    @AfterEach
    void close() {
        site.close();
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void nothingWrittenNamesAVisitorsAddress() throws Exception {
        EdgeProcess edge = site.gateway("--log-level", "debug");
        overHttp(URI.create(edge.url()).getPort());
        overWebRtc();
        edge.terminate();
        assertThat(edge.exitCode(60)).isZero();

        String log = edge.stderr();
        assertThat(log).contains("DEBUG", "no piece 1 of");
        assertThat(Files.readString(served())).contains(site.content.id().text());
        for (Path file : written()) {
            String text = Files.readString(file, StandardCharsets.ISO_8859_1);
            for (String address : ADDRESSES) {
                assertThat(text.lines().filter(line -> line.contains(address)).toList())
                        .as("%s in %s", address, file)
                        .isEmpty();
            }
        }
    }

    private void overHttp(int port) throws IOException {
        String piece = "/pieces/" + site.content.id() + "/";
        String pulled = DemoSite.from(site.url);
        assertThat(ask(port, "GET " + piece + "0" + pulled + " HTTP/1.1")).contains(" 200 ");
        assertThat(ask(port, "GET " + piece + "0 HTTP/1.1", "Range: bytes=9-3")).startsWith("HTTP/1.1 ");
        assertThat(ask(port, "HEAD " + piece + "0 HTTP/1.1")).contains(" 200 ");
        assertThat(ask(port, "GET /pieces/nonsense HTTP/1.1")).contains(" 404 ");
        ask(port, "GET " + piece + "2?url=%zz HTTP/1.1");
        ask(port, "NONSENSE");
        ask(port, "GET " + piece + "0 HTTP/1.1", "X: " + "x".repeat(100_000));
        site.origin.close();
        assertThat(ask(port, "GET " + piece + "1" + pulled + " HTTP/1.1")).contains(" 502 ");
        // Gone before the answer is read.
        try (Socket socket = visitor(port)) {
            socket.setSoLinger(true, 0);
            write(socket, "GET " + piece + "0 HTTP/1.1");
        }
    }

    private static String ask(int port, String line, String... more) throws IOException {
        try (Socket socket = visitor(port)) {
            write(socket, line, more);
            byte[] answer = socket.getInputStream().readNBytes("HTTP/1.1 200 OK".length());
            return new String(answer, StandardCharsets.US_ASCII);
        } catch (IOException e) {
            return "broken off: " + e.getMessage();
        }
    }

    private static Socket visitor(int port) throws IOException {
        Socket socket = new Socket();
        socket.bind(new InetSocketAddress(InetAddress.getByName(OVER_HTTP), 0));
        socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        socket.setSoTimeout(60_000);
        return socket;
    }

    private static void write(Socket socket, String line, String... more) throws IOException {
        String headers = String.join("\r\n", more);
        socket.getOutputStream()
                .write((line + "\r\nHost: edge\r\nX-Forwarded-For: " + BEHIND_PROXY + "\r\nForwarded: for="
                                + BEHIND_PROXY + "\r\nConnection: close\r\n"
                                + (headers.isEmpty() ? "" : headers + "\r\n") + "\r\n")
                        .getBytes(StandardCharsets.US_ASCII));
    }

    /** Offers and candidates, right and wrong, of visitors whom nobody can reach. */
    private void overWebRtc() throws Exception {
        for (int visitor = 1; visitor <= 3; visitor++) {
            PeerId from = new PeerId((long) visitor << 40, 0);
            String sdp = visitor == 2
                    ? OFFER.replace("a=setup:actpass\r\n", "")
                    : visitor == 3 ? OFFER.substring(40) : OFFER;
            signal(from, new SignalBody.Offer(sdp));
            signal(
                    from,
                    new SignalBody.Candidate(
                            "candidate:3 1 udp 2122260221 " + OVER_WEBRTC + " 50003 typ host", "0", 0));
            signal(from, new SignalBody.Candidate("candidate:nonsense " + OVER_WEBRTC, "0", 0));
            signal(from, new SignalBody.Candidate("candidate:4 1 udp 1 " + OVER_WEBRTC_6 + " 5 typ host", "9", 9));
        }
        // It answers the first.
        var unused = site.tracker.next(ClientMessage.Signal.class);
    }

    private void signal(PeerId from, SignalBody body) {
        site.tracker.send(new TrackerMessage.Signal(from, Role.PAGE, "session", body));
    }

    private Path served() throws IOException {
        try (Stream<Path> files = Files.list(site.data().resolve("log"))) {
            return files.filter(file -> file.toString().endsWith(".json"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    /** All files that it wrote, its output among them; not the pieces themselves. */
    private List<Path> written() throws IOException {
        try (Stream<Path> files = Files.walk(home)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> !file.endsWith("pieces/data"))
                    .toList();
        }
    }
}
