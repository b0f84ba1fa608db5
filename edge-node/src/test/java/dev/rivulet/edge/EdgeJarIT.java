package dev.rivulet.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rivulet.edge.catalog.TestEntries;
import dev.rivulet.edge.origin.TestOrigin;
import dev.rivulet.edge.store.TestContent;
import dev.rivulet.edge.tracker.Eventually;
import dev.rivulet.edge.tracker.TestTracker;
import dev.rivulet.protocol.TrackerCloseCode;
import dev.rivulet.protocol.id.ContentId;
import dev.rivulet.protocol.id.ResourceUrl;
import dev.rivulet.protocol.message.ClientMessage.Announce;
import dev.rivulet.protocol.message.ClientMessage.Hello;
import dev.rivulet.protocol.message.ClientMessage.Report;
import dev.rivulet.protocol.message.HttpCheck;
import dev.rivulet.protocol.message.HttpChecked;
import dev.rivulet.protocol.message.HttpReady;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What scripts and volunteers rely on, of the jar as it is built. */
final class EdgeJarIT {
    private static final int PIECE = 262_144;
    private static final long STOP_SECONDS = 30;

    @TempDir
    Path home;

    private final TestTracker tracker = new TestTracker();
    private final TestOrigin origin = new TestOrigin();
    private final TestContent content = TestContent.of(1, 4 * PIECE + 17);
    private final ResourceUrl url = origin.url("/file.bin");
    private final HttpClient client = HttpClient.newHttpClient();
    private final List<EdgeProcess> started = new ArrayList<>();

    @BeforeEach
    void publish() {
        origin.put("/file.bin", content);
        tracker.policy(TestEntries.policy("http://127.0.0.1:" + origin.port()));
        tracker.publish(url, content);
    }

    @AfterEach
    void close() throws InterruptedException {
        for (EdgeProcess each : started) {
            each.end();
        }
        tracker.close();
        origin.close();
    }

    @Test
    void itSaysItsVersionAndItsOptions() throws Exception {
        EdgeProcess version = start("--version");
        EdgeProcess help = start("run", "--help");

        assertThat(version.exitCode()).isZero();
        assertThat(version.stdout()).isEqualTo("rivulet-edge 0.1.0\n");
        assertThat(help.exitCode()).isZero();
        assertThat(help.stdout()).contains("--tracker", "--site", "--data", "--token", "--key", "--http", "--config");
    }

    @Test
    void itPrintsItsSettingsWithoutTheToken() throws Exception {
        EdgeProcess edge = start(with("--token", "very-secret", "--print-config"));

        assertThat(edge.exitCode()).isZero();
        assertThat(edge.stdout()).contains("site: demo", "token: '***'").doesNotContain("very-secret");
    }

    @Test
    void readyItServesAndOnSigtermItEndsCleanly() throws Exception {
        EdgeProcess edge = start(withHttp());

        assertThat(edge.ready()).matches("ready http://127\\.0\\.0\\.1:[1-9][0-9]*");
        assertThat(edge.stdout().lines()).hasSize(1);
        assertThat(get(edge.url() + "/healthz").statusCode()).isEqualTo(200);
        assertThat(tracker.next(Hello.class).http()).hasToString(edge.url() + "/");
        edge.terminate();

        assertThat(edge.exitCode(STOP_SECONDS)).isZero();
        assertThat(edge.stdout().lines()).hasSize(1);
    }

    @Test
    void theTrackersTokenIsShownWhileItIsConnectedAndWhatCameOfItSaid() throws Exception {
        EdgeProcess edge = start(withHttp());
        edge.ready();
        HttpCheck check = HttpCheck.anew(ThreadLocalRandom.current());
        String place = edge.url() + "/" + HttpCheck.pathOf(TestTracker.peer(1));
        assertThat(get(place).statusCode()).isEqualTo(404);

        tracker.send(check);
        tracker.next(HttpReady.class);
        assertThat(new String(get(place).body(), StandardCharsets.US_ASCII)).isEqualTo(check.token());
        tracker.send(new HttpChecked(HttpChecked.CONNECT, "the connection is refused"));
        String said = "the connection is refused; open TCP port "
                + URI.create(edge.url()).getPort();
        Eventually.holds("the log says so", () -> says(edge, said));

        tracker.closeAll(TrackerCloseCode.GOING_AWAY.code());
        Eventually.holds("the token is forgotten", () -> statusOf(place) == 404);
    }

