package dev.rivulet.tracker.database;

import dev.rivulet.protocol.DecodeException;
import dev.rivulet.protocol.catalog.BlockList;
import dev.rivulet.protocol.id.SiteId;
import dev.rivulet.tracker.catalog.TakeDown;
import java.io.IOException;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** The table of what operators took down. Every write is one transaction, on the disk when it returns. Thread-safe. */
public final class TakeDownTables {
    private final TrackerDatabase database;

    public TakeDownTables(TrackerDatabase database) {
        this.database = database;
    }

    /** All of a site, the oldest first. */
    public List<TakeDown> all(SiteId site) throws IOException {
        return database.transaction(connection -> {
            try (PreparedStatement select =
                    connection.prepareStatement("SELECT subject, reason, reference, hashes, since"
                            + " FROM take_down WHERE site = ? ORDER BY since, subject")) {
                select.setString(1, site.text());
                List<TakeDown> all = new ArrayList<>();
                try (ResultSet rows = select.executeQuery()) {
                    while (rows.next()) {
                        all.add(takeDown(rows));
                    }
                }
                return all;
            }
        });
    }

    /** Keeps one, in place of another of the same subject. */
    public void put(SiteId site, TakeDown takeDown) throws IOException {
        database.transaction(connection -> {
            try (PreparedStatement merge = connection.prepareStatement(
                    "MERGE INTO take_down (site, subject, hashes, reason, reference, since) KEY (site, subject)"
                            + " VALUES (?, ?, ?, ?, ?, ?)")) {
                merge.setString(1, site.text());
                merge.setString(2, takeDown.order().subject());
                merge.setBytes(3, takeDown.blocked().encode());
                merge.setString(4, takeDown.order().reason());
                merge.setString(5, takeDown.order().reference());
                merge.setLong(6, takeDown.since());
                return merge.executeUpdate();
            }
        });
        database.sync();
    }

    /** Forgets one; whether it was there. */
    public boolean remove(SiteId site, String subject) throws IOException {
        int removed = database.transaction(connection -> {
            try (PreparedStatement delete =
                    connection.prepareStatement("DELETE FROM take_down WHERE site = ? AND subject = ?")) {
                delete.setString(1, site.text());
                delete.setString(2, subject);
                return delete.executeUpdate();
            }
        });
        database.sync();
        return removed > 0;
    }

    private static TakeDown takeDown(ResultSet row) throws SQLException {
        try {
            return new TakeDown(
                    new TakeDown.Order(row.getString(1), row.getString(2), row.getString(3)),
                    BlockList.decode(row.getBytes(4)),
                    row.getLong(5));
        } catch (DecodeException e) {
            throw new SQLException("what was taken down as " + row.getString(1) + " cannot be read", e);
        }
    }
}
