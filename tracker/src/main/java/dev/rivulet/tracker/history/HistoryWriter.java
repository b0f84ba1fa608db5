package dev.rivulet.tracker.history;

import dev.rivulet.protocol.id.SiteId;
import dev.rivulet.tracker.database.TrackerDatabase;
import dev.rivulet.tracker.history.AdditiveTable.Row;
import dev.rivulet.tracker.history.Step.Kept;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;

/**
 * Adds to the figures in the database. What is counted in a minute is added to every step at once, in one transaction: a
 * crash loses that minute at most, and no step ever says otherwise than another. Blocks; for one thread.
 */
public final class HistoryWriter {
    /** Contents of a site that are kept of a closed span of ten minutes, those most used. */
    static final int CONTENTS_PER_TEN_MINUTES = 200;
    /** Likewise of a day. */
    static final int CONTENTS_PER_DAY = 1000;
    /** Events kept; the oldest go first. */
    static final int MAX_EVENTS = 10_000;
    /** Of an event's text; the rest is cut off. */
    static final int MAX_TEXT_CHARS = 1000;

    static final AdditiveTable SITES = new AdditiveTable(
            "site_figure",
            List.of("step", "started", "site"),
            Arrays.stream(Sum.values()).map(Sum::column).toList(),
            List.of("viewers", "edges_online"));

    static final AdditiveTable EDGES = new AdditiveTable(
            "edge_figure",
            List.of("step", "started", "site", "fingerprint"),
            List.of("up", "down", "origin"),
            List.of());

    static final AdditiveTable CONTENTS = new AdditiveTable(
            "content_figure", List.of("step", "started", "site", "content_id"), List.of("used", "origin"), List.of());

    private final TrackerDatabase database;

    public HistoryWriter(TrackerDatabase database) {
        this.database = database;
    }

    /** What was counted around one moment; each site, edge and content once. */
    public record Counted(List<SiteSpan> sites, List<EdgeSpan> edges, List<ContentSpan> contents) {}

    /**
     * Adds to all steps.
     *
     * @param at seconds since 1970
     */
    public void add(long at, Counted counted) throws IOException {
        database.transaction(connection -> {
            for (Kept kept : Step.OF_SITES) {
                SITES.add(connection, rows(counted.sites(), span -> siteRow(kept.step(), at, span)));
            }
            for (Kept kept : Step.OF_EDGES) {
                EDGES.add(connection, rows(counted.edges(), span -> edgeRow(kept.step(), at, span)));
            }
            for (Kept kept : Step.OF_CONTENTS) {
                CONTENTS.add(connection, rows(counted.contents(), span -> contentRow(kept.step(), at, span)));
            }
            return counted.sites().size();
        });
    }

    private static <T> List<Row> rows(Collection<T> spans, Function<T, Row> row) {
        return spans.stream().map(row).toList();
    }

    static Row siteRow(Step step, long at, SiteSpan span) {
        List<Object> key = List.of(step.seconds(), step.startOf(at), span.site().text());
        List<Long> sums =
                Arrays.stream(Sum.values()).map(sum -> span.sums().get(sum)).toList();
        return new Row(key, sums, List.of(span.viewers(), span.edges()));
    }

    static Row edgeRow(Step step, long at, EdgeSpan span) {
        List<Object> key = List.of(
                step.seconds(),
                step.startOf(at),
                span.site().text(),
                span.fingerprint().text());
        return new Row(key, List.of(span.up(), span.down(), span.origin()), List.of());
    }

    static Row contentRow(Step step, long at, ContentSpan span) {
        List<Object> key = List.of(
                step.seconds(),
                step.startOf(at),
                span.site().text(),
                span.content().text());
        return new Row(key, List.of(span.used(), span.origin()), List.of());
    }

    /** Forgets what is too old, and of the contents of spans that have ended all but the most used. */
    public void keepHouse(long now, Collection<SiteId> sites) throws IOException {
        forget("site_figure", Step.OF_SITES, now);
        forget("edge_figure", Step.OF_EDGES, now);
        forget("content_figure", Step.OF_CONTENTS, now);
        for (SiteId site : sites) {
            trim(site, Step.TEN_MINUTES, now, CONTENTS_PER_TEN_MINUTES);
            trim(site, Step.DAY, now, CONTENTS_PER_DAY);
        }
        database.transaction(connection -> {
            try (PreparedStatement delete =
                    connection.prepareStatement("DELETE FROM event WHERE id <= (SELECT MAX(id) FROM event) - ?")) {
                delete.setInt(1, MAX_EVENTS);
                return delete.executeUpdate();
            }
        });
    }

