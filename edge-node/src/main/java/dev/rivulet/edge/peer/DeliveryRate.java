package dev.rivulet.edge.peer;

import java.time.Duration;

/** What a peer delivers while something is asked of it; recent deliveries count most. */
final class DeliveryRate {
    /** Share of the newest observation. */
    private static final double NEWEST = 0.2;

    private double bytesPerSecond;

    /** Takes note of a delivery of so many bytes within that time. */
    void delivered(long bytes, long nanos) {
        double observed = bytes * (double) Duration.ofSeconds(1).toNanos() / Math.max(nanos, 1);
        bytesPerSecond = bytesPerSecond == 0 ? observed : bytesPerSecond + NEWEST * (observed - bytesPerSecond);
    }

    /** Bytes per second; 0 when nothing is known. */
    double bytesPerSecond() {
        return bytesPerSecond;
    }
}
