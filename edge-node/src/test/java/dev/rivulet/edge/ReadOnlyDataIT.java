package dev.rivulet.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rivulet.edge.catalog.TestEntries;
import dev.rivulet.edge.origin.TestOrigin;
import dev.rivulet.edge.store.TestContent;
import dev.rivulet.edge.tracker.Eventually;
import dev.rivulet.edge.tracker.TestTracker;
import dev.rivulet.protocol.id.ResourceUrl;
import java.io.IOException;
import java.io.UncheckedIOException;
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
    private static final int PIECE = 262_144;
    private static final String NEEDS =
            " (this test runs unshare, nsenter and mount as root: apt-get install util-linux mount)";
    private static final Pattern IDENTITY = Pattern.compile("this edge is (\\S+)");

    @TempDir
    Path home;

    private final TestTracker tracker = new TestTracker();
    private final TestOrigin origin = new TestOrigin();
    private final HttpClient client = HttpClient.newHttpClient();
    private final List<EdgeProcess> started = new ArrayList<>();
    private final TestContent content = TestContent.of(1, 3 * PIECE);
    private Path data;
    private ResourceUrl url;

    @BeforeEach
    void publish() throws IOException {
        data = Files.createDirectory(home.resolve("data"));
        url = origin.url("/file.bin");
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

    private EdgeProcess start(List<String> wrapper) throws IOException {
        List<String> arguments = List.of(
                "--tracker", tracker.base().toString(), "--site", "demo", "--data", "data", "--http", "127.0.0.1:0");
        EdgeProcess process = EdgeProcess.start(home, wrapper, arguments);
        started.add(process);
        return process;
    }

    private EdgeProcess startReadOnly() throws IOException {
        String script = "mount --bind \"$0\" \"$0\" && mount -o remount,bind,ro \"$0\" && exec \"$@\"";
        try {
            return start(List.of("unshare", "--mount", "sh", "-c", script, data.toString()));
        } catch (IOException e) {
            throw new AssertionError(e.getMessage() + NEEDS, e);
        }
    }

    private static void turnWritable(EdgeProcess edge, Path data) throws Exception {
        Process process = new ProcessBuilder(
                        "nsenter",
                        "--mount=/proc/" + edge.pid() + "/ns/mnt",
                        "mount",
                        "-o",
                        "remount,bind,rw",
                        data.toString())
                .inheritIO()
                .start();
        assertThat(process.waitFor()).as("nsenter" + NEEDS).isZero();
    }

    private void assertPiece(EdgeProcess edge, int index) throws Exception {
        String at = edge.url() + "/pieces/" + content.id() + "/" + index + "?url="
                + URLEncoder.encode(url.text(), StandardCharsets.UTF_8);
        HttpResponse<byte[]> response =
                client.send(HttpRequest.newBuilder(URI.create(at)).build(), HttpResponse.BodyHandlers.ofByteArray());
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(ByteBuffer.wrap(response.body())).isEqualTo(content.piece(index));
    }

    private static boolean says(EdgeProcess edge, String text) {
        try {
            return edge.stderr().contains(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String identity(EdgeProcess edge) throws IOException {
        Matcher said = IDENTITY.matcher(edge.stderr());
        assertThat(said.find()).as(edge.stderr() + NEEDS).isTrue();
        return said.group(1);
    }

    /** Every file, with its length and when it was changed. */
    private Map<String, String> files() throws IOException {
        Map<String, String> files = new TreeMap<>();
        try (Stream<Path> found = Files.walk(data)) {
            for (Path file : found.filter(Files::isRegularFile).toList()) {
                files.put(data.relativize(file).toString(), Files.size(file) + " " + Files.getLastModifiedTime(file));
            }
        }
        return files;
    }

    private EdgeProcess setUp() throws Exception {
        EdgeProcess before = start(List.of());
        before.ready();
        assertPiece(before, 0);
        Eventually.holds("WebRTC is there", () -> says(before, "the WebRTC process 1 (pid"));
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
        assertThat(edge.stderr()).contains("data = data: its file system is read-only");
        assertThat(files()).isEqualTo(files);
        assertPiece(edge, 1);
        assertPiece(edge, 2);
        assertThat(files()).isEqualTo(files);
        Eventually.holds("WebRTC is there", () -> says(edge, "the WebRTC process 1 (pid"));
        // Held since before, and by nobody else now.
        origin.close();
        assertPiece(edge, 0);

        turnWritable(edge, data);
        edge.terminate();

        assertThat(edge.exitCode()).isZero();
    }

    @Test
    void itKeepsPiecesAgainWhenTheDiskTakesThem() throws Exception {
        setUp();
        EdgeProcess edge = startReadOnly();
        edge.ready();
        assertPiece(edge, 1);
        turnWritable(edge, data);

        assertPiece(edge, 2);

        Eventually.holds("it is kept", () -> says(edge, "the disk takes pieces again"));
        origin.close();
        assertPiece(edge, 2);
    }

    @Test
    void aDirectoryThatWasNeverSetUpIsNamedAndTriedAgainBySystemd() throws Exception {
        EdgeProcess edge = startReadOnly();

        // Not 2, after which the service is not started again.
        assertThat(edge.exitCode()).as(edge.stderr() + NEEDS).isEqualTo(1);
        assertThat(edge.stderr())
                .contains("rivulet-edge: data = data: was never set up", "its file system is read-only")
                .doesNotContain("Exception");
    }
}
