package dev.rivulet.tracker.history;

import dev.rivulet.protocol.Base64Url;
import dev.rivulet.protocol.id.ContentId;
import dev.rivulet.protocol.id.KeyId;
import dev.rivulet.protocol.id.SiteId;
import dev.rivulet.tracker.database.TrackerDatabase;
import dev.rivulet.tracker.history.Step.Kept;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

/**
 * Makes the database of a tracker that has run for long, full of figures as they are kept. As a program, with a directory
 * as its argument, it makes that of a large one, and says how long the dashboard's questions take.
 */
public final class FilledHistory {
    private static final int BATCH = 1000;
    private static final int QUESTIONS = 5;

    private final Random random = new Random(1);
    private final TrackerDatabase database;
    private final long now;

    FilledHistory(TrackerDatabase database, long now) {
        this.database = database;
        this.now = now;
    }

    /** How much there is of what. */
    record Size(List<SiteId> sites, List<KeyId> edges, List<ContentId> contents, Duration age) {
        static Size of(int sites, int edges, int contents, Duration age) {
            Random random = new Random(2);
            return new Size(
                    Stream.iterate(0, n -> n + 1)
                            .limit(sites)
                            .map(n -> new SiteId("site-" + n))
                            .toList(),
                    Stream.generate(() -> keyId(random)).limit(edges).toList(),
                    Stream.generate(() -> contentId(random)).limit(contents).toList(),
                    age);
        }
    }

    private static KeyId keyId(Random random) {
        try {
            return KeyId.parse(hash(random));
        } catch (dev.rivulet.protocol.DecodeException e) {
            throw new AssertionError(e);
        }
    }

    private static ContentId contentId(Random random) {
        try {
            return ContentId.parse(hash(random));
        } catch (dev.rivulet.protocol.DecodeException e) {
            throw new AssertionError(e);
        }
    }

    private static String hash(Random random) {
        byte[] bytes = new byte[32];
        random.nextBytes(bytes);
        return Base64Url.encode(bytes);
    }

    /** Writes all of it. */
    void fill(Size size) throws IOException {
        for (SiteId site : size.sites()) {
            for (Kept kept : Step.OF_SITES) {
                insert(HistoryWriter.SITES, spans(kept, size.age()), started -> siteRow(kept.step(), started, site));
            }
        }
        SiteId first = size.sites().get(0);
        for (Kept kept : Step.OF_EDGES) {
            for (KeyId edge : size.edges()) {
                insert(
                        HistoryWriter.EDGES,
                        spans(kept, size.age()),
                        started -> HistoryWriter.edgeRow(
                                kept.step(), started, new EdgeSpan(first, edge, some(), some(), some())));
            }
        }
        fillContents(size, first);
        HistoryWriter writer = new HistoryWriter(database);
        writer.keep(size.edges().stream().map(edge -> standing(first, edge)).toList());
        List<Event> events = new ArrayList<>();
        for (int i = 0; i < HistoryWriter.MAX_EVENTS; i++) {
            events.add(new Event(0, now - i, "enrolment", first, Event.Level.INFO, "Edge " + i + " joined."));
        }
        writer.append(events);
    }

    private void fillContents(Size size, SiteId site) throws IOException {
        for (Kept kept : Step.OF_CONTENTS) {
            int most =
                    kept.step() == Step.DAY ? HistoryWriter.CONTENTS_PER_DAY : HistoryWriter.CONTENTS_PER_TEN_MINUTES;
            for (long started : spans(kept, size.age())) {
                int skip = random.nextInt(Math.max(1, size.contents().size() - most));
                List<ContentId> used =
                        size.contents().subList(skip, Math.min(size.contents().size(), skip + most));
                insert(HistoryWriter.CONTENTS, used, content -> {
                    long bytes = some();
                    return HistoryWriter.contentRow(
                            kept.step(), started, new ContentSpan(site, content, bytes, bytes / 3));
                });
            }
        }
    }

