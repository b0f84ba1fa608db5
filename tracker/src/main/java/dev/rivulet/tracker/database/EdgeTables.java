package dev.rivulet.tracker.database;

import dev.rivulet.protocol.DecodeException;
import dev.rivulet.protocol.id.KeyId;
import dev.rivulet.protocol.id.SiteId;
import java.io.IOException;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The tables of edges' identities. Every write is one transaction. Thread-safe. */
public final class EdgeTables {
    private final TrackerDatabase database;

    public EdgeTables(TrackerDatabase database) {
        this.database = database;
    }

    /**
     * An edge that showed its key.
     *
     * @param firstSeen seconds since 1970
     */
    public record Enrolled(SiteId site, KeyId fingerprint, long firstSeen) {}

    /** All that were ever met, the oldest first. */
    public List<Enrolled> enrolled() throws IOException {
        return database.transaction(connection -> {
            try (PreparedStatement select = connection.prepareStatement(
                            "SELECT site, fingerprint, first_seen FROM edge ORDER BY first_seen, site, fingerprint");
                    ResultSet rows = select.executeQuery()) {
                List<Enrolled> all = new ArrayList<>();
                while (rows.next()) {
                    all.add(new Enrolled(new SiteId(rows.getString(1)), keyId(rows.getString(2)), rows.getLong(3)));
                }
                return all;
            }
        });
    }

    /** Keeps an edge, unless it is known. */
    public void enrol(Enrolled edge) throws IOException {
        database.transaction(connection -> {
            try (PreparedStatement insert = connection.prepareStatement(
                    "INSERT INTO edge (site, fingerprint, first_seen) SELECT ?, ?, ? WHERE NOT EXISTS"
                            + " (SELECT 1 FROM edge WHERE site = ? AND fingerprint = ?)")) {
                insert.setString(1, edge.site().text());
                insert.setString(2, edge.fingerprint().text());
                insert.setLong(3, edge.firstSeen());
                insert.setString(4, edge.site().text());
                insert.setString(5, edge.fingerprint().text());
                return insert.executeUpdate();
            }
        });
    }

    /** Keys that are revoked, and when that was, in seconds since 1970. */
    public Map<KeyId, Long> revoked() throws IOException {
        return database.transaction(connection -> {
            try (PreparedStatement select =
                            connection.prepareStatement("SELECT fingerprint, revoked_at FROM revoked_edge");
                    ResultSet rows = select.executeQuery()) {
                Map<KeyId, Long> all = new HashMap<>();
                while (rows.next()) {
                    all.put(keyId(rows.getString(1)), rows.getLong(2));
                }
                return all;
            }
        });
    }

    /** Revokes a key, known or not; on the disk when this returns. */
    public void revoke(KeyId fingerprint, long nowSeconds) throws IOException {
        database.transaction(connection -> {
            try (PreparedStatement merge = connection.prepareStatement(
                    "MERGE INTO revoked_edge (fingerprint, revoked_at) KEY (fingerprint) VALUES (?, ?)")) {
                merge.setString(1, fingerprint.text());
                merge.setLong(2, nowSeconds);
                return merge.executeUpdate();
            }
        });
        database.sync();
    }

    private static KeyId keyId(String text) {
        try {
            return KeyId.parse(text);
        } catch (DecodeException e) {
            throw new IllegalStateException("the database holds the key id " + text, e);
        }
    }
}
