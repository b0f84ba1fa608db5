package dev.rivulet.tracker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rivulet.protocol.id.ContentId;
import dev.rivulet.protocol.id.Sha256;
import dev.rivulet.protocol.id.SiteId;
import dev.rivulet.protocol.message.ClientMessage.Hello;
import dev.rivulet.protocol.message.ClientMessage.Lookup;
import dev.rivulet.protocol.message.Role;
import dev.rivulet.protocol.message.TrackerMessage.Peers;
import dev.rivulet.protocol.message.TrackerMessage.Welcome;
import dev.rivulet.tracker.tls.PemFiles;
import dev.rivulet.tracker.tls.TestCertificates;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The tracker with a certificate of its own. */
final class TlsIT {
    private static final long LOOK_AGAIN_MS = 100;
    private static final ContentId CONTENT = new ContentId(Sha256.of(new byte[] {1}));
    private static final Hello HELLO =
            new Hello(new SiteId("demo"), Role.PAGE, "it", null, null, List.of(), null, null);

    @TempDir
    Path folder;

    private final TestCertificates certificates = new TestCertificates();
    private final KeyPair key = TestCertificates.ec();
    private PemFiles files;
    private TestTracker tracker;

    TlsIT() throws Exception {}

    @BeforeEach
    void start() throws Exception {
        files = TestCertificates.in(folder);
        certificates.write(files, key);
        tracker = TestTracker.start(
                folder.resolve("data"),
                Map.of(
                        "tls-certificate",
                        files.certificate().toString(),
                        "tls-key",
                        files.key().toString()));
    }

    @AfterEach
    void end() throws Exception {
        tracker.close();
    }

    @Test
    void pagesAreAnsweredOverHttp2AndSignalledOverTls() throws Exception {
        HttpClient client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_2)
                .sslContext(certificates.trust())
                .build();
        HttpResponse<String> answer = client.send(
                HttpRequest.newBuilder(URI.create("https://" + tracker.address() + "/sites/demo/catalog"))
                        .build(),
                HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.version()).isEqualTo(HttpClient.Version.HTTP_2);

        TestPeer page = TestPeer.connect("wss://" + tracker.address() + "/", TestTracker.ORIGIN, certificates.trust());
        page.say(HELLO);
        assertThat(page.hear(Welcome.class).peer()).isNotNull();
        page.closeBlocking();
    }

    @Test
    void aRenewedCertificateIsShownToWhoConnectsThenAndConnectionsStay() throws Exception {
        TestPeer before =
                TestPeer.connect("wss://" + tracker.address() + "/", TestTracker.ORIGIN, certificates.trust());
        before.say(HELLO);
        before.hear(Welcome.class);
        X509Certificate first = certificates.shown(tracker.port());
        assertThat(first.getPublicKey()).isEqualTo(key.getPublic());

        KeyPair renewed = TestCertificates.rsa();
        certificates.write(files, renewed);

        X509Certificate shown = first;
        long giveUp = System.nanoTime() + TimeUnit.SECONDS.toNanos(TestPeer.PATIENCE_SECONDS);
        while (shown.equals(first) && System.nanoTime() < giveUp) {
            Thread.sleep(LOOK_AGAIN_MS);
            shown = certificates.shown(tracker.port());
        }
        assertThat(shown.getPublicKey()).isEqualTo(renewed.getPublic());
        assertThat(before.isOpen()).isTrue();
        before.say(new Lookup(5, List.of(CONTENT), 1, List.of()));
        assertThat(before.hear(Peers.class)).isNotNull();
        before.closeBlocking();
    }

    @Test
    void ciphersOfFormerTimesAreRefused() throws Exception {
        try (SSLSocket socket =
                (SSLSocket) certificates.trust().getSocketFactory().createSocket("127.0.0.1", tracker.port())) {
            socket.setEnabledProtocols(new String[] {"TLSv1.2"});
            socket.setEnabledCipherSuites(new String[] {"TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256"});

            assertThatThrownBy(socket::startHandshake).isInstanceOf(IOException.class);
        }
    }

    @Test
    void linksAndTagsThatLocalCommandsPrintLeadToWhereEverybodyAsks() throws Exception {
        assertThat(local("POST", "/operators", "{\"name\":\"ada\",\"role\":\"viewer\"}"))
                .contains("\"https://" + tracker.address() + "/dashboard#setup=");
        assertThat(local("POST", "/setup/link", "")).contains("\"https://" + tracker.address() + "/dashboard#setup=");
        assertThat(local("GET", "/sites/demo/snippet", "")).contains("https://" + tracker.address() + "/rivulet.js");
    }

    @Test
    void linksLeadToTheOperatorsOwnAddressAndTagsToTheVisitors() throws Exception {
        tracker.close();
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        Map<String, String> apart = Map.of(
                "tls-certificate",
                files.certificate().toString(),
                "tls-key",
                files.key().toString(),
                "operator-listen",
                "127.0.0.1:" + port);
        tracker = TestTracker.start(folder.resolve("data"), apart);

        assertThat(local("POST", "/setup/link", "")).contains("\"https://127.0.0.1:" + port + "/dashboard#setup=");
        assertThat(local("GET", "/sites/demo/snippet", "")).contains("https://" + tracker.address() + "/rivulet.js");
    }

    private String local(String method, String path, String body) throws Exception {
        return RunningTracker.order(folder.resolve("data"), method, path, body).orElseThrow();
    }

    @Test
    void localCommandsReachIt() throws Exception {
        assertThat(RunningTracker.order(folder.resolve("data"), "GET", "/enrolments", ""))
                .isPresent();
    }
}
