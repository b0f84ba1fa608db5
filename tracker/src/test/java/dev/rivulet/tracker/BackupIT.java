package dev.rivulet.tracker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rivulet.protocol.catalog.CatalogBody;
import dev.rivulet.protocol.catalog.CatalogVerifier;
import dev.rivulet.protocol.catalog.Head;
import dev.rivulet.protocol.id.SiteId;
import dev.rivulet.tracker.backup.Restore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An operator keeps backups, and needs one. */
final class BackupIT {
    private static final SiteId SITE = new SiteId("demo");

    @TempDir
    Path folder;

    private Path data;
    private Path backup;
    /** Remembers the newest catalog that it has seen. */
    private final CatalogVerifier client = new CatalogVerifier(SITE, null, null);

    @BeforeEach
    void name() throws IOException {
        data = folder.resolve("data");
        backup = folder.resolve("kept/backup.zip");
        Files.createDirectories(folder.resolve("kept"));
        Files.createDirectories(folder.resolve("files"));
    }

    @Test
    void whoSawALaterCatalogGoesOnAfterARestore() throws Exception {
        try (TestTracker tracker = start()) {
            publish(tracker, "a.txt");
            assertThat(run("backup", backup)).as("while it runs").isZero();
            publish(tracker, "b.txt");
            see(tracker);
        }
        String root = Files.readString(data.resolve("keys/demo/root.jwk"));
        assertThat(run("restore", backup)).as("not told to replace").isEqualTo(TrackerMain.BAD_CONFIGURATION);

        assertThat(run("restore", backup, "--replace")).isZero();

        assertThat(Files.readString(data.resolve("keys/demo/root.jwk"))).isEqualTo(root);
        Head restored;
        try (TestTracker tracker = start()) {
            restored = see(tracker);
            publish(tracker, "c.txt");
            assertThat(see(tracker).sequence()).isGreaterThan(restored.sequence());
        }
        // The same again, later.
        Restore.into(data, backup, true, Instant.now().plusSeconds(60));
        try (TestTracker tracker = start()) {
            assertThat(see(tracker).epoch()).isGreaterThan(restored.epoch());
        }
    }

    @Test
    void anotherMachineGoesOnWithABackupOfATrackerThatDoesNotRun() throws Exception {
        try (TestTracker tracker = start()) {
            publish(tracker, "a.txt");
            see(tracker);
        }
        assertThat(run("backup", backup)).isZero();
        data = folder.resolve("another");

        assertThat(run("restore", backup)).isZero();

        try (TestTracker tracker = start()) {
            assertThat(see(tracker).epoch()).isGreaterThan(1);
        }
        assertThat(names(data)).noneMatch(name -> name.matches("(restore|swap|replaced|backup)-.*"));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data.resolve("keys/demo/root.jwk"))))
                .isEqualTo("rw-------");
    }

    @Test
    void aBackupIsForItsOwnerOnlyAndOverwritesNothing() throws Exception {
        try (TestTracker tracker = start()) {
            publish(tracker, "a.txt");
            assertThat(run("backup", backup)).isZero();
            byte[] first = Files.readAllBytes(backup);

            assertThat(run("backup", backup)).isEqualTo(TrackerMain.BAD_CONFIGURATION);

            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(backup)))
                    .isEqualTo("rw-------");
            assertThat(backup).hasBinaryContent(first);
            assertThat(names(backup.getParent())).containsExactly("backup.zip");
            assertThat(names(data)).noneMatch(name -> name.startsWith("backup-"));
            assertThat(run("restore", backup, "--replace"))
                    .as("into a directory in use")
                    .isEqualTo(TrackerMain.BAD_CONFIGURATION);
            see(tracker);
        }
    }

    @Test
    void whatIsNoWholeBackupChangesNothing() throws Exception {
        try (TestTracker tracker = start()) {
            publish(tracker, "a.txt");
        }
        assertThat(run("backup", backup)).isZero();
        byte[] whole = Files.readAllBytes(backup);
        Map<String, byte[]> before = contents();

        for (byte[] broken : broken(whole)) {
            Files.write(backup, broken);
            assertThat(run("restore", backup, "--replace")).isEqualTo(TrackerMain.BAD_CONFIGURATION);
        }
        assertThat(run("restore", folder.resolve("nothing.zip"), "--replace")).isEqualTo(TrackerMain.BAD_CONFIGURATION);

        Map<String, byte[]> after = contents();
        assertThat(after.keySet()).isEqualTo(before.keySet());
        after.forEach((path, bytes) -> assertThat(bytes).as(path).isEqualTo(before.get(path)));
        Files.write(backup, whole);
        assertThat(run("restore", backup, "--replace")).isZero();
    }

    @Test
    void aRestoreThatWasBrokenOffHalfWayIsNotStartedUpon() throws Exception {
        Files.createDirectories(data.resolve("swap-restore-1"));

        assertThatThrownBy(this::start).hasMessageContaining("half-way").hasMessageContaining("--replace");
    }

    @Test
    void whereThereIsNothingToBackUpThatIsSaid() throws Exception {
        assertThat(run("backup", backup)).isEqualTo(TrackerMain.BAD_CONFIGURATION);
        assertThat(backup).doesNotExist();
    }

    /** Cut short, at several places, and with a byte changed here and there. */
    private static List<byte[]> broken(byte[] whole) {
        List<byte[]> broken = new ArrayList<>();
        for (int length : new int[] {0, 100, whole.length / 2, whole.length - 30, whole.length - 1}) {
            broken.add(Arrays.copyOf(whole, length));
        }
        // In the data of the first files, well before the directory at the end, whose times and such mean nothing here.
        for (int at : new int[] {60, whole.length / 3, whole.length / 2}) {
            byte[] changed = whole.clone();
            changed[at] ^= 1;
            broken.add(changed);
        }
        return broken;
    }

    private Map<String, byte[]> contents() throws IOException {
        Map<String, byte[]> contents = new TreeMap<>();
        try (Stream<Path> files = Files.walk(data)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                contents.put(data.relativize(file).toString(), Files.readAllBytes(file));
            }
        }
        return contents;
    }

    private static List<String> names(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(each -> each.getFileName().toString()).toList();
        }
    }

    private TestTracker start() {
        return TestTracker.start(data, Map.of());
    }

    private void publish(TestTracker tracker, String name) throws IOException {
        Files.writeString(folder.resolve("files").resolve(name), name);
        int code = TrackerMain.commandLine()
                .execute(
                        "publish",
                        "--tracker",
                        "http://" + tracker.address(),
                        "--token",
                        TestTracker.PUBLISH_TOKEN,
                        "--site",
                        SITE.text(),
                        "--base-url",
                        "http://content.example/",
                        folder.resolve("files").toString());
        assertThat(code).isZero();
    }

    /** What the client makes of the catalog as it is now; it throws when that is older than what it has seen. */
    private Head see(TestTracker tracker) throws Exception {
        CatalogBody body =
                CatalogBody.parse(tracker.get("/sites/" + SITE + "/catalog").body());
        client.delegations(body.rootKey(), body.delegations());
        return client.head(body.head(), Instant.now().getEpochSecond()).orElseThrow();
    }

    private int run(String command, Path file, String... more) {
        List<String> arguments = new ArrayList<>(List.of(command, file.toString(), "--data", data.toString()));
        arguments.addAll(List.of(more));
        return TrackerMain.commandLine().execute(arguments.toArray(String[]::new));
    }
}
