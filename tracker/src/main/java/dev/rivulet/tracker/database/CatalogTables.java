package dev.rivulet.tracker.database;

import dev.rivulet.protocol.DecodeException;
import dev.rivulet.protocol.Limits;
import dev.rivulet.protocol.catalog.Entry;
import dev.rivulet.protocol.id.ContentId;
import dev.rivulet.protocol.id.ResourceUrl;
import dev.rivulet.protocol.id.SiteId;
import dev.rivulet.protocol.id.UrlHash;
import dev.rivulet.protocol.json.Json;
import dev.rivulet.tracker.catalog.CatalogChange;
import dev.rivulet.tracker.catalog.CatalogEntry;
import dev.rivulet.tracker.catalog.CatalogPosition;
import dev.rivulet.tracker.catalog.Source;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The tables of catalogs. Every write is one transaction. Thread-safe. */
public final class CatalogTables {
    private final TrackerDatabase database;

    public CatalogTables(TrackerDatabase database) {
        this.database = database;
    }

    /** An entry as it was kept. */
    public record Kept(CatalogEntry entry, boolean suspended) {}

    /** The sites that have a catalog. */
    public List<SiteId> sites() throws IOException {
        return database.transaction(connection -> {
            try (PreparedStatement select = connection.prepareStatement("SELECT site FROM catalog_head ORDER BY site");
                    ResultSet rows = select.executeQuery()) {
                List<SiteId> sites = new ArrayList<>();
                while (rows.next()) {
                    sites.add(new SiteId(rows.getString(1)));
                }
                return sites;
            }
        });
    }

    /** How far the site's catalog has come. */
    public CatalogPosition position(SiteId site) throws IOException {
        return database.transaction(connection -> {
            try (PreparedStatement select = connection.prepareStatement(
                    "SELECT epoch, sequence, batch, jws FROM catalog_head WHERE site = ?")) {
                select.setString(1, site.text());
                try (ResultSet rows = select.executeQuery()) {
                    return rows.next()
                            ? new CatalogPosition(rows.getLong(1), rows.getLong(2), rows.getLong(3), rows.getString(4))
                            : CatalogPosition.START;
                }
            }
        });
    }

    /** Keeps how far the site's catalog has come, before anybody is told. */
    public void advance(SiteId site, CatalogPosition position) throws IOException {
        database.transaction(connection -> {
            try (PreparedStatement merge = connection.prepareStatement(
                    "MERGE INTO catalog_head (site, epoch, sequence, batch, jws) KEY (site) VALUES (?, ?, ?, ?, ?)")) {
                merge.setString(1, site.text());
                merge.setLong(2, position.epoch());
                merge.setLong(3, position.sequence());
                merge.setLong(4, position.batch());
                merge.setString(5, position.head());
                return merge.executeUpdate();
            }
        });
    }

    /** All entries of the site; throws {@link IOException} when one cannot be read. */
    public List<Kept> entries(SiteId site) throws IOException {
        return database.transaction(connection -> {
            try (PreparedStatement select = connection.prepareStatement(
                    "SELECT url, entry, source, max_age_seconds, suspended FROM catalog_entry WHERE site = ?")) {
                select.setString(1, site.text());
                List<Kept> entries = new ArrayList<>();
                try (ResultSet rows = select.executeQuery()) {
                    while (rows.next()) {
                        entries.add(kept(rows));
                    }
                }
                return entries;
            }
        });
    }

    /** Makes the change. */
    public void apply(SiteId site, CatalogChange change) throws IOException {
        database.transaction(connection -> {
            putEntries(connection, site, change.puts());
            putLayouts(connection, site, change.puts());
            suspend(connection, site, change.suspended());
            remove(connection, site, change.removed());
            return change.puts().size();
        });
    }

    /** Returns once all that was written is on the disk. */
    public void sync() throws IOException {
        database.sync();
    }

    /** The bytes of a layout that is too long to be inside its entry. */
    public Optional<byte[]> layout(SiteId site, ContentId content) throws IOException {
        return database.transaction(connection -> {
            try (PreparedStatement select =
                    connection.prepareStatement("SELECT bytes FROM layout WHERE site = ? AND content_id = ?")) {
                select.setString(1, site.text());
                select.setString(2, content.text());
                try (ResultSet rows = select.executeQuery()) {
                    return rows.next() ? Optional.of(rows.getBytes(1)) : Optional.empty();
                }
            }
        });
    }

