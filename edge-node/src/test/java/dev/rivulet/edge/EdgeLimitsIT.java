package dev.rivulet.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rivulet.edge.catalog.TestEntries;
import dev.rivulet.edge.figures.StatusReport;
import dev.rivulet.edge.figures.StatusServer;
import dev.rivulet.edge.origin.TestOrigin;
import dev.rivulet.edge.store.SmallFileSystem;
import dev.rivulet.edge.store.TestContent;
import dev.rivulet.edge.tracker.Eventually;
import dev.rivulet.edge.tracker.TestTracker;
import dev.rivulet.protocol.id.ResourceUrl;
import dev.rivulet.protocol.message.ClientMessage.Announce;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The limits of an edge as a volunteer runs it, and what it says about itself. */
final class EdgeLimitsIT {
    private static final int PIECE = 262_144;
    private static final int MIB = 1 << 20;
    private static final Pattern STATUS = Pattern.compile("status at (http://127\\.0\\.0\\.1:[1-9][0-9]*)");

    @TempDir
    Path home;

    private final TestTracker tracker = new TestTracker();
    private final TestOrigin origin = new TestOrigin();
    private final HttpClient client = HttpClient.newHttpClient();
    private final List<EdgeProcess> started = new ArrayList<>();
    private TestContent content;
    private ResourceUrl url;

    @AfterEach
    void close() throws InterruptedException {
        for (EdgeProcess each : started) {
            each.end();
        }
        tracker.close();
        origin.close();
    }

    private void publish(int size) {
        content = TestContent.of(1, size);
        url = origin.url("/file.bin");
        origin.put("/file.bin", content);
        tracker.policy(TestEntries.policy("http://127.0.0.1:" + origin.port()));
        tracker.publish(url, content);
    }

