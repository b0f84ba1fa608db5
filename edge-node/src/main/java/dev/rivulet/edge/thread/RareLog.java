package dev.rivulet.edge.thread;

import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Decides when something that may happen at any rate, as where a disk dies, is worth another line of the log. Any thread
 * may call any method.
 */
public final class RareLog {
    /** The least time between two lines. */
    public static final Duration PERIOD = Duration.ofMinutes(1);

    private final LongSupplier nanoTime;
    private long lastNanos;
    private long silent = -1;

    public RareLog() {
        this(System::nanoTime);
    }

    /** @param nanoTime as {@link System#nanoTime} */
    public RareLog(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /** It has happened again; how the line about it ends, if one is due. */
    public synchronized Optional<String> next() {
        long now = nanoTime.getAsLong();
        if (silent >= 0 && now - lastNanos < PERIOD.toNanos()) {
            silent++;
            return Optional.empty();
        }
        String more = silent > 0 ? " (and " + silent + " more since the last such line)" : "";
        lastNanos = now;
        silent = 0;
        return Optional.of(more);
    }
}
