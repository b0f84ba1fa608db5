package dev.rivulet.tracker.history;

import dev.rivulet.protocol.DecodeException;
import dev.rivulet.protocol.id.ContentId;
import dev.rivulet.protocol.id.KeyId;
import dev.rivulet.protocol.id.SiteId;
import dev.rivulet.protocol.message.ClientMessage.Share;
import dev.rivulet.tracker.database.TrackerDatabase;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads the figures in the database; blocks. Thread-safe. */
public final class History {
    private static final SiteId ANY = new SiteId("all");

    private final TrackerDatabase database;

    public History(TrackerDatabase database) {
        this.database = database;
    }

    /** Reads a row. */
    @FunctionalInterface
    private interface Reader<T> {
        T read(ResultSet row) throws SQLException;
    }

    /** A statement under way. */
    private record Query(StringBuilder sql, List<Object> values) {
        static Query of(String sql, Object... values) {
            return new Query(new StringBuilder(sql), new ArrayList<>(Arrays.asList(values)));
        }

        Query andIf(@Nullable Object value, String condition) {
            return value == null ? this : and(condition, value);
        }

        Query and(String more, Object... further) {
            sql.append(more);
            values.addAll(Arrays.asList(further));
            return this;
        }

        <T> List<T> run(Connection connection, Reader<T> reader) throws SQLException {
            try (PreparedStatement select = connection.prepareStatement(sql.toString())) {
                for (int i = 0; i < values.size(); i++) {
                    select.setObject(i + 1, values.get(i));
                }
                try (ResultSet rows = select.executeQuery()) {
                    List<T> all = new ArrayList<>();
                    while (rows.next()) {
                        all.add(reader.read(rows));
                    }
                    return all;
                }
            }
        }
    }

    /**
     * What happened in each span that is known, by when it began; the viewers of several sites are added up.
     *
     * @param site null for all sites together
     * @param from the first span's beginning, in seconds since 1970
     */
    public NavigableMap<Long, SiteSpan> sites(@Nullable SiteId site, Step step, long from) throws IOException {
        String sums = Stream.concat(Arrays.stream(Sum.values()).map(Sum::column), Stream.of("viewers", "edges_online"))
                .map(column -> "SUM(" + column + ")")
                .collect(Collectors.joining(", "));
        Query query = Query.of("SELECT started, " + sums + " FROM site_figure WHERE step = ?", step.seconds())
                .andIf(text(site), " AND site = ?")
                .and(" AND started >= ? GROUP BY started", from);
        NavigableMap<Long, SiteSpan> spans = new TreeMap<>();
        database.transaction(connection -> query.run(connection, row -> {
            long started = row.getLong(1);
            spans.put(started, siteSpan(site == null ? ANY : site, row));
            return started;
        }));
        return spans;
    }

    private static SiteSpan siteSpan(SiteId site, ResultSet row) throws SQLException {
        Map<Sum, Long> values = new EnumMap<>(Sum.class);
        int column = 2;
        for (Sum sum : Sum.values()) {
            values.put(sum, row.getLong(column++));
        }
        Sums sums = Sums.of(sum -> values.getOrDefault(sum, 0L));
        return new SiteSpan(site, sums, row.getLong(column), row.getLong(column + 1));
    }

    /** What an edge did in each span that is known. */
    public NavigableMap<Long, EdgeSpan> edge(SiteId site, KeyId fingerprint, Step step, long from) throws IOException {
        Query query = Query.of(
                "SELECT started, up, down, origin FROM edge_figure WHERE fingerprint = ? AND site = ? AND step = ?"
                        + " AND started >= ?",
                fingerprint.text(),
                site.text(),
                step.seconds(),
                from);
        NavigableMap<Long, EdgeSpan> spans = new TreeMap<>();
        database.transaction(connection -> query.run(connection, row -> {
            spans.put(row.getLong(1), new EdgeSpan(site, fingerprint, row.getLong(2), row.getLong(3), row.getLong(4)));
            return row.getLong(1);
        }));
        return spans;
    }

    /** The contents most used since {@code from}, the first first; after the first {@code skip}, at most {@code most}. */
    public List<ContentSpan> contents(@Nullable SiteId site, Step step, long from, int skip, int most)
            throws IOException {
        Query query = Query.of(
                        "SELECT site, content_id, SUM(used) AS total, SUM(origin) FROM content_figure WHERE"
                                + " step = ? AND started >= ?",
                        step.seconds(),
                        from)
                .andIf(text(site), " AND site = ?")
                .and(
                        " GROUP BY site, content_id ORDER BY total DESC, content_id OFFSET ? ROWS FETCH NEXT ? ROWS ONLY",
                        skip,
                        most);
        return database.transaction(connection -> query.run(
                connection,
                row -> new ContentSpan(
                        new SiteId(row.getString(1)), contentId(row.getString(2)), row.getLong(3), row.getLong(4))));
    }

    /** What one content's figures were in each span that is known. */
    public NavigableMap<Long, ContentSpan> content(SiteId site, ContentId content, Step step, long from)
            throws IOException {
        Query query = Query.of(
                "SELECT started, used, origin FROM content_figure WHERE site = ? AND step = ? AND started >= ?"
                        + " AND content_id = ?",
                site.text(),
                step.seconds(),
                from,
                content.text());
        NavigableMap<Long, ContentSpan> spans = new TreeMap<>();
        database.transaction(connection -> query.run(connection, row -> {
            spans.put(row.getLong(1), new ContentSpan(site, content, row.getLong(2), row.getLong(3)));
            return row.getLong(1);
        }));
        return spans;
    }

    /** How edges were when they were last heard of. */
    public List<EdgeStanding> standings() throws IOException {
        Query query = Query.of("SELECT site, fingerprint, name, region, agent, last_seen, store_used, store_max,"
                + " quota_used, quota_max FROM edge_state");
        return database.transaction(connection -> query.run(
                connection,
                row -> new EdgeStanding(
                        new SiteId(row.getString(1)),
                        keyId(row.getString(2)),
                        row.getString(3),
                        row.getString(4),
                        row.getString(5),
                        row.getLong(6),
                        new Share(row.getLong(7), row.getLong(8)),
                        new Share(row.getLong(9), row.getLong(10)))));
    }

    /**
     * The newest first.
     *
     * @param kind null for all kinds
     * @param before only those of smaller ids
     */
    public List<Event> events(@Nullable String kind, long before, int most) throws IOException {
        Query query = Query.of("SELECT id, happened, kind, site, level, text FROM event WHERE id < ?", before)
                .andIf(kind, " AND kind = ?")
                .and(" ORDER BY id DESC FETCH FIRST ? ROWS ONLY", most);
        return database.transaction(connection -> query.run(connection, History::event));
    }

    private static Event event(ResultSet row) throws SQLException {
        String site = row.getString(4);
        return new Event(
                row.getLong(1),
                row.getLong(2),
                row.getString(3),
                site == null ? null : new SiteId(site),
                Event.Level.valueOf(row.getString(5)),
                row.getString(6));
    }

    private static @Nullable String text(@Nullable SiteId site) {
        return site == null ? null : site.text();
    }

    private static ContentId contentId(String text) {
        try {
            return ContentId.parse(text);
        } catch (DecodeException e) {
            throw new IllegalStateException("the database holds the content id " + text, e);
        }
    }

    private static KeyId keyId(String text) {
        try {
            return KeyId.parse(text);
        } catch (DecodeException e) {
            throw new IllegalStateException("the database holds the key id " + text, e);
        }
    }
}
