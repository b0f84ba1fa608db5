package dev.rivulet.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rivulet.edge.store.TestContent;
import dev.rivulet.edge.tracker.Eventually;
import dev.rivulet.edge.tracker.TestTracker;
import dev.rivulet.protocol.TrackerCloseCode;
import dev.rivulet.protocol.id.ResourceUrl;
import dev.rivulet.protocol.message.ClientMessage.Announce;
import dev.rivulet.protocol.message.ClientMessage.Hello;
import dev.rivulet.protocol.message.ClientMessage.Report;
import dev.rivulet.protocol.message.HttpCheck;
import dev.rivulet.protocol.message.HttpChecked;
import dev.rivulet.protocol.message.HttpReady;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
    private static final long STOP_SECONDS = 30;

    @TempDir
    Path home;

    private DemoSite site;

    @BeforeEach
    void publish() {
        site = new DemoSite(home, 4 * DemoSite.PIECE + 17);
    }

    @AfterEach
    void close() {
        site.close();
    }

    @Test
    void itSaysItsVersionAndItsOptions() throws Exception {
        EdgeProcess version = site.jar("--version");
        EdgeProcess help = site.jar("run", "--help");

        assertThat(version.exitCode()).isZero();
        assertThat(version.stdout()).isEqualTo("rivulet-edge 0.1.0\n");
        assertThat(help.exitCode()).isZero();
        assertThat(help.stdout()).contains("--tracker", "--site", "--data", "--token", "--key", "--http", "--config");
    }

    @Test
    void itPrintsItsSettingsWithoutTheToken() throws Exception {
        EdgeProcess edge = site.edge("--token", "very-secret", "--print-config");

        assertThat(edge.exitCode()).isZero();
        assertThat(edge.stdout()).contains("site: demo", "token: '***'").doesNotContain("very-secret");
    }

    @Test
    void withoutAnEdgeTheStatusSaysWhyNobodyAnswers() throws Exception {
        int closed;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            closed = socket.getLocalPort();
        }

        EdgeProcess refused = site.jar("status", "--once", "--status", "127.0.0.1:" + closed);

        assertThat(refused.exitCode()).isEqualTo(1);
        assertThat(refused.lastLine())
                .isEqualTo("rivulet-edge: no edge answers at http://127.0.0.1:" + closed
                        + "/status.json (connection refused); is it running, and with this status address?");
    }

    @Test
    void readyItServesAndOnSigtermItEndsCleanly() throws Exception {
        EdgeProcess edge = site.gateway();

        assertThat(edge.ready()).matches("ready http://127\\.0\\.0\\.1:[1-9][0-9]*");
        assertThat(edge.stdout().lines()).hasSize(1);
        assertThat(site.get(edge.url() + "/healthz").statusCode()).isEqualTo(200);
        assertThat(site.tracker.next(Hello.class).http()).hasToString(edge.url() + "/");
        edge.terminate();

        assertThat(edge.exitCode(STOP_SECONDS)).isZero();
        assertThat(edge.stdout().lines()).hasSize(1);
    }

    @Test
    void theTrackersTokenIsShownWhileItIsConnectedAndWhatCameOfItSaid() throws Exception {
        EdgeProcess edge = site.gateway();
        edge.ready();
        HttpCheck check = HttpCheck.anew(ThreadLocalRandom.current());
        String place = edge.url() + "/" + HttpCheck.pathOf(TestTracker.peer(1));
        assertThat(site.get(place).statusCode()).isEqualTo(404);

        site.tracker.send(check);
        site.tracker.next(HttpReady.class);
        assertThat(new String(site.get(place).body(), StandardCharsets.US_ASCII))
                .isEqualTo(check.token());
        site.tracker.send(new HttpChecked(HttpChecked.CONNECT, "the connection is refused"));
        String said = "the connection is refused; open TCP port "
                + URI.create(edge.url()).getPort();
        Eventually.holds("the log says so", () -> edge.says(said));

        site.tracker.closeAll(TrackerCloseCode.GOING_AWAY.code());
        Eventually.holds("the token is forgotten", () -> site.status(place) == 404);
    }

    @Test
    void sigtermWhileItWaitsForATrackerEndsItCleanlyToo() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            EdgeProcess edge = site.jar(
                    "--tracker", "http://127.0.0.1:" + silent.getLocalPort(), "--site", "demo", "--data", "data");
            Eventually.holds("it waits", () -> Files.exists(site.data().resolve("lock")));
            edge.terminate();

            assertThat(edge.exitCode(STOP_SECONDS)).isZero();
            assertThat(edge.stderr()).doesNotContain("Exception");
        }
    }

    @Test
    void withoutHttpItIsReadyAllTheSame() throws Exception {
        assertThat(site.edge().ready()).isEqualTo("ready");
        assertThat(site.tracker.next(Hello.class).http()).isNull();
    }

    @Test
    void aTakenPortIsNamed() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String address = "127.0.0.1:" + taken.getLocalPort();
            EdgeProcess edge = site.edge("--http", address);

            assertThat(edge.exitCode()).isEqualTo(2);
            assertThat(edge.lastLine()).contains("http = " + address, "choose another");
            assertThat(edge.stdout()).isEmpty();
        }
    }

    @Test
    void badSettingsAreNamedInOneLine() throws Exception {
        Path file = Files.writeString(home.resolve("edge.yaml"), "site: demo\ndata: d\nmax-dsk: 1 GiB\n");
        EdgeProcess unknownKey = site.jar("--config", file.toString(), "--tracker", "http://127.0.0.1:1");
        EdgeProcess badValue = site.edge("--max-disk", "much");
        EdgeProcess badFlag = site.edge("--frobnicate");

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
        site.edge().ready();
        EdgeProcess second = site.edge();

        assertThat(second.exitCode()).isEqualTo(2);
        assertThat(second.lastLine()).contains("data = ", "in use");
    }

    @Test
    void aRefusalOfTheTrackerIsExplained() throws Exception {
        site.tracker.refuse(TrackerCloseCode.UNAUTHORIZED.code());
        EdgeProcess unauthorized = site.edge();
        assertThat(unauthorized.exitCode()).isEqualTo(2);
        assertThat(unauthorized.lastLine()).contains("token: is needed");

        site.tracker.refuse(TrackerCloseCode.UNKNOWN_SITE.code());
        EdgeProcess unknown = site.edge();
        assertThat(unknown.exitCode()).isEqualTo(2);
        assertThat(unknown.lastLine()).contains("site = demo");
    }

    @Test
    void aWrongKeyIsExplained() throws Exception {
        EdgeProcess edge = site.edge("--key", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");

        assertThat(edge.exitCode()).isEqualTo(2);
        assertThat(edge.lastLine()).contains("key = AAAAAA", "data-key");
    }

    @Test
    void aRevokedEdgeEnds() throws Exception {
        EdgeProcess edge = site.edge();
        edge.ready();

        site.tracker.closeAll(TrackerCloseCode.REVOKED.code());

        assertThat(edge.exitCode()).isEqualTo(2);
        assertThat(edge.lastLine()).contains("revoked");
    }

    @Test
    void aTokenTakenAwayIsAskedForAgainUntilItIsAccepted() throws Exception {
        EdgeProcess edge = site.edge();
        edge.ready();

        site.tracker.refuse(TrackerCloseCode.UNAUTHORIZED.code());
        site.tracker.closeAll(TrackerCloseCode.UNAUTHORIZED.code());
        Eventually.holds("the log says so", () -> edge.says("refused, as not before"));
        site.tracker.refuse(0);

        Eventually.holds("it is welcomed again", () -> site.tracker.welcomes() == 2);
    }

    @Test
    void whoWasWelcomedOnceServesOnThoughItIsRefusedAfterARestart() throws Exception {
        EdgeProcess first = site.gateway();
        first.ready();
        first.terminate();
        assertThat(first.exitCode(STOP_SECONDS)).isZero();

        site.tracker.refuse(TrackerCloseCode.FORBIDDEN.code());
        EdgeProcess second = site.gateway();
        assertThat(site.get(second.url() + "/healthz").statusCode()).isEqualTo(200);
        assertThat(second.stderr()).contains("refuses this edge, which it welcomed before", "ask its operator");
        second.kill();

        site.tracker.refuse(TrackerCloseCode.UNAUTHORIZED.code());
        EdgeProcess withAnotherToken = site.edge("--token", "mistyped");
        assertThat(withAnotherToken.exitCode()).isEqualTo(2);
        assertThat(withAnotherToken.lastLine()).contains("token: is not accepted");
    }

    @Test
    void whatItPulledThroughItServesAfterAKillWithoutOriginAndTracker() throws Exception {
        EdgeProcess first = site.gateway();
        for (int index = 0; index < site.content.pieces(); index++) {
            site.assertPiece(first, index);
        }
        assertThat(site.origin.bytes()).as("the origin sends one copy").isEqualTo(site.content.bytes().length);
        var unused = site.tracker.next(Announce.class, told -> told.have().contains(site.content.id()));
        for (int index = 0; index < site.content.pieces(); index++) {
            awaitHeld(first, index);
        }

        first.kill();
        site.origin.close();
        site.tracker.stop();
        EdgeProcess second = site.gateway();

        for (int index = 0; index < site.content.pieces(); index++) {
            site.assertHeldPiece(second, index);
        }
        assertThat(second.stderr()).contains("cannot be reached");
        site.tracker.start();
        Eventually.holds("it has found the tracker", () -> site.tracker.welcomes() == 2);
    }

    @Test
    void killedWithPartOfAResourceItFetchesOnlyTheRest() throws Exception {
        EdgeProcess first = site.gateway();
        for (int index : new int[] {0, 2}) {
            site.assertPiece(first, index);
            awaitHeld(first, index);
        }
        assertThat(site.origin.bytes()).isEqualTo(2 * DemoSite.PIECE);

        first.kill();
        EdgeProcess second = site.gateway();
        for (int index = 0; index < site.content.pieces(); index++) {
            site.assertPiece(second, index);
        }

        assertThat(site.origin.bytes()).as("the origin sends one copy").isEqualTo(site.content.bytes().length);
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void theWebRtcProcessKnowsNoSecretAndEndsWithTheEdge() throws Exception {
        EdgeProcess edge = site.edge("--token", "very-secret");
        edge.ready();
        ProcessHandle child = edge.children().get(0);
        Path proc = Path.of("/proc", String.valueOf(child.pid()));

        assertThat(Files.readString(proc.resolve("cmdline"), StandardCharsets.ISO_8859_1))
                .contains("WebRtcMain")
                .doesNotContain("very-secret");
        assertThat(Files.readString(proc.resolve("environ"), StandardCharsets.ISO_8859_1))
                .doesNotContain("very-secret", "RIVULET", EdgeProcess.MARKER);
        assertThat(Files.getPosixFilePermissions(site.data().resolve("webrtc")))
                .isEqualTo(PosixFilePermissions.fromString("rwx------"));
        edge.kill();

        Eventually.holds("the WebRTC process ends", () -> !child.isAlive());
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void theWebRtcProcessIsBackWhenItWasKilled() throws Exception {
        EdgeProcess edge = site.gateway();
        edge.ready();
        ProcessHandle child = edge.children().get(0);

        child.destroyForcibly();
        Eventually.holds(
                "there is another", () -> edge.children().stream().anyMatch(each -> each.pid() != child.pid()));
        Eventually.holds("it is ready", () -> edge.says("WebRTC process 2 (pid"));

        assertThat(edge.stderr()).contains("the WebRTC process 1 died");
        assertThat(site.get(edge.url() + "/healthz").statusCode()).isEqualTo(200);
        ProcessHandle successor = edge.children().get(0);
        edge.terminate();
        assertThat(edge.exitCode(STOP_SECONDS)).isZero();
        Eventually.holds("the WebRTC process ends", () -> !successor.isAlive());
    }

    @Test
    void wrongBytesOfTheOriginAreReportedAndNotServed() throws Exception {
        site.origin.put(DemoSite.PATH, TestContent.of(2, site.content.bytes().length));
        EdgeProcess edge = site.gateway();

        HttpResponse<byte[]> response = site.get(site.piece(edge, 0));

        assertThat(response.statusCode()).isEqualTo(502);
        // the first report, as it joins, may have come before
        Report report =
                site.tracker.next(Report.class, told -> !told.contradicted().isEmpty());
        assertThat(report.contradicted()).containsExactly(site.url);
        assertThat(site.get(site.heldPiece(edge, 0)).statusCode()).isEqualTo(404);
    }

    @Test
    void whatLeavesTheCatalogIsServedNoMore() throws Exception {
        EdgeProcess edge = site.gateway();
        site.assertPiece(edge, 1);
        String piece = site.heldPiece(edge, 1);

        site.tracker.remove(site.url);

        Eventually.holds("it is gone", () -> site.status(piece) == 404);
    }

    @Test
    void killedWhileItFetchesItNeverServesAWrongByte() throws Exception {
        Map<ResourceUrl, TestContent> contents = new HashMap<>();
        for (int number = 0; number < 8; number++) {
            TestContent each = TestContent.of(100 + number, 3 * DemoSite.PIECE + number);
            contents.put(site.publish("/" + number, each), each);
        }
        for (int round = 0; round < 4; round++) {
            EdgeProcess edge = site.gateway();
            String base = edge.url();
            List<CompletableFuture<?>> all = new ArrayList<>();
            contents.forEach((url, each) -> all.add(site.ask(DemoSite.piece(base, each.id(), 1) + DemoSite.from(url))));
            Thread.sleep(ThreadLocalRandom.current().nextInt(60));
            edge.kill();
            all.forEach(EdgeJarIT::ended);
        }
        site.origin.close();

        EdgeProcess last = site.gateway();
        String base = last.url();
        for (TestContent each : contents.values()) {
            for (int index = 0; index < each.pieces(); index++) {
                HttpResponse<byte[]> response = site.get(DemoSite.piece(base, each.id(), index));
                if (response.statusCode() == 200) {
                    assertThat(ByteBuffer.wrap(response.body())).isEqualTo(each.piece(index));
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

    private void awaitHeld(EdgeProcess edge, int index) throws Exception {
        String piece = site.heldPiece(edge, index);
        Eventually.holds("piece " + index + " is held", () -> site.status(piece) == 200);
    }
}
