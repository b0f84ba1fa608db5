package dev.rivulet.tracker.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rivulet.protocol.id.ContentId;
import dev.rivulet.protocol.id.KeyId;
import dev.rivulet.protocol.id.SiteId;
import dev.rivulet.tracker.database.TrackerDatabase;
import dev.rivulet.tracker.history.FilledHistory.Size;
import dev.rivulet.tracker.history.HistoryWriter.Counted;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.NavigableMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HistoryIT {
    /** The beginning of a day. */
    private static final long DAY = 20_000L * 86_400;

    private static final long NOON = DAY + 43_200;
    private static final Size SMALL = Size.of(2, 3, 300, Duration.ofDays(3));
    private static final SiteId SITE = SMALL.sites().get(0);
    private static final SiteId OTHER = SMALL.sites().get(1);
    private static final KeyId EDGE = SMALL.edges().get(0);
    private static final ContentId CONTENT = SMALL.contents().get(0);

    @TempDir
    Path directory;

    private TrackerDatabase database;
    private HistoryWriter writer;
    private History history;

    @BeforeEach
    void open() {
        database = TrackerDatabase.open(directory);
        writer = new HistoryWriter(database);
        history = new History(database);
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void everyStepHasTheSumOfItsMinutesAndTheirPeaks() throws IOException {
        site(NOON, 10, 4);
        site(NOON + 30, 5, 7);
        site(NOON + 60, 1, 2);

        assertThat(peersOf(Step.MINUTE)).containsExactly(15L, 1L);
        assertThat(peersOf(Step.TEN_MINUTES)).containsExactly(16L);
        NavigableMap<Long, SiteSpan> hours = history.sites(SITE, Step.HOUR, DAY);
        assertThat(hours.get(NOON).sums().get(Sum.PEERS)).isEqualTo(16);
        assertThat(hours.get(NOON).viewers()).isEqualTo(7);
    }

    @Test
    void sitesAreAddedUpWhereNoneIsNamed() throws IOException {
        writer.add(NOON, new Counted(List.of(span(SITE, 10, 3), span(OTHER, 100, 4)), List.of(), List.of()));

        SiteSpan all = history.sites(null, Step.MINUTE, DAY).get(NOON);
        assertThat(all.sums().get(Sum.PEERS)).isEqualTo(110);
        assertThat(all.viewers()).isEqualTo(7);
    }

    @Test
    void whatIsWrittenIsThereAfterAKill() throws IOException {
        site(NOON, 10, 4);
        close();
        open();
        site(NOON + 30, 10, 4);

        assertThat(peersOf(Step.MINUTE)).containsExactly(20L);
    }

    @Test
    void contentsAreRankedAndPaged() throws IOException {
        ContentId second = SMALL.contents().get(1);
        writer.add(
                NOON,
                new Counted(
                        List.of(),
                        List.of(),
                        List.of(new ContentSpan(SITE, second, 5, 1), new ContentSpan(SITE, CONTENT, 50, 10))));
        writer.add(NOON + 600, new Counted(List.of(), List.of(), List.of(new ContentSpan(SITE, CONTENT, 50, 0))));

        assertThat(history.contents(null, Step.TEN_MINUTES, DAY, 0, 10))
                .containsExactly(new ContentSpan(SITE, CONTENT, 100, 10), new ContentSpan(SITE, second, 5, 1));
        assertThat(history.contents(SITE, Step.DAY, DAY, 1, 10)).containsExactly(new ContentSpan(SITE, second, 5, 1));
        assertThat(history.contents(OTHER, Step.DAY, DAY, 0, 10)).isEmpty();
        assertThat(history.content(SITE, CONTENT, Step.TEN_MINUTES, DAY)).hasSize(2);
    }

    @Test
    void anEdgeHasItsOwnSpans() throws IOException {
        writer.add(
                NOON,
                new Counted(
                        List.of(),
                        List.of(new EdgeSpan(SITE, EDGE, 1, 2, 3), new EdgeSpan(OTHER, EDGE, 9, 9, 9)),
                        List.of()));

        assertThat(history.edge(SITE, EDGE, Step.HOUR, DAY))
                .containsExactlyEntriesOf(
                        new java.util.TreeMap<>(java.util.Map.of(NOON, new EdgeSpan(SITE, EDGE, 1, 2, 3))));
    }

    @Test
    void tooOldIsForgottenByItsStepAndOfContentsOnlyTheMostUsedStay() throws IOException {
        FilledHistory filled = new FilledHistory(database, NOON);
        filled.fill(SMALL);
        writer.add(
                NOON - Duration.ofDays(30).toSeconds(), new Counted(List.of(span(SITE, 1, 1)), List.of(), List.of()));

        writer.keepHouse(NOON, SMALL.sites());

        assertThat(history.sites(SITE, Step.MINUTE, 0).firstKey())
                .isEqualTo(NOON - Duration.ofHours(25).toSeconds());
        assertThat(history.sites(SITE, Step.HOUR, 0).firstKey())
                .isEqualTo(NOON - Duration.ofDays(30).toSeconds());
        assertThat(history.contents(SITE, Step.TEN_MINUTES, NOON - 600, 0, 1000))
                .as("two spans of the most used")
                .hasSizeLessThanOrEqualTo(2 * HistoryWriter.CONTENTS_PER_TEN_MINUTES);
        assertThat(history.standings()).hasSize(SMALL.edges().size());
    }

    @Test
    void ofContentsOfAnEndedSpanTheLeastUsedGo() throws IOException {
        List<ContentSpan> used = SMALL.contents().stream()
                .map(content ->
                        new ContentSpan(SITE, content, 1000 + SMALL.contents().indexOf(content), 0))
                .toList();
        writer.add(NOON - 600, new Counted(List.of(), List.of(), used));

        writer.keepHouse(NOON, List.of(SITE));

        List<ContentSpan> kept = history.contents(SITE, Step.TEN_MINUTES, DAY, 0, 1000);
        assertThat(kept).hasSize(HistoryWriter.CONTENTS_PER_TEN_MINUTES);
        assertThat(kept.get(kept.size() - 1).used()).isEqualTo(1000 + 300 - HistoryWriter.CONTENTS_PER_TEN_MINUTES);
    }

    @Test
    void eventsComeNewestFirstByKindAndInParts() throws IOException {
        writer.append(List.of(
                new Event(0, NOON, "start", null, Event.Level.INFO, "started"),
                new Event(0, NOON, "ban", SITE, Event.Level.WARN, "x".repeat(2000)),
                new Event(0, NOON, "ban", SITE, Event.Level.WARN, "second")));

        List<Event> newest = history.events(null, Long.MAX_VALUE, 2);
        assertThat(newest).extracting(Event::text).containsExactly("second", "x".repeat(1000));
        assertThat(history.events(null, newest.get(1).id(), 2))
                .extracting(Event::kind)
                .containsExactly("start");
        assertThat(history.events("ban", Long.MAX_VALUE, 10)).hasSize(2);
    }

    private void site(long at, long peers, long viewers) throws IOException {
        writer.add(at, new Counted(List.of(span(SITE, peers, viewers)), List.of(), List.of()));
    }

    private static SiteSpan span(SiteId site, long peers, long viewers) {
        return new SiteSpan(site, Sums.of(sum -> sum == Sum.PEERS ? peers : 0), viewers, 0);
    }

    private List<Long> peersOf(Step step) throws IOException {
        return history.sites(SITE, step, DAY).values().stream()
                .map(span -> span.sums().get(Sum.PEERS))
                .toList();
    }
}