    private List<Long> spans(Kept kept, Duration age) {
        long back = Math.min(kept.age().toSeconds(), age.toSeconds());
        List<Long> spans = new ArrayList<>();
        for (long at = kept.step().startOf(now - back);
                at <= now;
                at += kept.step().seconds()) {
            spans.add(at);
        }
        return spans;
    }

    private AdditiveTable.Row siteRow(Step step, long started, SiteId site) {
        return HistoryWriter.siteRow(step, started, new SiteSpan(site, Sums.of(sum -> some()), 100, 10));
    }

    private EdgeStanding standing(SiteId site, KeyId edge) {
        var share = new dev.rivulet.protocol.message.ClientMessage.Share(some(), 10L << 30);
        return new EdgeStanding(site, edge, "edge", "DE", "rivulet-edge/1", now, share, share);
    }

    private long some() {
        return random.nextInt(1 << 30);
    }

    /** Makes a row of a value. */
    private interface Maker<T> {
        AdditiveTable.Row of(T value);
    }

    private <T> void insert(AdditiveTable table, List<T> values, Maker<T> maker) throws IOException {
        for (int from = 0; from < values.size(); from += BATCH) {
            List<T> batch = values.subList(from, Math.min(values.size(), from + BATCH));
            database.transaction(connection -> {
                try (PreparedStatement insert = connection.prepareStatement(table.insertSql())) {
                    for (T value : batch) {
                        AdditiveTable.Row row = maker.of(value);
                        int at = 1;
                        for (Object column : Stream.of(row.key(), row.sums(), row.peaks())
                                .flatMap(List::stream)
                                .toList()) {
                            insert.setObject(at++, column);
                        }
                        insert.addBatch();
                    }
                    return insert.executeBatch().length;
                }
            });
        }
    }

    /** Fills the directory, and asks what the dashboard asks. */
    public static void main(String[] args) throws Exception {
        long now = Instant.now().getEpochSecond();
        Size size = Size.of(5, 1000, 10_000, Duration.ofDays(90));
        try (TrackerDatabase database = TrackerDatabase.open(Path.of(args[0]))) {
            time("filling", () -> {
                new FilledHistory(database, now).fill(size);
                return 0;
            });
            History history = new History(database);
            SiteId site = size.sites().get(0);
            for (int i = 0; i < QUESTIONS; i++) {
                for (Range range : Range.values()) {
                    ask(history, site, size, range, now);
                }
                time("standings", () -> history.standings().size());
                time("events", () -> history.events(null, Long.MAX_VALUE, 100).size());
            }
            HistoryWriter writer = new HistoryWriter(database);
            List<EdgeSpan> edges = size.edges().stream()
                    .map(edge -> new EdgeSpan(site, edge, 1, 1, 1))
                    .toList();
            List<SiteSpan> sites = size.sites().stream()
                    .map(each -> new SiteSpan(each, Sums.NOTHING, 1, 1))
                    .toList();
            for (int i = 0; i < QUESTIONS; i++) {
                time("writing a minute", () -> {
                    writer.add(now, new HistoryWriter.Counted(sites, edges, List.of()));
                    return edges.size();
                });
            }
            time("keeping house", () -> {
                writer.keepHouse(now, size.sites());
                return 0;
            });
        }
    }

    private static void ask(History history, SiteId site, Size size, Range range, long now) throws Exception {
        time(range.text() + " sites", () -> history.sites(null, range.ofSites(), range.from(range.ofSites(), now))
                .size());
        time(range.text() + " contents", () -> history.contents(
                        null, range.ofContents(), range.from(range.ofContents(), now), 0, 100)
                .size());
        time(range.text() + " edge", () -> history.edge(
                        site, size.edges().get(7), range.ofEdges(), range.from(range.ofEdges(), now))
                .size());
        time(range.text() + " content", () -> history.content(
                        site, size.contents().get(7), range.ofContents(), range.from(range.ofContents(), now))
                .size());
    }

    private static void time(String what, Callable<Integer> work) throws Exception {
        long began = System.nanoTime();
        int found = work.call();
        System.out.printf("%-20s %8.1f ms, %d%n", what, (System.nanoTime() - began) / 1e6, found);
    }
}
