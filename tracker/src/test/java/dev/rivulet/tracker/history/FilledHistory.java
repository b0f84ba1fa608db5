package dev.rivulet.tracker.history;

import dev.rivulet.protocol.Base64Url;
import dev.rivulet.protocol.DecodeException;
import dev.rivulet.protocol.id.ContentId;
import dev.rivulet.protocol.id.KeyId;
import dev.rivulet.protocol.id.SiteId;
import dev.rivulet.protocol.message.ClientMessage.Share;
import dev.rivulet.tracker.database.EdgeTables;
import dev.rivulet.tracker.database.TrackerDatabase;
import dev.rivulet.tracker.history.Step.Kept;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;

/**
 * Makes the database of a tracker that has run for long, full of figures as they are kept. As a program it fills the
 * database in the directory that is its first argument, of a tracker that is not running, with 90 days: of the sites that
 * its second argument names, with commas between them; of the edges whose fingerprints are the lines of the file that is
 * its third; and of the contents in the catalog of the first site.
 */
public final class FilledHistory {
    private static final int BATCH = 1000;
    private static final Duration AGE = Duration.ofDays(90);
    private static final List<String> REGIONS =
            List.of("DE", "FR", "NL", "PL", "SE", "US", "US", "CA", "BR", "JP", "SG", "IN", "AU", "ZA");

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
                    Stream.generate(() -> keyId(hash(random))).limit(edges).toList(),
                    Stream.generate(() -> contentId(hash(random)))
                            .limit(contents)
                            .toList(),
                    age);
        }
    }

    private static KeyId keyId(String text) {
        try {
            return KeyId.parse(text);
        } catch (DecodeException e) {
            throw new AssertionError(e);
        }
    }

    private static ContentId contentId(String text) {
        try {
            return ContentId.parse(text);
        } catch (DecodeException e) {
            throw new AssertionError(e);
        }
    }

    private static String hash(Random random) {
        byte[] bytes = new byte[32];
        random.nextBytes(bytes);
        return Base64Url.encode(bytes);
    }

    /** Writes all of it; edges and contents are those of the first site. */
    void fill(Size size) throws IOException {
        for (SiteId site : size.sites()) {
            double weight = 1.0 / (1 + size.sites().indexOf(site));
            for (Kept kept : Step.OF_SITES) {
                insert(
                        HistoryWriter.SITES,
                        spans(kept, size.age()),
                        started -> siteRow(kept.step(), started, site, weight));
            }
        }
        SiteId first = size.sites().get(0);
        for (Kept kept : Step.OF_EDGES) {
            for (KeyId edge : size.edges()) {
                insert(
                        HistoryWriter.EDGES,
                        spans(kept, size.age()),
                        started -> edgeRow(kept.step(), started, first, edge));
            }
        }
        fillContents(size, first);
        HistoryWriter writer = new HistoryWriter(database);
        List<EdgeStanding> standings = new ArrayList<>();
        for (KeyId edge : size.edges()) {
            standings.add(standing(first, edge, standings.size()));
        }
        writer.keep(standings);
        writer.append(events(first));
    }

    private List<Event> events(SiteId site) {
        List<Event> events = new ArrayList<>();
        for (int i = HistoryWriter.MAX_EVENTS; i > 0; i--) {
            long at = now - i * AGE.toSeconds() / HistoryWriter.MAX_EVENTS;
            events.add(
                    i % 7 == 0
                            ? new Event(0, at, "suspect", site, Event.Level.WARN, "Three of four contradict a peer.")
                            : new Event(0, at, "enrolment", site, Event.Level.INFO, "Edge " + i + " joined."));
        }
        return events;
    }

    private void fillContents(Size size, SiteId site) throws IOException {
        for (Kept kept : Step.OF_CONTENTS) {
            int most =
                    kept.step() == Step.DAY ? HistoryWriter.CONTENTS_PER_DAY : HistoryWriter.CONTENTS_PER_TEN_MINUTES;
            for (long started : spans(kept, size.age())) {
                insert(
                        HistoryWriter.CONTENTS,
                        used(size.contents().size(), most),
                        rank -> contentRow(
                                kept.step(), started, site, size.contents().get(rank), rank));
            }
        }
    }

    /** Half of them are always the same, the others now these, now those. */
    private List<Integer> used(int contents, int most) {
        int steady = Math.min(contents, most / 2);
        int others = Math.min(contents, most) - steady;
        int skip = steady + random.nextInt(contents - steady - others + 1);
        return Stream.concat(
                        Stream.iterate(0, n -> n + 1).limit(steady),
                        Stream.iterate(skip, n -> n + 1).limit(others))
                .toList();
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

    /** Most in the evening, least before dawn, every day a little otherwise; 1 at most. */
    private double busy(long at) {
        double hour = Math.floorMod(at, 86_400L) / 3600.0;
        double wave = 0.55 - 0.4 * Math.cos((hour - 5) / 24 * 2 * Math.PI);
        return wave * (0.9 + 0.1 * random.nextDouble());
    }

    private AdditiveTable.Row siteRow(Step step, long started, SiteId site, double weight) {
        double busy = busy(started) * weight;
        Sums sums =
                Sums.of(sum -> Math.round(perSecond(sum) * busy * step.seconds() * (0.9 + 0.2 * random.nextDouble())));
        return HistoryWriter.siteRow(
                step, started, new SiteSpan(site, sums, Math.round(400 * busy), weight == 1 ? 950 : 0));
    }

    /** At the busiest time. */
    private static double perSecond(Sum sum) {
        return switch (sum) {
            case STORE -> 40e6;
            case PEERS -> 120e6;
            case EDGES -> 90e6;
            case ORIGIN -> 25e6;
            case EDGE_ORIGIN -> 8e6;
            case INDEX_ORIGIN -> 1e6;
            case UPLOADED -> 210e6;
            case VERIFIED -> 900;
            case REPORTS -> 400;
            case STALLS -> 0.05;
            case FAILED -> 0.01;
            case REJECTED, BAD -> 0.002;
            case CONTRADICTED -> 0.0005;
        };
    }

    private AdditiveTable.Row edgeRow(Step step, long started, SiteId site, KeyId edge) {
        double bytes = 100e3 * busy(started) * step.seconds() * (0.5 + random.nextDouble());
        return HistoryWriter.edgeRow(
                step, started, new EdgeSpan(site, edge, (long) bytes, (long) bytes / 8, (long) bytes / 10));
    }

    private AdditiveTable.Row contentRow(Step step, long started, SiteId site, ContentId content, int rank) {
        double bytes = 20e6 * busy(started) * step.seconds() * (0.5 + random.nextDouble()) / (rank + 4);
        return HistoryWriter.contentRow(step, started, new ContentSpan(site, content, (long) bytes, (long)
                (bytes * 0.2 * random.nextDouble())));
    }

    private EdgeStanding standing(SiteId site, KeyId edge, int number) {
        return new EdgeStanding(
                site,
                edge,
                "edge-" + number,
                REGIONS.get(number % REGIONS.size()),
                "rivulet-edge/0.1.0",
                now - random.nextInt(86_400),
                new Share((long) (random.nextDouble() * (50L << 30)), 50L << 30),
                new Share((long) (random.nextDouble() * (1L << 40)), 1L << 40));
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

    /** As the class says. */
    public static void main(String[] args) throws IOException {
        long now = Instant.now().getEpochSecond();
        List<SiteId> sites = Arrays.stream(args[1].split(",")).map(SiteId::new).toList();
        List<KeyId> edges = Files.readAllLines(Path.of(args[2])).stream()
                .map(FilledHistory::keyId)
                .toList();
        try (TrackerDatabase database = TrackerDatabase.open(Path.of(args[0]))) {
            // What the tracker noted itself while its catalog was published would be in the way.
            database.transaction(connection -> {
                try (PreparedStatement delete = connection.prepareStatement("DELETE FROM site_figure")) {
                    return delete.executeUpdate();
                }
            });
            EdgeTables tables = new EdgeTables(database);
            Random random = new Random(3);
            for (KeyId edge : edges) {
                tables.enrol(new EdgeTables.Enrolled(
                        sites.get(0), edge, now - (long) (random.nextDouble() * AGE.toSeconds())));
            }
            new FilledHistory(database, now).fill(new Size(sites, edges, contents(database, sites.get(0)), AGE));
        }
    }

    private static List<ContentId> contents(TrackerDatabase database, SiteId site) throws IOException {
        return database.transaction(connection -> {
            try (PreparedStatement select =
                    connection.prepareStatement("SELECT content_id FROM catalog_entry WHERE site = ? ORDER BY url")) {
                select.setString(1, site.text());
                List<ContentId> all = new ArrayList<>();
                try (ResultSet rows = select.executeQuery()) {
                    while (rows.next()) {
                        all.add(contentId(rows.getString(1)));
                    }
                }
                return all;
            }
        });
    }
}
