package dev.rivulet.edge.indexing;

import java.util.concurrent.TimeUnit;

/** How long a reader has to pause to keep to a rate; no I/O. Not thread-safe. */
final class Pace {
    /** What may be read ahead of the rate after a pause, in milliseconds' worth. */
    static final long BURST_MS = 250;

    private final long bytesPerSecond;
    private long freeAtNanos;

    /** @param bytesPerSecond at least 1 */
    Pace(long bytesPerSecond, long nowNanos) {
        this.bytesPerSecond = bytesPerSecond;
        this.freeAtNanos = nowNanos;
    }

    /** Nanoseconds to wait before going on, now that {@code bytes} more were read. */
    long read(int bytes, long nowNanos) {
        long earliest = nowNanos - TimeUnit.MILLISECONDS.toNanos(BURST_MS);
        freeAtNanos = Math.max(freeAtNanos, earliest)
                + (long) ((double) bytes * TimeUnit.SECONDS.toNanos(1) / bytesPerSecond);
        return Math.max(0, freeAtNanos - nowNanos);
    }
}
