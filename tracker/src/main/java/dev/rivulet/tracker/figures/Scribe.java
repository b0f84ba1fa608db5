package dev.rivulet.tracker.figures;

import dev.rivulet.protocol.id.ContentId;
import dev.rivulet.protocol.id.SiteId;
import dev.rivulet.protocol.message.ClientMessage.EdgeState;
import dev.rivulet.tracker.history.ContentSpan;
import dev.rivulet.tracker.history.EdgeSpan;
import dev.rivulet.tracker.history.EdgeStanding;
import dev.rivulet.tracker.history.Event;
import dev.rivulet.tracker.history.HistoryWriter;
import dev.rivulet.tracker.history.HistoryWriter.Counted;
import dev.rivulet.tracker.history.SiteSpan;
import dev.rivulet.tracker.history.Step;
import dev.rivulet.tracker.history.Sums;
import dev.rivulet.tracker.signaling.Presence;
import dev.rivulet.tracker.signaling.Presence.ConnectedEdge;
import dev.rivulet.tracker.signaling.Presence.Headcount;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiPredicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes down what was counted, every minute. Of one thread, except where it says otherwise. */
final class Scribe {
    /** Contents of a site that are written down of each minute, those most used. */
    static final int CONTENTS_PER_MINUTE = 200;
    /** Minutes that are kept for later while the database cannot be written; then the oldest is lost. */
    static final int MAX_WAITING = 60;

    private static final int HALF_A_MINUTE = 30;
    private static final Logger log = LoggerFactory.getLogger(Scribe.class);

    private final Counting counting;
    private final HistoryWriter writer;
    private final Presence presence;
    private final BiPredicate<SiteId, ContentId> isListed;

    private final Map<SiteId, RecentPoints> recent = new ConcurrentHashMap<>();
    private final Map<SiteId, Sums> sampled = new HashMap<>();
    private final Map<SiteId, Sums> written = new ConcurrentHashMap<>();
    private final Map<SiteId, Headcount> peaks = new HashMap<>();
    private final Deque<Waiting> waiting = new ArrayDeque<>();
    private long tidiedAt;
    /** Up to when points are there, in seconds since 1970; 0 before there are any. */
    private volatile long sampledUntil;
    /** Where the first point begins that is not written down. */
    private volatile long writtenUntil;

    private record Waiting(long at, Counted counted) {}

    /** @param isListed whether a content is in a site's catalog: figures of anything else are not kept */
    Scribe(Counting counting, HistoryWriter writer, Presence presence, BiPredicate<SiteId, ContentId> isListed) {
        this.counting = counting;
        this.writer = writer;
        this.presence = presence;
        this.isListed = isListed;
    }

    /** The last hour of a site; any thread. */
    RecentPoints recent(SiteId site) {
        return recent.computeIfAbsent(site, unknown -> new RecentPoints());
    }

    /** What is not written down yet of a site; any thread. */
    Sums unwritten(SiteId site) {
        return counting.site(site).sums().minus(written.getOrDefault(site, Sums.NOTHING));
    }

    /** What was sampled and is not written down yet of a site: all but the present ten seconds; any thread. */
    Sums unwrittenPoints(SiteId site) {
        return recent(site).since(writtenUntil).stream()
                .map(point -> point.span().sums())
                .reduce(Sums.NOTHING, Sums::plus);
    }

    /** Where the present ten seconds begin, in seconds since 1970; 0 before the first have ended; any thread. */
    long sampledUntil() {
        return sampledUntil;
    }

    /** Adds a point to the last hour. */
    void sample(long now) {
        presence.headcounts().forEach((site, heads) -> {
            Sums sums = counting.site(site).sums();
            Sums grown = sums.minus(sampled.getOrDefault(site, Sums.NOTHING));
            sampled.put(site, sums);
            recent(site)
                    .add(new RecentPoints.Point(
                            RecentPoints.lastEnded(now), new SiteSpan(site, grown, heads.pages(), heads.edges())));
            peaks.merge(
                    site,
                    heads,
                    (one, other) -> new Headcount(
                            Math.max(one.pages(), other.pages()), Math.max(one.edges(), other.edges()), 0));
        });
        sampledUntil = RecentPoints.lastEnded(now) + RecentPoints.STEP_SECONDS;
    }

    /** Writes down the minute that has just ended. */
    void write(long now) {
        waiting.addLast(new Waiting(now - HALF_A_MINUTE, count()));
        writtenUntil = RecentPoints.lastEnded(now) + RecentPoints.STEP_SECONDS;
        if (waiting.size() > MAX_WAITING) {
            waiting.removeFirst();
        }
        try {
            while (!waiting.isEmpty()) {
                Waiting oldest = waiting.getFirst();
                writer.add(oldest.at(), oldest.counted());
                waiting.removeFirst();
            }
            writer.keep(standings(now));
            tidy(now);
        } catch (IOException e) {
            log.error("figures could not be written down; trying again in a minute", e);
        }
    }

    private void tidy(long now) throws IOException {
        if (Step.TEN_MINUTES.startOf(now) > tidiedAt) {
            tidiedAt = Step.TEN_MINUTES.startOf(now);
            writer.keepHouse(now, presence.headcounts().keySet());
            counting.forgetAllBut(presence);
        }
    }

    private Counted count() {
        List<SiteSpan> sites = new ArrayList<>();
        List<ContentSpan> contents = new ArrayList<>();
        presence.headcounts().forEach((site, heads) -> {
            SiteTally tally = counting.site(site);
            Sums sums = tally.sums();
            Sums grown = sums.minus(written.getOrDefault(site, Sums.NOTHING));
            written.put(site, sums);
            Headcount peak = peaks.getOrDefault(site, heads);
            sites.add(new SiteSpan(site, grown, peak.pages(), peak.edges()));
            contents.addAll(contents(site, tally.takeContents()));
        });
        peaks.clear();
        List<EdgeSpan> edges = new ArrayList<>();
        counting.edges().forEach((key, tally) -> {
            EdgeTally.Moved moved = tally.takeMoved();
            if (!moved.isNothing()) {
                edges.add(new EdgeSpan(key.site(), key.fingerprint(), moved.up(), moved.down(), moved.origin()));
            }
        });
        return new Counted(sites, edges, contents);
    }

    private List<ContentSpan> contents(SiteId site, Map<ContentId, SiteTally.Used> used) {
        return used.entrySet().stream()
                .map(entry -> new ContentSpan(
                        site,
                        entry.getKey(),
                        entry.getValue().bytes(),
                        entry.getValue().origin()))
                .sorted(Comparator.comparingLong(ContentSpan::used).reversed())
                .filter(span -> isListed.test(site, span.content()))
                .limit(CONTENTS_PER_MINUTE)
                .toList();
    }

    private List<EdgeStanding> standings(long now) {
        List<EdgeStanding> standings = new ArrayList<>();
        for (SiteId site : presence.headcounts().keySet()) {
            for (ConnectedEdge edge : presence.edges(site)) {
                if (edge.identity() != null) {
                    EdgeState state = counting.stateOf(new EdgeKey(site, edge.identity()));
                    standings.add(new EdgeStanding(
                            site,
                            edge.identity(),
                            state.name(),
                            state.region(),
                            edge.agent(),
                            now,
                            state.store(),
                            state.quota()));
                }
            }
        }
        return standings;
    }

    /** Writes events down; without those that could not be. */
    List<Event> append(List<Event> events) {
        try {
            return events.isEmpty() ? List.of() : writer.append(events);
        } catch (IOException e) {
            log.error("{} events could not be written down", events.size(), e);
            return List.of();
        }
    }
}
