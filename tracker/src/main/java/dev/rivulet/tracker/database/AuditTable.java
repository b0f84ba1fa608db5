package dev.rivulet.tracker.database;

import java.io.IOException;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.List;

/** The table of what operators did. Thread-safe. */
public final class AuditTable {
    private final TrackerDatabase database;

    public AuditTable(TrackerDatabase database) {
        this.database = database;
    }

    /**
     * What somebody did.
     *
     * @param id rises; 0 for one that is not kept yet
     * @param at seconds since 1970
     * @param outcome the status of the answer
     */
    public record Row(long id, long at, String who, String action, String target, String detail, int outcome) {}

    /** Keeps it, and returns its id. */
    public long add(Row row) throws IOException {
        return database.transaction(connection -> {
            try (PreparedStatement insert = connection.prepareStatement(
                    "INSERT INTO audit (made_at, who, action, target, detail, outcome) VALUES (?, ?, ?, ?, ?, ?)",
                    new String[] {"id"})) {
                insert.setLong(1, row.at());
                insert.setString(2, row.who());
                insert.setString(3, row.action());
                insert.setString(4, row.target());
                insert.setString(5, row.detail());
                insert.setInt(6, row.outcome());
                insert.executeUpdate();
                try (ResultSet keys = insert.getGeneratedKeys()) {
                    return keys.next() ? keys.getLong(1) : 0L;
                }
            }
        });
    }

    /** The newest before {@code before}, the newest first. */
    public List<Row> before(long before, int most) throws IOException {
        return database.transaction(connection -> {
            try (PreparedStatement select =
                    connection.prepareStatement("SELECT id, made_at, who, action, target, detail, outcome FROM audit"
                            + " WHERE id < ? ORDER BY id DESC FETCH FIRST ? ROWS ONLY")) {
                select.setLong(1, before);
                select.setInt(2, most);
                try (ResultSet rows = select.executeQuery()) {
                    List<Row> found = new ArrayList<>();
                    while (rows.next()) {
                        found.add(new Row(
                                rows.getLong(1),
                                rows.getLong(2),
                                rows.getString(3),
                                rows.getString(4),
                                rows.getString(5),
                                rows.getString(6),
                                rows.getInt(7)));
                    }
                    return found;
                }
            }
        });
    }

    /** Forgets what has an id up to {@code last}. */
    public void forget(long last) throws IOException {
        database.transaction(connection -> {
            try (PreparedStatement delete = connection.prepareStatement("DELETE FROM audit WHERE id <= ?")) {
                delete.setLong(1, last);
                return delete.executeUpdate();
            }
        });
    }
}