    /** Layouts that no entry needs. */
    public Set<OwnedContent> orphans() throws IOException {
        return database.transaction(connection -> {
            try (PreparedStatement select = connection.prepareStatement(
                            "SELECT site, content_id FROM layout l WHERE NOT EXISTS (SELECT 1 FROM catalog_entry e"
                                    + " WHERE e.site = l.site AND e.content_id = l.content_id)");
                    ResultSet rows = select.executeQuery()) {
                Set<OwnedContent> orphans = new HashSet<>();
                while (rows.next()) {
                    orphans.add(new OwnedContent(rows.getString(1), rows.getString(2)));
                }
                return orphans;
            }
        });
    }

    /** A layout of a site, by the texts of both ids. */
    public record OwnedContent(String site, String content) {}

    /** Deletes layouts. */
    public void deleteLayouts(Collection<OwnedContent> layouts) throws IOException {
        database.transaction(connection -> {
            try (PreparedStatement delete =
                    connection.prepareStatement("DELETE FROM layout WHERE site = ? AND content_id = ?")) {
                for (OwnedContent layout : layouts) {
                    delete.setString(1, layout.site());
                    delete.setString(2, layout.content());
                    delete.addBatch();
                }
                return delete.executeBatch();
            }
        });
    }

    private static Kept kept(ResultSet row) throws SQLException {
        try {
            CatalogEntry entry = new CatalogEntry(
                    ResourceUrl.parse(row.getString(1)),
                    Entry.decode(Json.parse("entry", row.getString(2))),
                    Source.valueOf(row.getString(3)),
                    row.getLong(4));
            return new Kept(entry, row.getBoolean(5));
        } catch (DecodeException | IllegalArgumentException e) {
            throw new SQLException("the entry of " + row.getString(1) + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static void putEntries(Connection connection, SiteId site, List<CatalogChange.Put> puts)
            throws SQLException {
        try (PreparedStatement merge = connection.prepareStatement(
                "MERGE INTO catalog_entry (site, url_hash, url, content_id, entry, source, max_age_seconds,"
                        + " fresh_until, suspended) KEY (site, url_hash) VALUES (?, ?, ?, ?, ?, ?, ?, ?, FALSE)")) {
            for (CatalogChange.Put put : puts) {
                CatalogEntry entry = put.entry();
                merge.setString(1, site.text());
                merge.setString(2, entry.key().text());
                merge.setString(3, entry.url().text());
                merge.setString(4, entry.entry().content().text());
                merge.setString(5, Json.write(entry.entry().encode()));
                merge.setString(6, entry.source().name());
                merge.setLong(7, entry.maxAgeSeconds());
                merge.setLong(8, entry.entry().freshUntil());
                merge.addBatch();
            }
            merge.executeBatch();
        }
    }

    private static void putLayouts(Connection connection, SiteId site, List<CatalogChange.Put> puts)
            throws SQLException {
        try (PreparedStatement merge = connection.prepareStatement(
                "MERGE INTO layout (site, content_id, bytes) KEY (site, content_id) VALUES (?, ?, ?)")) {
            for (CatalogChange.Put put : puts) {
                if (put.layout().pieceCount() > Limits.MAX_INLINE_HASHES) {
                    merge.setString(1, site.text());
                    merge.setString(2, put.layout().contentId().text());
                    merge.setBytes(3, put.layout().encode());
                    merge.addBatch();
                }
            }
            merge.executeBatch();
        }
    }

    private static void suspend(Connection connection, SiteId site, Set<UrlHash> urls) throws SQLException {
        forEach(connection, site, urls, "UPDATE catalog_entry SET suspended = TRUE WHERE site = ? AND url_hash = ?");
    }

    private static void remove(Connection connection, SiteId site, Set<UrlHash> urls) throws SQLException {
        forEach(connection, site, urls, "DELETE FROM catalog_entry WHERE site = ? AND url_hash = ?");
    }

    private static void forEach(Connection connection, SiteId site, Set<UrlHash> urls, String sql) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (UrlHash url : urls) {
                statement.setString(1, site.text());
                statement.setString(2, url.text());
                statement.addBatch();
            }
            statement.executeBatch();
        }
    }
}
