package dev.rivulet.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rivulet.edge.tracker.Eventually;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** An edge whose data directory is read-only for it alone: in a mount namespace of its own. */
@EnabledOnOs(OS.LINUX)
final class ReadOnlyDataIT {
    private static final String NEEDS =
            " (this test runs unshare, nsenter and mount as root: apt-get install util-linux mount)";
    private static final Pattern IDENTITY = Pattern.compile("this edge is (\\S+)");

    @TempDir
    Path home;

    private DemoSite site;

    @BeforeEach
    void publish() throws IOException {
        site = new DemoSite(home, 3 * DemoSite.PIECE);
        Files.createDirectory(site.data());
    }

    @AfterEach
    void close() {
        site.close();
    }

    private EdgeProcess startReadOnly() throws IOException {
        String script = "mount --bind \"$0\" \"$0\" && mount -o remount,bind,ro \"$0\" && exec \"$@\"";
        try {
            return site.gatewayWithin(List.of(
                    "unshare", "--mount", "sh", "-c", script, site.data().toString()));
        } catch (IOException e) {
            throw new AssertionError(e.getMessage() + NEEDS, e);
        }
    }

    private void turnWritable(EdgeProcess edge) throws Exception {
        Process process = new ProcessBuilder(
                        "nsenter",
                        "--mount=/proc/" + edge.pid() + "/ns/mnt",
                        "mount",
                        "-o",
                        "remount,bind,rw",
                        site.data().toString())
                .inheritIO()
                .start();
        assertThat(process.waitFor()).as("nsenter" + NEEDS).isZero();
    }

    private static String identity(EdgeProcess edge) throws IOException {
        Matcher said = IDENTITY.matcher(edge.stderr());
        assertThat(said.find()).as(edge.stderr() + NEEDS).isTrue();
        return said.group(1);
    }

    /** Every file, with its length and when it was changed. */
    private Map<String, String> files() throws IOException {
        Map<String, String> files = new TreeMap<>();
        Path data = site.data();
        try (Stream<Path> found = Files.walk(data)) {
            for (Path file : found.filter(Files::isRegularFile).toList()) {
                files.put(data.relativize(file).toString(), Files.size(file) + " " + Files.getLastModifiedTime(file));
            }
        }
        return files;
    }

    private EdgeProcess setUp() throws Exception {
        EdgeProcess before = site.gateway();
        before.ready();
        site.assertPiece(before, 0);
        Eventually.holds("WebRTC is there", () -> before.says("the WebRTC process 1 (pid"));
        before.terminate();
        assertThat(before.exitCode()).isZero();
        return before;
    }

    @Test
    void whatIsStoredIsServedAndTheRestPassedOnUntilTheDiskTakesPiecesAgain() throws Exception {
        EdgeProcess before = setUp();
        Map<String, String> files = files();
        EdgeProcess edge = startReadOnly();
        edge.ready();

        assertThat(identity(edge)).isEqualTo(identity(before));
        assertThat(edge.stderr())
                .containsPattern("data = data: its file system is read-only.*see to the disk or, under systemd, add the"
                        + " directory to ReadWritePaths= \\(systemctl edit rivulet-edge\\)");
        assertThat(files()).isEqualTo(files);
        site.assertPiece(edge, 1);
        site.assertPiece(edge, 2);
        assertThat(files()).isEqualTo(files);
        Eventually.holds("WebRTC is there", () -> edge.says("the WebRTC process 1 (pid"));
        // Held since before, and by nobody else now.
        site.origin.close();
        site.assertPiece(edge, 0);

        turnWritable(edge);
        edge.terminate();

        assertThat(edge.exitCode()).isZero();
    }

    @Test
    void itKeepsPiecesAgainWhenTheDiskTakesThem() throws Exception {
        setUp();
        EdgeProcess edge = startReadOnly();
        edge.ready();
        site.assertPiece(edge, 1);
        turnWritable(edge);

        site.assertPiece(edge, 2);

        Eventually.holds("it is kept", () -> edge.says("the disk takes pieces again"));
        site.origin.close();
        site.assertPiece(edge, 2);
    }

    @Test
    void aDirectoryThatWasNeverSetUpIsNamedAndTriedAgainBySystemd() throws Exception {
        EdgeProcess edge = startReadOnly();

        // Not 2, after which the service is not started again.
        assertThat(edge.exitCode()).as(edge.stderr() + NEEDS).isEqualTo(1);
        assertThat(edge.stderr())
                .contains(
                        "rivulet-edge: data = data: was never set up",
                        "its file system is read-only",
                        "ReadWritePaths= (systemctl edit rivulet-edge)")
                .doesNotContain("Exception");
    }
}
