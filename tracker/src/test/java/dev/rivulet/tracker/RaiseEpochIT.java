package dev.rivulet.tracker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rivulet.protocol.catalog.CatalogBody;
import dev.rivulet.protocol.catalog.CatalogException;
import dev.rivulet.protocol.catalog.CatalogVerifier;
import dev.rivulet.protocol.catalog.Head;
import dev.rivulet.protocol.id.SiteId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An operator restores a backup that is older than what clients have seen. */
final class RaiseEpochIT {
    private static final SiteId SITE = new SiteId("demo");

    @TempDir
    Path data;

    @TempDir
    Path files;

    private final CatalogVerifier client = new CatalogVerifier(SITE, null, null);

    @Test
    void whoSawLaterHeadsTakesTheRestoredCatalogOnceTheEpochIsRaised() throws Exception {
        publish("a.txt");
        byte[] backup = Files.readAllBytes(database());
        publish("b.txt");
        Head seen = see();
        Files.write(database(), backup);
        assertThatThrownBy(this::see).hasMessageContaining("rollback");

        assertThat(raise()).isZero();

        Head head = see();
        assertThat(head.epoch()).isEqualTo(seen.epoch() + 1);
        assertThat(head.sequence()).isEqualTo(1);
        publish("c.txt");
        assertThat(see().sequence()).isEqualTo(2);
    }

    @Test
    void theSameBackupAgainNeedsAHigherNumber() throws Exception {
        publish("a.txt");
        byte[] backup = Files.readAllBytes(database());
        raise();
        publish("b.txt");
        see();
        Files.write(database(), backup);
        raise();
        assertThatThrownBy(this::see).hasMessageContaining("rollback");

        Files.write(database(), backup);
        assertThat(raise("--to", "3")).isZero();

        assertThat(see().epoch()).isEqualTo(3);
    }

    @Test
    void whatCannotBeRaisedIsRefused() throws Exception {
        assertThat(raise()).as("no database").isEqualTo(TrackerMain.BAD_CONFIGURATION);
        assertThat(database()).doesNotExist();
        publish("a.txt");

        assertThat(raise("--to", "1")).as("not later").isEqualTo(TrackerMain.BAD_CONFIGURATION);
        assertThat(run("raise-epoch", "--site", "other", "--data", data.toString()))
                .as("unknown site")
                .isEqualTo(TrackerMain.BAD_CONFIGURATION);
        assertThat(see().epoch()).isEqualTo(1);
    }

    private Path database() {
        return data.resolve("tracker.mv.db");
    }

    private TestTracker start() {
        return TestTracker.start(data, Map.of());
    }

    /** Publishes another file, with a tracker that runs for as long. */
    private void publish(String name) throws IOException {
        Files.writeString(files.resolve(name), name);
        try (TestTracker tracker = start()) {
            int code = run(
                    "publish",
                    "--tracker",
                    "http://" + tracker.address(),
                    "--token",
                    TestTracker.PUBLISH_TOKEN,
                    "--site",
                    SITE.text(),
                    "--base-url",
                    "http://content.example/",
                    files.toString());
            assertThat(code).isZero();
        }
    }

    /** What the client makes of the catalog as it is now. */
    private Head see() throws Exception {
        try (TestTracker tracker = start()) {
            CatalogBody body =
                    CatalogBody.parse(tracker.get("/sites/" + SITE + "/catalog").body());
            return take(body);
        }
    }

    private Head take(CatalogBody body) throws CatalogException {
        client.delegations(body.rootKey(), body.delegations());
        return client.head(body.head(), Instant.now().getEpochSecond()).orElseThrow();
    }

    private int raise(String... more) {
        String[] arguments = {"raise-epoch", "--site", SITE.text(), "--data", data.toString()};
        String[] all = Arrays.copyOf(arguments, arguments.length + more.length);
        System.arraycopy(more, 0, all, arguments.length, more.length);
        return run(all);
    }

    private static int run(String... arguments) {
        return TrackerMain.commandLine().execute(arguments);
    }
}