    private int statusOf(String from) {
        try {
            return get(from).statusCode();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void sigtermWhileItWaitsForATrackerEndsItCleanlyToo() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            EdgeProcess edge =
                    start("--tracker", "http://127.0.0.1:" + silent.getLocalPort(), "--site", "demo", "--data", "data");
            Eventually.holds("it waits", () -> Files.exists(home.resolve("data/lock")));
            edge.terminate();

            assertThat(edge.exitCode(STOP_SECONDS)).isZero();
            assertThat(edge.stderr()).doesNotContain("Exception");
        }
    }

    @Test
    void withoutHttpItIsReadyAllTheSame() throws Exception {
        assertThat(start(with()).ready()).isEqualTo("ready");
        assertThat(tracker.next(Hello.class).http()).isNull();
    }

    @Test
    void aTakenPortIsNamed() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String address = "127.0.0.1:" + taken.getLocalPort();
            EdgeProcess edge = start(with("--http", address));

            assertThat(edge.exitCode()).isEqualTo(2);
            assertThat(lastLine(edge)).contains("http = " + address, "choose another");
            assertThat(edge.stdout()).isEmpty();
        }
    }

    @Test
    void badSettingsAreNamedInOneLine() throws Exception {
        Path file = Files.writeString(home.resolve("edge.yaml"), "site: demo\ndata: d\nmax-dsk: 1 GiB\n");
        EdgeProcess unknownKey = start("--config", file.toString(), "--tracker", "http://127.0.0.1:1");
        EdgeProcess badValue = start(with("--max-disk", "much"));
        EdgeProcess badFlag = start(with("--frobnicate"));

        assertThat(unknownKey.exitCode()).isEqualTo(2);
        assertThat(unknownKey.stderr().lines()).hasSize(1);
        assertThat(unknownKey.stderr()).contains("max-dsk");
        assertThat(badValue.exitCode()).isEqualTo(2);
        assertThat(badValue.stderr()).contains("max-disk = much", "10 GiB");
        assertThat(badFlag.exitCode()).isEqualTo(2);
        assertThat(badFlag.stderr().lines()).hasSize(1);
    }

    @Test
    void oneDataDirectoryIsForOneEdge() throws Exception {
        start(with()).ready();
        EdgeProcess second = start(with());

        assertThat(second.exitCode()).isEqualTo(2);
        assertThat(lastLine(second)).contains("data = ", "in use");
    }

    @Test
    void aRefusalOfTheTrackerIsExplained() throws Exception {
        tracker.refuse(TrackerCloseCode.UNAUTHORIZED.code());
        EdgeProcess unauthorized = start(with());
        assertThat(unauthorized.exitCode()).isEqualTo(2);
        assertThat(lastLine(unauthorized)).contains("token: is needed");

        tracker.refuse(TrackerCloseCode.UNKNOWN_SITE.code());
        EdgeProcess unknown = start(with());
        assertThat(unknown.exitCode()).isEqualTo(2);
        assertThat(lastLine(unknown)).contains("site = demo");
    }

    @Test
    void aWrongKeyIsExplained() throws Exception {
        EdgeProcess edge = start(with("--key", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"));

        assertThat(edge.exitCode()).isEqualTo(2);
        assertThat(lastLine(edge)).contains("key = AAAAAA", "data-key");
    }

    @Test
    void aRevokedEdgeEnds() throws Exception {
        EdgeProcess edge = start(with());
        edge.ready();

        tracker.closeAll(TrackerCloseCode.REVOKED.code());

        assertThat(edge.exitCode()).isEqualTo(2);
        assertThat(lastLine(edge)).contains("revoked");
    }

    @Test
    void aTokenTakenAwayIsAskedForAgainUntilItIsAccepted() throws Exception {
        EdgeProcess edge = start(with());
        edge.ready();

        tracker.refuse(TrackerCloseCode.UNAUTHORIZED.code());
        tracker.closeAll(TrackerCloseCode.UNAUTHORIZED.code());
        Eventually.holds("the log says so", () -> says(edge, "refused, as not before"));
        tracker.refuse(0);

        Eventually.holds("it is welcomed again", () -> tracker.welcomes() == 2);
    }

    @Test
    void whoWasWelcomedOnceServesOnThoughItIsRefusedAfterARestart() throws Exception {
        EdgeProcess first = start(withHttp());
        first.ready();
        first.terminate();
        assertThat(first.exitCode(STOP_SECONDS)).isZero();

        tracker.refuse(TrackerCloseCode.FORBIDDEN.code());
        EdgeProcess second = start(withHttp());
        assertThat(get(second.url() + "/healthz").statusCode()).isEqualTo(200);
        assertThat(second.stderr()).contains("refuses this edge, which it welcomed before", "ask its operator");
        second.kill();

        tracker.refuse(TrackerCloseCode.UNAUTHORIZED.code());
        EdgeProcess withAnotherToken = start(with("--token", "mistyped"));
        assertThat(withAnotherToken.exitCode()).isEqualTo(2);
        assertThat(lastLine(withAnotherToken)).contains("token: is not accepted");
    }

    @Test
    void whatItPulledThroughItServesAfterAKillWithoutOriginAndTracker() throws Exception {
        EdgeProcess first = start(withHttp());
        for (int index = 0; index < content.pieces(); index++) {
            assertPiece(get(pieceUrl(first, index) + "?url=" + encoded(url)), index);
        }
        assertThat(origin.bytes()).as("the origin sends one copy").isEqualTo(content.bytes().length);
        Announce announce = tracker.next(Announce.class);
        while (!announce.have().contains(content.id())) {
            announce = tracker.next(Announce.class);
        }
        awaitHeld(first);

        first.kill();
        origin.close();
        tracker.stop();
        EdgeProcess second = start(withHttp());

        for (int index = 0; index < content.pieces(); index++) {
            assertPiece(get(pieceUrl(second, index)), index);
        }
        assertThat(second.stderr()).contains("cannot be reached");
        tracker.start();
        Eventually.holds("it has found the tracker", () -> tracker.welcomes() == 2);
    }

    @Test
    void killedWithPartOfAResourceItFetchesOnlyTheRest() throws Exception {
        EdgeProcess first = start(withHttp());
        for (int index : new int[] {0, 2}) {
            String piece = pieceUrl(first, index);
            assertPiece(get(piece + "?url=" + encoded(url)), index);
            Eventually.holds("it is held", () -> status(piece) == 200);
        }
        assertThat(origin.bytes()).isEqualTo(2 * PIECE);

        first.kill();
        EdgeProcess second = start(withHttp());
        for (int index = 0; index < content.pieces(); index++) {
            assertPiece(get(pieceUrl(second, index) + "?url=" + encoded(url)), index);
        }

        assertThat(origin.bytes()).as("the origin sends one copy").isEqualTo(content.bytes().length);
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void theWebRtcProcessKnowsNoSecretAndEndsWithTheEdge() throws Exception {
        EdgeProcess edge = start(with("--token", "very-secret"));
        edge.ready();
        ProcessHandle child = edge.children().get(0);
        Path proc = Path.of("/proc", String.valueOf(child.pid()));

        assertThat(Files.readString(proc.resolve("cmdline"), StandardCharsets.ISO_8859_1))
                .contains("WebRtcMain")
                .doesNotContain("very-secret");
        assertThat(Files.readString(proc.resolve("environ"), StandardCharsets.ISO_8859_1))
                .doesNotContain("very-secret", "RIVULET", EdgeProcess.MARKER);
        assertThat(Files.getPosixFilePermissions(home.resolve("data/webrtc")))
                .isEqualTo(PosixFilePermissions.fromString("rwx------"));
        edge.kill();

        Eventually.holds("the WebRTC process ends", () -> !child.isAlive());
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void theWebRtcProcessIsBackWhenItWasKilled() throws Exception {
        EdgeProcess edge = start(withHttp());
        edge.ready();
        ProcessHandle child = edge.children().get(0);

        child.destroyForcibly();
        Eventually.holds(
                "there is another", () -> edge.children().stream().anyMatch(each -> each.pid() != child.pid()));
        Eventually.holds("it is ready", () -> says(edge, "WebRTC process 2 (pid"));

        assertThat(edge.stderr()).contains("the WebRTC process 1 died");
        assertThat(get(edge.url() + "/healthz").statusCode()).isEqualTo(200);
        ProcessHandle successor = edge.children().get(0);
        edge.terminate();
        assertThat(edge.exitCode(STOP_SECONDS)).isZero();
        Eventually.holds("the WebRTC process ends", () -> !successor.isAlive());
    }

    @Test
    void wrongBytesOfTheOriginAreReportedAndNotServed() throws Exception {
        origin.put("/file.bin", TestContent.of(2, content.bytes().length));
        EdgeProcess edge = start(withHttp());

        HttpResponse<byte[]> response = get(pieceUrl(edge, 0) + "?url=" + encoded(url));

        assertThat(response.statusCode()).isEqualTo(502);
        // the first report, as it joins, may have come before
        Report report = tracker.next(Report.class, told -> !told.contradicted().isEmpty());
        assertThat(report.contradicted()).containsExactly(url);
        assertThat(get(pieceUrl(edge, 0)).statusCode()).isEqualTo(404);
    }

    @Test
    void whatLeavesTheCatalogIsServedNoMore() throws Exception {
        EdgeProcess edge = start(withHttp());
        assertPiece(get(pieceUrl(edge, 1) + "?url=" + encoded(url)), 1);

        String piece = pieceUrl(edge, 1);

        tracker.remove(url);

        Eventually.holds("it is gone", () -> status(piece) == 404);
    }

    @Test
    void killedWhileItFetchesItNeverServesAWrongByte() throws Exception {
        List<TestContent> contents = new ArrayList<>();
        for (int number = 0; number < 8; number++) {
            TestContent each = TestContent.of(100 + number, 3 * PIECE + number);
            contents.add(each);
            origin.put("/" + number, each);
            tracker.publish(origin.url("/" + number), each);
        }
        for (int round = 0; round < 4; round++) {
            EdgeProcess edge = start(withHttp());
            String base = edge.url();
            CompletableFuture<?>[] all = contents.stream()
                    .map(each -> client.sendAsync(
                            HttpRequest.newBuilder(URI.create(base + "/pieces/" + each.id() + "/1?url="
                                            + encoded(origin.url("/" + contents.indexOf(each)))))
                                    .build(),
                            HttpResponse.BodyHandlers.ofByteArray()))
                    .toArray(CompletableFuture<?>[]::new);
            Thread.sleep(ThreadLocalRandom.current().nextInt(60));
            edge.kill();
            Arrays.stream(all).forEach(EdgeJarIT::ended);
        }
        origin.close();

        EdgeProcess last = start(withHttp());
        String base = last.url();
        for (TestContent each : contents) {
            for (int index = 0; index < each.pieces(); index++) {
                HttpResponse<byte[]> response = get(base + "/pieces/" + each.id() + "/" + index);
                if (response.statusCode() == 200) {
                    assertThat(response.body()).isEqualTo(bytes(each, index));
                } else {
                    assertThat(response.statusCode()).isEqualTo(404);
                }
            }
        }
    }

    private static void ended(Future<?> future) {
        try {
            future.get();
        } catch (ExecutionException | InterruptedException killed) {
            assertThat(killed).isNotInstanceOf(InterruptedException.class);
        }
    }

    private EdgeProcess start(String... arguments) throws IOException {
        EdgeProcess process = EdgeProcess.start(home, List.of(arguments));
        started.add(process);
        return process;
    }

    private static boolean says(EdgeProcess edge, String text) {
        try {
            return edge.stderr().contains(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String[] withHttp() {
        return with("--http", "127.0.0.1:0");
    }

    private String[] with(String... more) {
        List<String> arguments = new ArrayList<>(
                List.of("run", "--tracker", tracker.base().toString(), "--site", "demo", "--data", "data"));
        arguments.addAll(List.of(more));
        return arguments.toArray(String[]::new);
    }

    private String pieceUrl(EdgeProcess edge, int index) throws Exception {
        return pieceUrl(edge.url(), content.id(), index);
    }

    private static String pieceUrl(String base, ContentId id, int index) {
        return base + "/pieces/" + id + "/" + index;
    }

    private void awaitHeld(EdgeProcess edge) throws Exception {
        String base = edge.url();
        for (int index = 0; index < content.pieces(); index++) {
            String piece = pieceUrl(base, content.id(), index);
            Eventually.holds("piece " + index + " is held", () -> status(piece) == 200);
        }
    }

    private void assertPiece(HttpResponse<byte[]> response, int index) {
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).isEqualTo(bytes(content, index));
    }

    private static byte[] bytes(TestContent content, int index) {
        byte[] bytes = new byte[content.layout().length(index)];
        content.piece(index).get(bytes);
        return bytes;
    }

    private int status(String from) {
        try {
            return get(from).statusCode();
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private HttpResponse<byte[]> get(String from) throws IOException, InterruptedException {
        return client.send(HttpRequest.newBuilder(URI.create(from)).build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    private static String encoded(ResourceUrl url) {
        return URLEncoder.encode(url.text(), StandardCharsets.UTF_8);
    }

    private static String lastLine(EdgeProcess edge) throws IOException {
        return edge.stderr().lines().reduce((first, second) -> second).orElse("");
    }
}
