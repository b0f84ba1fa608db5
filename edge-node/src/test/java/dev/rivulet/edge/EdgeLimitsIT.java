package dev.rivulet.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rivulet.edge.figures.StatusReport;
import dev.rivulet.edge.figures.StatusServer;
import dev.rivulet.edge.tracker.Eventually;
import dev.rivulet.protocol.message.ClientMessage.Announce;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The limits of an edge as a volunteer runs it, and what it says about itself. */
final class EdgeLimitsIT {
    private static final int PIECE = DemoSite.PIECE;
    private static final int PIECES = 5;
    private static final int MIB = 1 << 20;

    @TempDir
    Path home;

    private DemoSite site;

    @BeforeEach
    void publish() {
        site = new DemoSite(home, PIECES * PIECE);
    }

    @AfterEach
    void close() {
        site.close();
    }

    private EdgeProcess start(String... more) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("--max-peers", "0"));
        arguments.addAll(List.of(more));
        return site.gateway(arguments.toArray(String[]::new));
    }

    private double secondsToGetAll(EdgeProcess edge) throws Exception {
        edge.ready();
        long began = System.nanoTime();
        for (int index = 0; index < PIECES; index++) {
            site.assertPiece(edge, index);
        }
        return (System.nanoTime() - began) / 1e9;
    }

    /** For so many pieces at half a MiB a second, with a burst of a quarter of a second before. */
    private static double leastSeconds(int pieces) {
        double rate = MIB / 2.0;
        return (pieces * PIECE - rate / 4) / rate;
    }

    @Test
    void thatNobodyCanConnectIsSaidUntilSomebodyCan() throws Exception {
        EdgeProcess alone = site.edge("--max-peers", "0");

        assertThat(site.report(alone).notServing()).contains("nobody can connect", "max-peers is 0", "set http");
        HttpResponse<byte[]> health = site.get(alone.statusUrl() + "/healthz");
        assertThat(health.statusCode()).isEqualTo(503);
        assertThat(new String(health.body(), StandardCharsets.UTF_8)).contains("nobody can connect");
        assertThat(site.text(alone.statusUrl() + "/metrics")).contains("rivulet_edge_serving 0.0");
        alone.kill();

        EdgeProcess gateway = start();
        assertThat(site.report(gateway).notServing()).isNull();
        assertThat(site.report(gateway).webRtc().problem()).contains("max-peers is 0");
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void withoutAGatewayItServesWhileAWebRtcProcessIsReady() throws Exception {
        EdgeProcess edge = site.edge();
        assertThat(site.report(edge).notServing()).isNull();
        assertThat(site.report(edge).webRtc().processes()).isEqualTo(1);
        assertThat(site.report(edge).webRtc().residentBytes()).isGreaterThan(10 * MIB);

        edge.children().forEach(ProcessHandle::destroyForcibly);
        Eventually.holds(
                "it is back",
                () -> site.report(edge).webRtc().died() == 1
                        && site.report(edge).notServing() == null);
    }

    @Test
    void whatIsHeldLeavesNoFasterThanTheUploadRate() throws Exception {
        EdgeProcess edge = start("--upload-rate", "512 KiB");

        assertThat(secondsToGetAll(edge)).isGreaterThanOrEqualTo(leastSeconds(PIECES));
        assertThat(site.report(edge).traffic().sentHttpBytes()).isEqualTo(PIECES * PIECE);
    }

    @Test
    void whatIsFetchedComesNoFasterThanTheDownloadRate() throws Exception {
        EdgeProcess edge = start("--download-rate", "512 KiB");

        assertThat(secondsToGetAll(edge)).isGreaterThanOrEqualTo(leastSeconds(PIECES));
        assertThat(site.report(edge).traffic().fetchedOriginBytes()).isEqualTo(PIECES * PIECE);
    }

    @Test
    void anOriginWithoutRangesIsReadNoFasterThanTheDownloadRateEither() throws Exception {
        site.origin.withoutRanges();
        EdgeProcess edge = start("--download-rate", "512 KiB");
        edge.ready();

        long began = System.nanoTime();
        site.assertPiece(edge, 0);
        Eventually.holds("all is there", () -> site.report(edge).store().pieces() == PIECES);

        // The last piece was not waited for before it was kept.
        assertThat((System.nanoTime() - began) / 1e9).isGreaterThanOrEqualTo(leastSeconds(PIECES - 1));
    }

    @Test
    void usedUpTheMonthsTransferStaysSoAcrossAKillUntilItIsRaised() throws Exception {
        EdgeProcess edge = start("--monthly-transfer", "1 MiB");
        site.assertPiece(edge, 0);
        var unused =
                site.tracker.next(Announce.class, announce -> announce.have().contains(site.content.id()));
        site.assertPiece(edge, 1);
        // Two pieces came and went: a MiB. The count is taken every second.
        Eventually.holds("it is used up", () -> site.report(edge).notServing() != null);
        assertThat(site.report(edge).notServing()).contains("monthly transfer", "monthly-transfer");

        HttpResponse<byte[]> refused = site.get(site.piece(edge, 0));

        assertThat(refused.statusCode()).isEqualTo(503);
        assertThat(refused.headers().firstValue("content-type")).hasValue("application/problem+json");
        assertThat(refused.headers().firstValueAsLong("retry-after").orElse(0)).isPositive();
        assertThat(edge.lines("is used up: nothing is served until")).isEqualTo(1);
        unused = site.tracker.next(Announce.class, announce -> announce.drop().contains(site.content.id()));
        edge.kill();

        EdgeProcess again = start("--monthly-transfer", "1 MiB");
        again.ready();
        assertThat(site.get(site.piece(again, 0)).statusCode()).isEqualTo(503);
        assertThat(site.report(again).quota().usedBytes()).isGreaterThanOrEqualTo(MIB);
        again.terminate();
        assertThat(again.exitCode()).isZero();

        EdgeProcess raised = start("--monthly-transfer", "1 GiB");
        raised.ready();
        site.assertPiece(raised, 0);
        site.assertPiece(raised, 4);
        long before = site.report(raised).quota().usedBytes();
        raised.terminate();
        assertThat(raised.exitCode()).isZero();
        assertThat(Long.parseLong(
                        Files.readString(site.data().resolve("month")).strip().split(" ")[1]))
                .as("a clean end writes all of it down")
                .isGreaterThanOrEqualTo(Math.max(before, MIB + 3L * PIECE));
    }

    @Test
    void itShowsItsFigures() throws Exception {
        EdgeProcess edge = start("--upload-rate", "0 B", "--monthly-transfer", "1 GiB");
        site.assertPiece(edge, 0);
        Eventually.holds("it is kept", () -> site.report(edge).store().pieces() == 1);
        site.assertPiece(edge, 0);
        String at = edge.statusUrl();

        assertThat(site.get(at + "/healthz").statusCode()).isEqualTo(200);
        assertThat(site.text(at + "/")).contains("serving demo", site.url.text());
        assertThat(site.text(at + "/metrics"))
                .contains(
                        "rivulet_edge_sent_bytes_total{by=\"http\"} " + (double) (2 * PIECE),
                        "rivulet_edge_requested_pieces_total{result=\"hit\"} 1.0",
                        "rivulet_edge_requested_pieces_total{result=\"miss\"} 1.0",
                        "rivulet_edge_store_pieces 1.0")
                .doesNotContain("127.0.0.1");
        String address = at.substring("http://".length());
        EdgeProcess once = site.jar("status", "--once", "--status", address);
        EdgeProcess json = site.jar("status", "--json", "--status", address);
        assertThat(once.exitCode()).isZero();
        assertThat(once.stdout()).contains("serving demo", "50.0 %", "of 1.0 GiB", "no limit");
        assertThat(json.exitCode()).isZero();
        assertThat(StatusServer.JSON
                        .readValue(json.stdout(), StatusReport.class)
                        .site())
                .isEqualTo("demo");
    }

    @Test
    void withoutAnEdgeTheStatusCommandSaysSo() throws Exception {
        String address;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            address = "127.0.0.1:" + free.getLocalPort();
        }

        EdgeProcess status = site.jar("status", "--once", "--status", address);

        assertThat(status.exitCode()).isEqualTo(1);
        assertThat(status.stderr()).contains("no edge answers at", address);
    }

    @Test
    void aTakenStatusPortIsNamed() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String address = "127.0.0.1:" + taken.getLocalPort();
            EdgeProcess edge = start("--status", address);

            assertThat(edge.exitCode()).isEqualTo(2);
            assertThat(edge.stderr()).contains("status = " + address);
        }
    }

    @Test
    void tooFewOpenFilesAreSaidWithTheRemedy() throws Exception {
        EdgeProcess edge = start("--http-connections", "65536");
        edge.ready();
        long allowed = site.report(edge).limits().openFiles();

        assertThat(edge.lines("LimitNOFILE=")).isEqualTo(allowed < 65536 + 264 ? 1 : 0);
    }
}
