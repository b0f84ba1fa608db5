package dev.rivulet.tracker.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rivulet.protocol.settings.ConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TrackerDatabaseIT {
    private static final String FILE = "tracker.mv.db";
    /** More than the 20 after which H2 writes its file's header in any case. */
    private static final int COMMITS = 50;

    @TempDir
    Path data;

    @Test
    void whatWasCommittedIsThereAfterReopening() throws IOException {
        try (TrackerDatabase database = TrackerDatabase.open(data)) {
            insertHead(database, "a", 7);
        }

        try (TrackerDatabase database = TrackerDatabase.open(data)) {
            assertThat(sequenceOf(database, "a")).isEqualTo(7);
        }
    }

    @Test
    void whatThrewIsRolledBack() throws IOException {
        try (TrackerDatabase database = TrackerDatabase.open(data)) {
            insertHead(database, "a", 7);

            assertThatThrownBy(() -> database.transaction(connection -> {
                        try (Statement statement = connection.createStatement()) {
                            statement.execute("UPDATE catalog_head SET sequence = 8");
                        }
                        throw new IllegalStateException("no");
                    }))
                    .hasMessage("no");

            assertThat(sequenceOf(database, "a")).isEqualTo(7);
        }
    }

    @Test
    void directoryInUseByAnotherProcessIsNamed() throws Exception {
        Process other = new ProcessBuilder(
                        ProcessHandle.current().info().command().orElse("java"),
                        "-cp",
                        System.getProperty("java.class.path"),
                        DatabaseHolder.class.getName(),
                        data.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            assertThat(other.inputReader().readLine()).isEqualTo("open");

            assertThatThrownBy(() -> TrackerDatabase.open(data))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageStartingWith("data = " + data)
                    .hasMessageContaining("another process");
        } finally {
            other.destroyForcibly();
            assertThat(other.waitFor(60, TimeUnit.SECONDS)).isTrue();
        }
    }

    @Test
    void directoryNameThatH2CannotUseIsRefused() {
        assertThatThrownBy(() -> TrackerDatabase.open(data.resolve("a;b")))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("semicolon");
    }

    @Test
    void everyCommitIsInTheFileAtOnceWhereverThatHasRoom() throws Exception {
        try (TrackerDatabase database = TrackerDatabase.open(data)) {
            insertHead(database, "a", 0);
            // What is out of date gives its room at once, not after 45 seconds.
            execute(database, "SET RETENTION_TIME 0");
            for (int sequence = 1; sequence <= COMMITS; sequence++) {
                execute(database, "UPDATE catalog_head SET sequence = " + sequence);

                // What a process leaves that is killed now.
                assertThat(sequenceOfCopy()).isEqualTo(sequence);
            }
        }
    }

    private long sequenceOfCopy() throws IOException {
        Path left = Files.createDirectories(data.resolve("left"));
        Files.copy(data.resolve(FILE), left.resolve(FILE), StandardCopyOption.REPLACE_EXISTING);
        try (TrackerDatabase database = TrackerDatabase.open(left)) {
            return sequenceOf(database, "a");
        }
    }

    private static void execute(TrackerDatabase database, String sql) throws IOException {
        database.transaction(connection -> {
            try (Statement statement = connection.createStatement()) {
                return statement.execute(sql);
            }
        });
    }

    private static void insertHead(TrackerDatabase database, String site, long sequence) throws IOException {
        database.transaction(connection -> {
            try (var insert = connection.prepareStatement("INSERT INTO catalog_head VALUES (?, 1, ?, 0, NULL)")) {
                insert.setString(1, site);
                insert.setLong(2, sequence);
                return insert.executeUpdate();
            }
        });
    }

    private static long sequenceOf(TrackerDatabase database, String site) throws IOException {
        return database.transaction(connection -> {
            try (var select = connection.prepareStatement("SELECT sequence FROM catalog_head WHERE site = ?")) {
                select.setString(1, site);
                try (ResultSet rows = select.executeQuery()) {
                    rows.next();
                    return rows.getLong(1);
                }
            }
        });
    }
}