    private EdgeProcess start(String... more) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("--max-peers", "0"));
        arguments.addAll(List.of(more));
        return startWithPeers(arguments.toArray(String[]::new));
    }

    private EdgeProcess startWithPeers(String... more) throws IOException {
        List<String> arguments =
                new ArrayList<>(List.of("--tracker", tracker.base().toString(), "--site", "demo", "--data", "data"));
        arguments.addAll(List.of("--http", "127.0.0.1:0"));
        arguments.addAll(List.of(more));
        return run(arguments);
    }

    private EdgeProcess run(List<String> arguments) throws IOException {
        EdgeProcess process = EdgeProcess.start(home, arguments);
        started.add(process);
        return process;
    }

    private HttpResponse<byte[]> get(String from) throws IOException, InterruptedException {
        return client.send(HttpRequest.newBuilder(URI.create(from)).build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    private String piece(EdgeProcess edge, int index) throws Exception {
        return edge.url() + "/pieces/" + content.id() + "/" + index + "?url="
                + URLEncoder.encode(url.text(), StandardCharsets.UTF_8);
    }

    private void assertPiece(EdgeProcess edge, int index) throws Exception {
        HttpResponse<byte[]> response = get(piece(edge, index));
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(ByteBuffer.wrap(response.body())).isEqualTo(content.piece(index));
    }

    private static String status(EdgeProcess edge) throws Exception {
        edge.ready();
        Matcher said = STATUS.matcher(edge.stderr());
        assertThat(said.find()).as(edge.stderr()).isTrue();
        return said.group(1);
    }

    private StatusReport report(EdgeProcess edge) {
        try {
            return StatusServer.JSON.readValue(
                    get(status(edge) + "/status.json").body(), StatusReport.class);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static long lines(EdgeProcess edge, String text) {
        try {
            return edge.stderr().lines().filter(line -> line.contains(text)).count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** From {@code bytes} at half a MiB a second, with a burst of a quarter of a second before. */
    private static double leastSeconds(int bytes) {
        double rate = MIB / 2.0;
        return (bytes - rate / 4) / rate;
    }

    @Test
    void thatNobodyCanConnectIsSaidUntilSomebodyCan() throws Exception {
        publish(PIECE);
        List<String> arguments =
                List.of("--tracker", tracker.base().toString(), "--site", "demo", "--data", "data", "--max-peers", "0");
        EdgeProcess alone = run(arguments);

        assertThat(report(alone).notServing()).contains("nobody can connect", "max-peers is 0", "set http");
        HttpResponse<byte[]> health = get(status(alone) + "/healthz");
        assertThat(health.statusCode()).isEqualTo(503);
        assertThat(new String(health.body(), StandardCharsets.UTF_8)).contains("nobody can connect");
        assertThat(new String(get(status(alone) + "/metrics").body(), StandardCharsets.UTF_8))
                .contains("rivulet_edge_serving 0.0");
        alone.kill();

        EdgeProcess gateway = start();
        assertThat(report(gateway).notServing()).isNull();
        assertThat(report(gateway).webRtc().problem()).contains("max-peers is 0");
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void withoutAGatewayItServesWhileAWebRtcProcessIsReady() throws Exception {
        publish(PIECE);
        EdgeProcess edge = run(List.of("--tracker", tracker.base().toString(), "--site", "demo", "--data", "data"));
        assertThat(report(edge).notServing()).isNull();
        assertThat(report(edge).webRtc().processes()).isEqualTo(1);
        assertThat(report(edge).webRtc().residentBytes()).isGreaterThan(10 * MIB);

        edge.children().forEach(ProcessHandle::destroyForcibly);
        Eventually.holds(
                "it is back",
                () -> report(edge).webRtc().died() == 1 && report(edge).notServing() == null);
    }

    @Test
    void whatIsHeldLeavesNoFasterThanTheUploadRate() throws Exception {
        publish(5 * PIECE);
        EdgeProcess edge = start("--upload-rate", "512 KiB");
        edge.ready();

        long began = System.nanoTime();
        for (int index = 0; index < content.pieces(); index++) {
            assertPiece(edge, index);
        }

        assertThat((System.nanoTime() - began) / 1e9).isGreaterThanOrEqualTo(leastSeconds(5 * PIECE));
        assertThat(report(edge).traffic().sentHttpBytes()).isEqualTo(5 * PIECE);
    }

    @Test
    void whatIsFetchedComesNoFasterThanTheDownloadRate() throws Exception {
        publish(5 * PIECE);
        EdgeProcess edge = start("--download-rate", "512 KiB");
        edge.ready();

        long began = System.nanoTime();
        for (int index = 0; index < content.pieces(); index++) {
            assertPiece(edge, index);
        }

        assertThat((System.nanoTime() - began) / 1e9).isGreaterThanOrEqualTo(leastSeconds(5 * PIECE));
        assertThat(report(edge).traffic().fetchedOriginBytes()).isEqualTo(5 * PIECE);
    }

    @Test
    void anOriginWithoutRangesIsReadNoFasterThanTheDownloadRateEither() throws Exception {
        publish(5 * PIECE);
        origin.withoutRanges();
        EdgeProcess edge = start("--download-rate", "512 KiB");
        edge.ready();

        long began = System.nanoTime();
        assertPiece(edge, 0);
        Eventually.holds("all is there", () -> report(edge).store().pieces() == 5);

        // The last piece was not waited for before it was kept.
        assertThat((System.nanoTime() - began) / 1e9).isGreaterThanOrEqualTo(leastSeconds(4 * PIECE));
    }

    @Test
    void usedUpTheMonthsTransferStaysSoAcrossAKillUntilItIsRaised() throws Exception {
        publish(5 * PIECE);
        EdgeProcess edge = start("--monthly-transfer", "1 MiB");
        assertPiece(edge, 0);
        awaitAnnounce(announce -> announce.have().contains(content.id()));
        assertPiece(edge, 1);
        // Two pieces came and went: a MiB. The count is taken every second.
        Eventually.holds("it is used up", () -> report(edge).notServing() != null);
        assertThat(report(edge).notServing()).contains("monthly transfer", "monthly-transfer");

        HttpResponse<byte[]> refused = get(piece(edge, 0));

        assertThat(refused.statusCode()).isEqualTo(503);
        assertThat(refused.headers().firstValue("content-type")).hasValue("application/problem+json");
        assertThat(refused.headers().firstValueAsLong("retry-after").orElse(0)).isPositive();
        assertThat(lines(edge, "is used up: nothing is served until")).isEqualTo(1);
        awaitAnnounce(announce -> announce.drop().contains(content.id()));
        edge.kill();

        EdgeProcess again = start("--monthly-transfer", "1 MiB");
        again.ready();
        assertThat(get(piece(again, 0)).statusCode()).isEqualTo(503);
        assertThat(report(again).quota().usedBytes()).isGreaterThanOrEqualTo(MIB);
        again.terminate();
        assertThat(again.exitCode()).isZero();

        EdgeProcess raised = start("--monthly-transfer", "1 GiB");
        raised.ready();
        assertPiece(raised, 0);
        assertPiece(raised, 4);
        long before = report(raised).quota().usedBytes();
        raised.terminate();
        assertThat(raised.exitCode()).isZero();
        assertThat(Long.parseLong(
                        Files.readString(home.resolve("data/month")).strip().split(" ")[1]))
                .as("a clean end writes all of it down")
                .isGreaterThanOrEqualTo(Math.max(before, MIB + 3L * PIECE));
    }

    private void awaitAnnounce(Predicate<Announce> wanted) throws InterruptedException {
        Announce announce = tracker.next(Announce.class);
        while (!wanted.test(announce)) {
            announce = tracker.next(Announce.class);
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aFullDiskIsSaidOnceAndPiecesArePassedOnUntilThereIsRoomAgain() throws Exception {
        publish(40 * PIECE);
        Path data = Files.createDirectory(home.resolve("data"));
        try (SmallFileSystem disk = SmallFileSystem.mount(data, 4)) {
            EdgeProcess edge = start("--max-disk", "16 MiB");
            edge.ready();
            for (int index = 0; index < 30; index++) {
                assertPiece(edge, index);
            }
            Eventually.holds("the disk is full", () -> report(edge).store().failing());
            assertThat(lines(edge, "the disk is full")).isEqualTo(1);

            disk.grow(64);
            for (int index = 30; index < 40; index++) {
                assertPiece(edge, index);
            }
            Eventually.holds("it is not any more", () -> !report(edge).store().failing());

            assertThat(lines(edge, "the disk takes pieces again")).isEqualTo(1);
            assertThat(lines(edge, "the disk is full")).isEqualTo(1);
            edge.end();
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void onAFullDiskAWebRtcProcessThatDiesIsReplaced() throws Exception {
        publish(PIECE);
        Path data = Files.createDirectory(home.resolve("data"));
        try (SmallFileSystem disk = SmallFileSystem.mount(data, 64)) {
            EdgeProcess edge = startWithPeers("--max-disk", "16 MiB");
            edge.ready();
            Eventually.holds("WebRTC is there", () -> lines(edge, "the WebRTC process 1 (pid") == 1);
            disk.fill();

            edge.children().forEach(ProcessHandle::destroyForcibly);

            Eventually.holds("WebRTC is back", () -> lines(edge, "the WebRTC process 2 (pid") == 1);
            assertThat(lines(edge, "no WebRTC process can be started")).isZero();
            edge.end();
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void withoutRoomForTheWebRtcLibraryItSaysSoOnceAndIsBackByItself() throws Exception {
        publish(PIECE);
        Path data = Files.createDirectory(home.resolve("data"));
        try (SmallFileSystem disk = SmallFileSystem.mount(data, 8)) {
            EdgeProcess edge = startWithPeers("--max-disk", "16 MiB");
            edge.ready();
            assertPiece(edge, 0);
            assertThat(edge.stderr())
                    .contains("no WebRTC process can be started: no room left in data/webrtc: ")
                    .doesNotContain("apt-get");

            disk.grow(64);

            Eventually.holds("WebRTC is there", () -> lines(edge, "(pid ") == 1);
            assertThat(lines(edge, "no WebRTC process can be started")).isEqualTo(1);
            assertThat(edge.children()).hasSize(1);
            edge.end();
        }
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void whereNothingMayBeExecutedItSaysSo() throws Exception {
        publish(PIECE);
        Path data = Files.createDirectory(home.resolve("data"));
        try (SmallFileSystem disk = SmallFileSystem.mount(data, 64)) {
            disk.forbidExecution();
            EdgeProcess edge = startWithPeers("--max-disk", "16 MiB");
            edge.ready();

            assertThat(lines(edge, "going on over HTTP only")).isEqualTo(1);
            assertThat(edge.stderr()).contains("is mounted noexec").doesNotContain("apt-get");
            edge.end();
        }
    }

    @Test
    void itShowsItsFigures() throws Exception {
        publish(2 * PIECE);
        EdgeProcess edge = start("--upload-rate", "0 B", "--monthly-transfer", "1 GiB");
        assertPiece(edge, 0);
        Eventually.holds("it is kept", () -> report(edge).store().pieces() == 1);
        assertPiece(edge, 0);
        String at = status(edge);

        assertThat(get(at + "/healthz").statusCode()).isEqualTo(200);
        assertThat(text(at + "/")).contains("serving demo", url.text());
        assertThat(text(at + "/metrics"))
                .contains(
                        "rivulet_edge_sent_bytes_total{by=\"http\"} " + (double) (2 * PIECE),
                        "rivulet_edge_requested_pieces_total{result=\"hit\"} 1.0",
                        "rivulet_edge_requested_pieces_total{result=\"miss\"} 1.0",
                        "rivulet_edge_store_pieces 1.0")
                .doesNotContain("127.0.0.1");
        String address = at.substring("http://".length());
        EdgeProcess once = run(List.of("status", "--once", "--status", address));
        EdgeProcess json = run(List.of("status", "--json", "--status", address));
        assertThat(once.exitCode()).isZero();
        assertThat(once.stdout()).contains("serving demo", "50.0 %", "of 1.0 GiB", "no limit");
        assertThat(json.exitCode()).isZero();
        assertThat(StatusServer.JSON
                        .readValue(json.stdout(), StatusReport.class)
                        .site())
                .isEqualTo("demo");
    }

    private String text(String from) throws Exception {
        return new String(get(from).body(), StandardCharsets.UTF_8);
    }

    @Test
    void withoutAnEdgeTheStatusCommandSaysSo() throws Exception {
        String address;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            address = "127.0.0.1:" + free.getLocalPort();
        }

        EdgeProcess status = run(List.of("status", "--once", "--status", address));

        assertThat(status.exitCode()).isEqualTo(1);
        assertThat(status.stderr()).contains("no edge answers at", address);
    }

    @Test
    void aTakenStatusPortIsNamed() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            publish(PIECE);
            String address = "127.0.0.1:" + taken.getLocalPort();
            EdgeProcess edge = start("--status", address);

            assertThat(edge.exitCode()).isEqualTo(2);
            assertThat(edge.stderr()).contains("status = " + address);
        }
    }

    @Test
    void tooFewOpenFilesAreSaidWithTheRemedy() throws Exception {
        publish(PIECE);
        EdgeProcess edge = start("--http-connections", "65536");
        edge.ready();
        long allowed = report(edge).limits().openFiles();

        assertThat(lines(edge, "LimitNOFILE=")).isEqualTo(allowed < 65536 + 264 ? 1 : 0);
    }
}