    private void forget(String table, List<Kept> kept, long now) throws IOException {
        for (Kept each : kept) {
            database.transaction(connection -> {
                try (PreparedStatement delete =
                        connection.prepareStatement("DELETE FROM " + table + " WHERE step = ? AND started < ?")) {
                    delete.setInt(1, each.step().seconds());
                    delete.setLong(2, now - each.age().toSeconds());
                    return delete.executeUpdate();
                }
            });
        }
    }

    /** Of the last few spans that have ended: the earlier ones were trimmed before. */
    private void trim(SiteId site, Step step, long now, int most) throws IOException {
        long end = step.startOf(now);
        int recent = step == Step.DAY ? 2 : 12;
        for (long started = end - (long) recent * step.seconds(); started < end; started += step.seconds()) {
            long span = started;
            database.transaction(connection -> trim(connection, List.of(site.text(), step.seconds(), span), most));
        }
    }

    private static int trim(Connection connection, List<Object> span, int most) throws SQLException {
        String which = " FROM content_figure WHERE site = ? AND step = ? AND started = ?";
        try (PreparedStatement delete = connection.prepareStatement("DELETE" + which + " AND content_id NOT IN"
                + " (SELECT content_id" + which + " ORDER BY used DESC, content_id FETCH FIRST " + most
                + " ROWS ONLY)")) {
            for (int i = 0; i < span.size(); i++) {
                delete.setObject(i + 1, span.get(i));
                delete.setObject(i + 1 + span.size(), span.get(i));
            }
            return delete.executeUpdate();
        }
    }

    /** Keeps how edges are, in place of how they were. */
    public void keep(List<EdgeStanding> standings) throws IOException {
        database.transaction(connection -> {
            try (PreparedStatement delete =
                            connection.prepareStatement("DELETE FROM edge_state WHERE site = ? AND fingerprint = ?");
                    PreparedStatement insert = connection.prepareStatement(
                            "INSERT INTO edge_state (site, fingerprint, name, region, agent, last_seen, store_used,"
                                    + " store_max, quota_used, quota_max) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")) {
                for (EdgeStanding standing : standings) {
                    delete.setString(1, standing.site().text());
                    delete.setString(2, standing.fingerprint().text());
                    delete.addBatch();
                    set(insert, standing);
                    insert.addBatch();
                }
                delete.executeBatch();
                return insert.executeBatch().length;
            }
        });
    }

    private static void set(PreparedStatement insert, EdgeStanding standing) throws SQLException {
        insert.setString(1, standing.site().text());
        insert.setString(2, standing.fingerprint().text());
        insert.setString(3, standing.name());
        insert.setString(4, standing.region());
        insert.setString(5, standing.agent());
        insert.setLong(6, standing.lastSeen());
        insert.setLong(7, standing.store().used());
        insert.setLong(8, standing.store().max());
        insert.setLong(9, standing.quota().used());
        insert.setLong(10, standing.quota().max());
    }

    /** Keeps events, whose ids are given to them here; returns them with these. */
    public List<Event> append(List<Event> events) throws IOException {
        return database.transaction(connection -> {
            List<Event> kept = new ArrayList<>();
            try (PreparedStatement insert = connection.prepareStatement(
                    "INSERT INTO event (happened, kind, site, level, text) VALUES (?, ?, ?, ?, ?)",
                    new String[] {"id"})) {
                for (Event event : events) {
                    kept.add(append(insert, event));
                }
            }
            return kept;
        });
    }

    private static Event append(PreparedStatement insert, Event event) throws SQLException {
        String text = event.text();
        String cut = text.length() <= MAX_TEXT_CHARS ? text : text.substring(0, MAX_TEXT_CHARS);
        insert.setLong(1, event.at());
        insert.setString(2, event.kind());
        if (event.site() == null) {
            insert.setNull(3, Types.VARCHAR);
        } else {
            insert.setString(3, event.site().text());
        }
        insert.setString(4, event.level().name());
        insert.setString(5, cut);
        insert.executeUpdate();
        try (var keys = insert.getGeneratedKeys()) {
            if (!keys.next()) {
                throw new SQLException("the event was given no id");
            }
            return new Event(keys.getLong(1), event.at(), event.kind(), event.site(), event.level(), cut);
        }
    }
}
