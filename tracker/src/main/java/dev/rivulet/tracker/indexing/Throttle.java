package dev.rivulet.tracker.indexing;

import java.util.concurrent.TimeUnit;

/** Paces what all fetches read together. Thread-safe. */
final class Throttle {
    /** What may be read ahead of the rate after a pause, in milliseconds' worth. */
    private static final long BURST_MS = 250;

    private final long bytesPerSecond;
    private long freeAtNanos = System.nanoTime();

    /** {@code bytesPerSecond} must be at least 1. */
    Throttle(long bytesPerSecond) {
        this.bytesPerSecond = bytesPerSecond;
    }

    /** Waits until {@code bytes} more may have been read. */
    void take(int bytes) throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep(reserve(bytes));
    }

    private synchronized long reserve(int bytes) {
        long now = System.nanoTime();
        long earliest = now - TimeUnit.MILLISECONDS.toNanos(BURST_MS);
        freeAtNanos = Math.max(freeAtNanos, earliest)
                + (long) ((double) bytes * TimeUnit.SECONDS.toNanos(1) / bytesPerSecond);
        return Math.max(0, freeAtNanos - now);
    }
}
