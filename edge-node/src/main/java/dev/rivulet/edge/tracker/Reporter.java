package dev.rivulet.edge.tracker;

import dev.rivulet.edge.thread.Threads;
import dev.rivulet.protocol.Limits;
import dev.rivulet.protocol.id.ResourceUrl;
import dev.rivulet.protocol.message.ClientMessage.ByteCounts;
import dev.rivulet.protocol.message.ClientMessage.EdgeState;
import dev.rivulet.protocol.message.ClientMessage.LinkCounts;
import dev.rivulet.protocol.message.ClientMessage.Observed;
import dev.rivulet.protocol.message.ClientMessage.PieceCounts;
import dev.rivulet.protocol.message.ClientMessage.Report;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Supplier;

/**
 * Reports to the tracker what was transferred, and, soon, URLs whose origin served other bytes than their entry says, so
 * that it looks again.
 */
public final class Reporter implements AutoCloseable {
    /** How soon contradicted URLs are reported. */
    static final Duration PERIOD = Duration.ofSeconds(1);
    /** Counts, and how the edge is, are reported every so many periods: {@value}. */
    static final int COUNT_PERIODS = 30;
    /** URLs remembered while there is no connection: {@value}. Further ones are forgotten. */
    static final int MAX_WAITING = 256;

    /** Sums since the edge started. */
    public record Totals(ByteCounts bytes, PieceCounts pieces) {
        static final Totals NONE = new Totals(new ByteCounts(0, 0, 0, 0, 0), new PieceCounts(0, 0));

        Totals minus(Totals before) {
            ByteCounts was = before.bytes;
            return new Totals(
                    new ByteCounts(
                            bytes.store() - was.store(),
                            bytes.peers() - was.peers(),
                            bytes.edges() - was.edges(),
                            bytes.origin() - was.origin(),
                            bytes.uploaded() - was.uploaded()),
                    new PieceCounts(
                            pieces.verified() - before.pieces.verified(),
                            pieces.rejected() - before.pieces.rejected()));
        }
    }

    /**
     * What a report says beside sums.
     *
     * @param links the neighbours connected now, those with most bytes first
     */
    public record Now(List<LinkCounts> links, EdgeState state) {}

    private final TrackerLink link;
    private final Supplier<Totals> totals;
    private final Supplier<Now> now;
    private final ScheduledExecutorService thread = Threads.single("reporter");
    private final Set<ResourceUrl> contradicted = new LinkedHashSet<>();
    private Totals told = Totals.NONE;
    // The first is due at once, so that an operator sees a new edge as it is.
    private int periods = COUNT_PERIODS;

    /**
     * @param totals asked now and then; must not block
     * @param now likewise
     */
    public Reporter(TrackerLink link, Supplier<Totals> totals, Supplier<Now> now) {
        this.link = link;
        this.totals = totals;
        this.now = now;
    }

    /** Begins to report. */
    public void start() {
        Threads.repeat(thread, PERIOD, this::period);
    }

    /** The origin of this URL served other bytes. Any thread may call it. */
    public synchronized void contradicted(ResourceUrl url) {
        if (contradicted.size() < MAX_WAITING) {
            contradicted.add(url);
        }
    }

    synchronized void period() {
        periods++;
        List<ResourceUrl> urls =
                contradicted.stream().limit(Limits.MAX_CONTRADICTED_URLS).toList();
        boolean due = periods >= COUNT_PERIODS;
        if (urls.isEmpty() && !due) {
            return;
        }
        Totals soFar = totals.get();
        Totals since = soFar.minus(told);
        Now state = now.get();
        Observed observed = new Observed(
                0, 0, state.links().stream().limit(Limits.MAX_REPORT_LINKS).toList(), List.of());
        if (link.send(new Report(since.bytes(), since.pieces(), List.of(), urls, observed, state.state()))) {
            urls.forEach(contradicted::remove);
            told = soFar;
            periods = 0;
        }
    }

    @Override
    public void close() {
        Threads.stop(thread);
    }
}
