package dev.rivulet.tracker.database;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool;
import dev.rivulet.protocol.settings.ConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.jspecify.annotations.Nullable;

/** An embedded H2 database in the data directory, brought to the newest schema when opened. Thread-safe. */
public final class TrackerDatabase implements AutoCloseable {
    /** Connections at once: one writer, and readers of layouts. */
    private static final int MAX_CONNECTIONS = 8;

    /** How long opening is tried, in milliseconds: a lock held elsewhere is not waited for. */
    private static final int CONNECT_TIMEOUT_MS = 1;

    private static final String FILE_NAME = "tracker";
    private static final String MIGRATIONS = "classpath:dev/rivulet/tracker/database/migration";

    private final HikariDataSource pool;

    private TrackerDatabase(HikariDataSource pool) {
        this.pool = pool;
    }

    /** Whether there is a database in {@code dataDirectory}. */
    public static boolean isIn(Path dataDirectory) {
        return Files.exists(dataDirectory.resolve(FILE_NAME + ".mv.db"));
    }

    /**
     * Opens the database in {@code dataDirectory}, which is made when missing. Throws {@link ConfigException} when
     * another process has it open or the directory cannot be written.
     */
    public static TrackerDatabase open(Path dataDirectory) {
        try {
            Files.createDirectories(dataDirectory);
        } catch (IOException e) {
            throw new ConfigException("data", dataDirectory.toString(), "name a directory that can be written: " + e);
        }
        HikariDataSource pool = connect(dataDirectory);
        try {
            Flyway.configure().dataSource(pool).locations(MIGRATIONS).load().migrate();
            return new TrackerDatabase(pool);
        } catch (FlywayException e) {
            pool.close();
            throw new ConfigException(
                    "data",
                    dataDirectory.toString(),
                    "the database was made by another version; use that, or another directory: " + e.getMessage());
        }
    }

    /** Work on one connection, committed when it returns and rolled back when it throws. */
    @FunctionalInterface
    public interface Work<T extends @Nullable Object> {
        T on(Connection connection) throws SQLException;
    }

    /** Runs {@code work} in a transaction; what it wrote survives a kill of the process once this returns. */
    public <T extends @Nullable Object> T transaction(Work<T> work) throws IOException {
        try (Connection connection = pool.getConnection()) {
            try {
                T result = work.on(connection);
                connection.commit();
                return result;
            } catch (SQLException | RuntimeException e) {
                connection.rollback();
                throw e;
            }
        } catch (SQLException e) {
            throw new IOException("database: " + e.getMessage(), e);
        }
    }

    /** Returns once all that was committed is on the disk, so that it survives a loss of power too. */
    public void sync() throws IOException {
        transaction(connection -> {
            try (Statement statement = connection.createStatement()) {
                return statement.execute("CHECKPOINT SYNC");
            }
        });
    }

    /** Writes a ZIP file with the database's file as it is at one moment, while others go on using it. */
    public void backUpTo(Path zip) throws IOException {
        transaction(connection -> {
            copy(connection, zip);
            return zip;
        });
    }

    /**
     * As {@link #backUpTo}, of a database that nobody uses and that stays as it is, of whatever version. Throws
     * {@link ConfigException} when another process has it open.
     */
    public static void backUp(Path dataDirectory, Path zip) throws IOException {
        try (HikariDataSource pool = connect(dataDirectory);
                Connection connection = pool.getConnection()) {
            copy(connection, zip);
        } catch (SQLException e) {
            throw new IOException("database: " + e.getMessage(), e);
        }
    }

    private static void copy(Connection connection, Path zip) throws SQLException {
        try (PreparedStatement backup = connection.prepareStatement("BACKUP TO ?")) {
            backup.setString(1, zip.toAbsolutePath().toString());
            backup.execute();
        }
    }

    @Override
    public void close() {
        pool.close();
    }

    private static HikariDataSource connect(Path dataDirectory) {
        HikariConfig config = new HikariConfig();
        String file = dataDirectory.toAbsolutePath().resolve(FILE_NAME).toString();
        if (file.contains(";")) {
            throw new ConfigException(
                    "data", dataDirectory.toString(), "H2 cannot use a path that contains a semicolon");
        }
        // WRITE_DELAY=0: a commit is in the file, not in a buffer, when it returns. DB_CLOSE_ON_EXIT: we close it.
        config.setJdbcUrl("jdbc:h2:file:" + file + ";WRITE_DELAY=0;DB_CLOSE_ON_EXIT=FALSE");
        config.setPoolName("tracker-database");
        config.setAutoCommit(false);
        config.setMaximumPoolSize(MAX_CONNECTIONS);
        config.setMinimumIdle(1);
        config.setInitializationFailTimeout(CONNECT_TIMEOUT_MS);
        try {
            return new HikariDataSource(config);
        } catch (HikariPool.PoolInitializationException e) {
            throw refused(dataDirectory, e);
        }
    }

    private static ConfigException refused(Path dataDirectory, HikariPool.PoolInitializationException e) {
        String reason = e.getCause() == null
                ? String.valueOf(e.getMessage())
                : e.getCause().getMessage();
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql && sql.getErrorCode() == DatabaseErrors.ALREADY_OPEN) {
                return new ConfigException(
                        "data",
                        dataDirectory.toString(),
                        "another process uses this directory; stop it or name another directory");
            }
        }
        return new ConfigException("data", dataDirectory.toString(), "the database cannot be opened: " + reason);
    }
}
