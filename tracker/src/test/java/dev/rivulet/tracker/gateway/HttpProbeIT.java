package dev.rivulet.tracker.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rivulet.protocol.DecodeException;
import dev.rivulet.protocol.id.PeerId;
import dev.rivulet.protocol.id.ResourceUrl;
import dev.rivulet.protocol.id.SiteId;
import dev.rivulet.protocol.message.HttpCheck;
import dev.rivulet.protocol.message.HttpChecked;
import dev.rivulet.tracker.signaling.Heartbeat;
import dev.rivulet.tracker.tls.PemFiles;
import dev.rivulet.tracker.tls.TestCertificates;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.hc.client5.http.DnsResolver;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class HttpProbeIT {
    private static final String LOOPBACK = "127.0.0.1";
    private static final String EDGE = "EBESExQVFhcYGRobHB0eHw";
    private static final String PATH = "/.well-known/rivulet-edge/" + EDGE;
    private static final HttpCheck CHECK = HttpCheck.anew(new SplittableRandom(7));
    private static final long PATIENCE_MS = 30_000;

    private final Names names = new Names();
    private final List<RawServer> servers = new ArrayList<>();
    private HttpProbe probe = new HttpProbe(names, Heartbeat::nowMs, PATIENCE_MS);

    /** Resolves as a test says, an address to itself; every further time to the next of several answers. */
    private static final class Names implements DnsResolver {
        private List<String[]> answers = List.of();
        private int asked;

        @Override
        public InetAddress[] resolve(String host) throws UnknownHostException {
            if (answers.isEmpty()) {
                return InetAddress.getAllByName(host);
            }
            List<InetAddress> addresses = new ArrayList<>();
            for (String address : answers.get(Math.min(asked++, answers.size() - 1))) {
                addresses.add(InetAddress.getByName(address));
            }
            return addresses.toArray(InetAddress[]::new);
        }

        @Override
        public String resolveCanonicalHostname(String host) {
            return host;
        }
    }

    @AfterEach
    void close() throws IOException {
        probe.close();
        for (RawServer server : servers) {
            server.close();
        }
    }

    @Test
    void theTokenIsFoundBelowTheBaseUrl() throws Exception {
        RawServer server = server(RawServer.body("200 OK", CHECK.token()));

        assertThat(look("http://127.0.0.1:" + server.port() + "/edges/one/")).isEqualTo(HttpChecked.REACHED);
        assertThat(server.paths).containsExactly("/edges/one" + PATH);
        assertThat(server.hosts).containsExactly("127.0.0.1:" + server.port());
    }

    @Test
    void aNameIsResolvedOnceAndItsAddressConnectedTo() throws Exception {
        RawServer server = server(RawServer.body("200 OK", CHECK.token()));
        names.answers = List.of(new String[] {LOOPBACK}, new String[] {"169.254.169.254"});

        assertThat(look("http://my_edge.example:" + server.port() + "/")).isEqualTo(HttpChecked.REACHED);
        assertThat(names.asked).isEqualTo(1);
        assertThat(server.hosts).containsExactly("my_edge.example:" + server.port());
    }

    @Test
    void anIpv6AddressIsWrittenAsUrlsDo() throws Exception {
        RawServer server = new RawServer("::1", RawServer.body("200 OK", CHECK.token()));
        servers.add(server);

        assertThat(look("http://[::1]:" + server.port() + "/", "::1")).isEqualTo(HttpChecked.REACHED);
        assertThat(server.hosts).containsExactly("[::1]:" + server.port());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "127.0.0.2",
                "10.1.2.3",
                "192.168.0.1",
                "169.254.169.254",
                "0.0.0.0",
                "::1",
                "fd00::1"
            })
    void anAddressThatIsNeitherPublicNorTheEdgesOwnIsNotAsked(String address) throws Exception {
        RawServer server = server(RawServer.body("200 OK", CHECK.token()));
        names.answers = List.<String[]>of(new String[] {address});

        String failed = look("http://edge.example:" + server.port() + "/", "192.168.0.7")
                .failed();

        assertThat(failed).isEqualTo(HttpChecked.ADDRESS);
        assertThat(server.paths).isEmpty();
    }

    @Test
    void anAddressThatMayNotBeTheEdgesOwnIsNotAsked() throws Exception {
        RawServer server = server(RawServer.body("200 OK", CHECK.token()));

        assertThat(look("http://127.0.0.1:" + server.port() + "/", null).failed())
                .isEqualTo(HttpChecked.ADDRESS);
        assertThat(server.paths).isEmpty();
    }

    @Test
    void ofSeveralAddressesOnlyThosePermittedAreAsked() throws Exception {
        RawServer server = server(RawServer.body("200 OK", CHECK.token()));
        names.answers = List.<String[]>of(new String[] {"10.0.0.1", "127.0.0.2", LOOPBACK});

        assertThat(look("http://edge.example:" + server.port() + "/")).isEqualTo(HttpChecked.REACHED);
    }

    @Test
    void aRedirectIsNotFollowed() throws Exception {
        RawServer victim = server(RawServer.body("200 OK", CHECK.token()));
        RawServer server =
                server(RawServer.text("HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: http://127.0.0.1:"
                        + victim.port() + PATH + "\r\n\r\n"));

        HttpChecked found = look("http://127.0.0.1:" + server.port() + "/");

        assertThat(found.failed()).isEqualTo(HttpChecked.ANSWER);
        assertThat(found.message()).contains("302");
        assertThat(victim.paths).isEmpty();
    }

    @Test
    void anythingButExactlyTheTokenIsSomethingElse() throws Exception {
        for (RawServer.Answer answer : Arrays.asList(
                RawServer.body("404 Not Found", CHECK.token()),
                RawServer.body("200 OK", ""),
                RawServer.body("200 OK", CHECK.token() + "\n"),
                RawServer.body("200 OK", CHECK.token().substring(1)),
                RawServer.body("200 OK", HttpCheck.anew(new SplittableRandom(8)).token()),
                (path, out) -> RawServer.body("200 OK", path).to(path, out),
                RawServer.body("204 No Content", ""),
                RawServer.text("220 mail.example ESMTP\r\n"),
                RawServer.text("HTTP/1.1 200 OK\r\nContent-Length: 43\r\n\r\nshort"),
                RawServer.text(""))) {
            RawServer server = server(answer);

            assertThat(look("http://127.0.0.1:" + server.port() + "/").failed()).isEqualTo(HttpChecked.ANSWER);
        }
    }

    @Test
    void whatNeverEndsIsBrokenOff() throws Exception {
        RawServer body = server((path, out) -> {
            write(out, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
            forever(out, "4\r\nabcd\r\n");
        });
        RawServer line = server((path, out) -> forever(out, "HTTP/1.1 200 OK "));
        RawServer header = server((path, out) -> {
            write(out, "HTTP/1.1 200 OK\r\n");
            forever(out, "X-A: b\r\n");
        });

        for (RawServer server : List.of(body, line, header)) {
            assertThat(look("http://127.0.0.1:" + server.port() + "/").failed()).isEqualTo(HttpChecked.ANSWER);
        }
    }

    @Test
    void whatTricklesIsGivenUpInTheEnd() throws Exception {
        probe.close();
        probe = new HttpProbe(names, Heartbeat::nowMs, 500);
        RawServer server = server((path, out) -> {
            write(out, "HTTP/1.1 200 OK\r\n");
            while (true) {
                write(out, "X");
                Thread.sleep(50);
            }
        });

        assertThat(look("http://127.0.0.1:" + server.port() + "/").failed()).isEqualTo(HttpChecked.LATE);
    }

    @Test
    void whoDoesNotListenIsSaidNotTo() throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }

        assertThat(look("http://127.0.0.1:" + port + "/"))
                .isEqualTo(new HttpChecked(HttpChecked.CONNECT, "the connection is refused"));
    }

    @Test
    void aNameThatDoesNotResolveIsSaidNotTo() throws Exception {
        assertThat(look("http://nowhere.invalid/").failed()).isEqualTo(HttpChecked.NAME);
    }

    @Test
    void aCertificateOfAnAuthorityThatNobodyKnowsIsNotAccepted(@TempDir Path folder) throws Exception {
        PemFiles files = TestCertificates.in(folder);
        new TestCertificates().write(files, TestCertificates.ec());
        ServerSocket listener = files.identity()
                .context()
                .getServerSocketFactory()
                .createServerSocket(0, 10, InetAddress.getLoopbackAddress());
        RawServer server = new RawServer(listener, RawServer.body("200 OK", CHECK.token()));
        servers.add(server);

        assertThat(look("https://127.0.0.1:" + server.port() + "/").failed()).isEqualTo(HttpChecked.CERTIFICATE);
        assertThat(server.paths).isEmpty();
    }

    private RawServer server(RawServer.Answer answer) throws IOException {
        RawServer server = new RawServer(LOOPBACK, answer);
        servers.add(server);
        return server;
    }

    private static void write(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.ISO_8859_1));
        out.flush();
    }

    private static void forever(OutputStream out, String text) throws IOException {
        while (true) {
            write(out, text.repeat(1000));
        }
    }

    private HttpChecked look(String base) throws Exception {
        return look(base, LOOPBACK);
    }

    private HttpChecked look(String base, String from) throws Exception {
        return probe.look(claim(base, from), CHECK, false).orElseThrow();
    }

    private static Claim claim(String base, String from) throws DecodeException, UnknownHostException {
        return new Claim(
                new SiteId("demo"),
                PeerId.parse(EDGE),
                ResourceUrl.parseBase(base),
                from == null ? null : InetAddress.getByName(from));
    }
}
