package dev.rivulet.tracker.database;

import dev.rivulet.protocol.id.SiteId;
import java.io.IOException;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The tables of what an operator set while the tracker ran: sites, and the tracker's policy. Thread-safe. */
public final class SiteTables {
    private static final int THE_POLICY = 1;

    private final TrackerDatabase database;

    public SiteTables(TrackerDatabase database) {
        this.database = database;
    }

    /** All sites: their configurations, as they were put, by their ids. */
    public Map<String, String> sites() throws IOException {
        return database.transaction(connection -> {
            try (PreparedStatement select = connection.prepareStatement("SELECT id, config FROM site");
                    ResultSet rows = select.executeQuery()) {
                Map<String, String> all = new TreeMap<>();
                while (rows.next()) {
                    all.put(rows.getString(1), rows.getString(2));
                }
                return all;
            }
        });
    }

    /** Adds a site or changes it; on the disk when this returns. */
    public void put(SiteId site, String config) throws IOException {
        database.transaction(connection -> {
            try (PreparedStatement merge =
                    connection.prepareStatement("MERGE INTO site (id, config) KEY (id) VALUES (?, ?)")) {
                merge.setString(1, site.text());
                merge.setString(2, config);
                return merge.executeUpdate();
            }
        });
        database.sync();
    }

    /** Removes a site; on the disk when this returns. */
    public void remove(SiteId site) throws IOException {
        database.transaction(connection -> {
            try (PreparedStatement delete = connection.prepareStatement("DELETE FROM site WHERE id = ?")) {
                delete.setString(1, site.text());
                return delete.executeUpdate();
            }
        });
        database.sync();
    }

    /** The policy as it was put, if it ever was. */
    public Optional<String> policy() throws IOException {
        return database.transaction(connection -> {
            try (PreparedStatement select =
                    connection.prepareStatement("SELECT policy FROM tracker_policy WHERE id = ?")) {
                select.setInt(1, THE_POLICY);
                try (ResultSet rows = select.executeQuery()) {
                    return rows.next() ? Optional.of(rows.getString(1)) : Optional.empty();
                }
            }
        });
    }

    /** Keeps the policy; on the disk when this returns. */
    public void putPolicy(String policy) throws IOException {
        database.transaction(connection -> {
            try (PreparedStatement merge =
                    connection.prepareStatement("MERGE INTO tracker_policy (id, policy) KEY (id) VALUES (?, ?)")) {
                merge.setInt(1, THE_POLICY);
                merge.setString(2, policy);
                return merge.executeUpdate();
            }
        });
        database.sync();
    }
}
