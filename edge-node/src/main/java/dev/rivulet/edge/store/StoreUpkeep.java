package dev.rivulet.edge.store;

import dev.rivulet.edge.thread.Threads;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;

/**
 * What a store needs now and then, on a thread of its own: what was written is forced to the disk, what is stored is
 * read again to find damage before somebody asks for it, and what a former version left is taken over.
 */
public final class StoreUpkeep implements AutoCloseable {
    /** How much of the latest work a power failure may cost. */
    public static final Duration FLUSH_PERIOD = Duration.ofSeconds(30);

    /** How long a store rests that was read from end to end. */
    public static final Duration SCRUB_REST = Duration.ofDays(1);

    private static final Duration SCRUB_PERIOD = Duration.ofSeconds(1);

    private final DiskPieceStore store;
    private final long scrubRate;
    private final ScheduledExecutorService thread = Threads.single("store");
    private long budget;
    private long rests;
    private volatile boolean closing;

    /** @param scrubRate bytes per second read to find damage; 0 for none */
    public StoreUpkeep(DiskPieceStore store, long scrubRate) {
        this.store = store;
        this.scrubRate = scrubRate;
    }

    /** Begins. */
    public void start() {
        thread.execute(this::adopt);
        Threads.repeat(thread, FLUSH_PERIOD, store::flush);
        if (scrubRate > 0) {
            Threads.repeat(thread, SCRUB_PERIOD, this::scrub);
        }
    }

    private void adopt() {
        while (!closing && store.adopt()) {
            // the next one
        }
    }

    private void scrub() {
        if (rests > 0) {
            rests--;
            return;
        }
        // A piece may be more than a second's worth; then the next seconds pay for it.
        budget = Math.min(budget, 0) + scrubRate;
        if (budget > 0) {
            long read = store.scrub(budget);
            if (read < budget) {
                rests = SCRUB_REST.dividedBy(SCRUB_PERIOD);
            }
            budget -= read;
        }
    }

    @Override
    public void close() {
        closing = true;
        Threads.stop(thread);
    }
}
