package dev.rivulet.tracker.figures;

import dev.rivulet.protocol.id.ContentId;
import dev.rivulet.protocol.id.PeerId;
import dev.rivulet.protocol.id.SiteId;
import dev.rivulet.protocol.message.ClientMessage.Report;
import dev.rivulet.protocol.settings.ConfigException;
import dev.rivulet.tracker.database.TrackerDatabase;
import dev.rivulet.tracker.history.Event;
import dev.rivulet.tracker.history.EventLog;
import dev.rivulet.tracker.history.History;
import dev.rivulet.tracker.history.HistoryWriter;
import dev.rivulet.tracker.signaling.Presence;
import dev.rivulet.tracker.signaling.ReportListener;
import java.io.IOException;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is counted, from where it is heard to where it is kept: in memory by who tells it, and from there into the database
 * by one thread. Thread-safe.
 */
public final class Figures implements ReportListener, EventLog, AutoCloseable {
    private static final long SECONDS_PER_MINUTE = 60;
    private static final long CLOSING_SECONDS = 5;
    private static final Logger log = LoggerFactory.getLogger(Figures.class);

    private final Counting counting;
    private final History history;
    private final HistoryWriter writer;
    private final InstantSource clock;
    private final EventQueue events;
    private final List<Consumer<Event>> listeners = new CopyOnWriteArrayList<>();
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "figures"));
    /** Suspects of whom there is an event; of the writing thread only. */
    private Set<PeerId> noted = Set.of();

    private final LongAdder errors = new LongAdder();
    private volatile @Nullable Scribe scribe;

    private Figures(TrackerDatabase database, InstantSource clock, LongSupplier clockMs) throws IOException {
        this.history = new History(database);
        this.writer = new HistoryWriter(database);
        this.clock = clock;
        this.counting = new Counting(history.standings(), clockMs);
        this.events = new EventQueue(clock, this::wake);
    }

    /**
     * Takes up what the database holds; throws {@link ConfigException} when that cannot be read. Counts from now on, and
     * writes from {@link #start} on.
     *
     * @param clockMs milliseconds since whenever, never going back
     */
    public static Figures open(TrackerDatabase database, InstantSource clock, LongSupplier clockMs) {
        try {
            return new Figures(database, clock, clockMs);
        } catch (IOException e) {
            throw new ConfigException("data", null, "figures cannot be read from the database: " + e.getMessage());
        }
    }

    /**
     * Begins to write down what is counted. To be called once.
     *
     * @param isListed whether a content is in a site's catalog
     */
    public void start(Presence presence, BiPredicate<SiteId, ContentId> isListed) {
        Scribe writes = new Scribe(counting, writer, presence, isListed);
        scribe = writes;
        every(RecentPoints.STEP_SECONDS, () -> writes.sample(now()));
        every(SECONDS_PER_MINUTE, () -> {
            writes.write(now());
            noteSuspects(presence);
        });
        wake();
    }

    /** Once of each. */
    private void noteSuspects(Presence presence) {
        Set<PeerId> suspects = new HashSet<>();
        for (SiteId site : presence.headcounts().keySet()) {
            for (Claims.Standing standing : counting.claims(site, Claims::disagreeing)) {
                if (standing.suspect()) {
                    suspects.add(standing.peer());
                    if (!noted.contains(standing.peer())) {
                        note(Event.Level.WARN, "suspect", site, text(standing));
                    }
                }
            }
        }
        noted = suspects;
    }

    private static String text(Claims.Standing standing) {
        return "Peer " + standing.peer().text() + " is contradicted by " + standing.disagreeing() + " of "
                + standing.compared() + " neighbours: it claims " + standing.claimed() + " bytes sent, they confirm "
                + standing.confirmed() + ".";
    }

    /** Does it on the thread that writes, at whole multiples of so many seconds by the clock. */
    void every(long seconds, Runnable work) {
        long first = seconds - Math.floorMod(now(), seconds);
        var unused = thread.scheduleAtFixedRate(() -> guarded(work), first, seconds, TimeUnit.SECONDS);
    }

    /** An exception would end what is done again and again for good. */
    private static void guarded(Runnable work) {
        try {
            work.run();
        } catch (RuntimeException e) {
            log.error("figures could not be kept", e);
        }
    }

    @Override
    public void reported(Reporter from, Report report) {
        counting.reported(from, report);
    }

    /** The tracker itself had so many bytes from a site's origins. */
    public void indexed(SiteId site, long bytes) {
        counting.indexed(site, bytes);
    }

    @Override
    public void note(Event.Level level, String kind, @Nullable SiteId site, String text) {
        if (level == Event.Level.ERROR) {
            errors.increment();
        }
        events.note(level, kind, site, text);
    }

    /** Calls {@code listener} with every event from now on, on the thread that writes; it must not block. */
    void onEvent(Consumer<Event> listener) {
        listeners.add(listener);
    }

    private void wake() {
        soon(this::writeEvents);
    }

    /** Does it on the thread that writes. */
    void soon(Runnable work) {
        try {
            thread.execute(() -> guarded(work));
        } catch (RejectedExecutionException e) {
            log.debug("closing, nothing more is done about figures", e);
        }
    }

    private void writeEvents() {
        Scribe writes = scribe;
        if (writes != null) {
            writes.append(events.take()).forEach(event -> listeners.forEach(listener -> listener.accept(event)));
        }
    }

    /** How many events of the level error there were. */
    long errors() {
        return errors.sum();
    }

    Counting counting() {
        return counting;
    }

    History history() {
        return history;
    }

    /** Throws {@link IllegalStateException} before {@link #start}. */
    Scribe scribe() {
        Scribe writes = scribe;
        if (writes == null) {
            throw new IllegalStateException("not started");
        }
        return writes;
    }

    long now() {
        return clock.instant().getEpochSecond();
    }

    /** Writes down what is left. */
    @Override
    public void close() {
        Scribe writes = scribe;
        if (writes != null && !thread.isShutdown()) {
            thread.execute(() -> guarded(() -> {
                writes.write(now());
                writeEvents();
            }));
        }
        thread.shutdown();
        try {
            if (!thread.awaitTermination(CLOSING_SECONDS, TimeUnit.SECONDS)) {
                log.warn("the last figures could not be written down in time");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
