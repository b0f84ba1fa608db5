package dev.rivulet.tracker.database;

import dev.rivulet.protocol.DecodeException;
import dev.rivulet.protocol.id.KeyId;
import java.io.IOException;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The table of edges that are banned. What changes it is on the disk when it returns. Thread-safe. */
public final class BanTables {
    private final TrackerDatabase database;

    public BanTables(TrackerDatabase database) {
        this.database = database;
    }

    /**
     * A ban.
     *
     * @param since seconds since 1970
     * @param ends seconds since 1970; null: when it is lifted
     */
    public record Kept(
            String id,
            KeyId fingerprint,
            String reason,
            long since,
            @Nullable Long ends) {}

    /** All that were put and not deleted. */
    public List<Kept> all() throws IOException {
        return database.transaction(connection -> {
            try (PreparedStatement select =
                            connection.prepareStatement("SELECT id, fingerprint, reason, since, ends FROM ban");
                    ResultSet rows = select.executeQuery()) {
                List<Kept> all = new ArrayList<>();
                while (rows.next()) {
                    all.add(kept(rows));
                }
                return all;
            }
        });
    }

    /** Keeps a new one. */
    public void put(Kept ban) throws IOException {
        database.transaction(connection -> {
            try (PreparedStatement insert = connection.prepareStatement(
                    "INSERT INTO ban (id, fingerprint, reason, since, ends) VALUES (?, ?, ?, ?, ?)")) {
                insert.setString(1, ban.id());
                insert.setString(2, ban.fingerprint().text());
                insert.setString(3, ban.reason());
                insert.setLong(4, ban.since());
                insert.setObject(5, ban.ends());
                return insert.executeUpdate();
            }
        });
        database.sync();
    }

    /** Forgets one. */
    public void delete(String id) throws IOException {
        database.transaction(connection -> {
            try (PreparedStatement delete = connection.prepareStatement("DELETE FROM ban WHERE id = ?")) {
                delete.setString(1, id);
                return delete.executeUpdate();
            }
        });
        database.sync();
    }

    private static Kept kept(ResultSet row) throws SQLException {
        try {
            KeyId fingerprint = KeyId.parse(row.getString(2));
            return new Kept(row.getString(1), fingerprint, row.getString(3), row.getLong(4), TokenTables.time(row, 5));
        } catch (DecodeException e) {
            throw new SQLException("the ban " + row.getString(1) + " cannot be read: " + e.getMessage(), e);
        }
    }
}
