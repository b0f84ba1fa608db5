package dev.rivulet.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rivulet.edge.store.SmallFileSystem;
import dev.rivulet.edge.tracker.Eventually;
import java.io.IOException;
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

/** An edge whose data directory is a disk of its own that it does not have to itself, or may not execute from. */
@EnabledOnOs(OS.LINUX)
final class SmallDiskIT {
    private static final int PIECES = 40;

    @TempDir
    Path home;

    private DemoSite site;
    private SmallFileSystem disk;

    @BeforeEach
    void publish() throws IOException {
        site = new DemoSite(home, PIECES * DemoSite.PIECE);
        Files.createDirectory(site.data());
    }

    @AfterEach
    void close() throws IOException {
        site.close();
        if (disk != null) {
            disk.close();
        }
    }

    private void mount(int mebibytes) throws IOException {
        disk = SmallFileSystem.mount(site.data(), mebibytes);
    }

    private EdgeProcess start(String... more) throws Exception {
        List<String> arguments = new ArrayList<>(List.of("--max-disk", "16 MiB"));
        arguments.addAll(List.of(more));
        EdgeProcess edge = site.gateway(arguments.toArray(String[]::new));
        edge.ready();
        return edge;
    }

    @Test
    void whenItIsFullThatIsSaidOnceAndPiecesArePassedOnUntilThereIsRoomAgain() throws Exception {
        mount(4);
        EdgeProcess edge = start("--max-peers", "0");
        for (int index = 0; index < 30; index++) {
            site.assertPiece(edge, index);
        }
        Eventually.holds("the disk is full", () -> site.report(edge).store().failing());
        assertThat(edge.lines("the disk is full")).isEqualTo(1);

        disk.grow(64);
        for (int index = 30; index < PIECES; index++) {
            site.assertPiece(edge, index);
        }
        Eventually.holds("it is not any more", () -> !site.report(edge).store().failing());

        assertThat(edge.lines("the disk takes pieces again")).isEqualTo(1);
        assertThat(edge.lines("the disk is full")).isEqualTo(1);
    }

    @Test
    void whenItIsFullAWebRtcProcessThatDiesIsReplaced() throws Exception {
        mount(64);
        EdgeProcess edge = start();
        Eventually.holds("WebRTC is there", () -> edge.lines("the WebRTC process 1 (pid") == 1);
        disk.fill();

        edge.children().forEach(ProcessHandle::destroyForcibly);

        Eventually.holds("WebRTC is back", () -> edge.lines("the WebRTC process 2 (pid") == 1);
        assertThat(edge.lines("no WebRTC process can be started")).isZero();
    }

    @Test
    void withoutRoomForTheWebRtcLibraryItSaysSoOnceAndIsBackByItself() throws Exception {
        mount(8);
        EdgeProcess edge = start();
        site.assertPiece(edge, 0);
        assertThat(edge.stderr())
                .contains("no WebRTC process can be started: no room left in data/webrtc: ")
                .doesNotContain("apt-get");

        disk.grow(64);

        Eventually.holds("WebRTC is there", () -> edge.lines("(pid ") == 1);
        assertThat(edge.lines("no WebRTC process can be started")).isEqualTo(1);
        assertThat(edge.children()).hasSize(1);
    }

    @Test
    void whereNothingMayBeExecutedItSaysSo() throws Exception {
        mount(64);
        disk.forbidExecution();

        EdgeProcess edge = start();

        assertThat(edge.lines("going on over HTTP only")).isEqualTo(1);
        assertThat(edge.stderr()).contains("is mounted noexec").doesNotContain("apt-get");
    }
}
