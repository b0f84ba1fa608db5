package dev.rivulet.edge.peer.webrtc;

import java.time.Duration;

/**
 * When to look again whether a send buffer has drained. webrtc-java 0.14.0 never tells, so it has to be asked; the
 * rate seen so far says when asking is worth its price.
 */
final class DrainEstimate {
    /** A fast local connection empties half a send buffer in about twice this. */
    static final Duration SHORTEST_WAIT = Duration.ofNanos(500_000);

    /** A connection that recovers from a stall is noticed after this at the latest. */
    static final Duration LONGEST_WAIT = Duration.ofMillis(20);

    /** Share of the newest observation in the estimate. */
    private static final double NEWEST = 0.3;

    private double bytesPerNano;

    /** Takes note that {@code bytes} left within {@code nanos}. */
    void drained(long bytes, long nanos) {
        double observed = (double) Math.max(bytes, 0) / Math.max(nanos, 1);
        bytesPerNano = bytesPerNano == 0 ? observed : bytesPerNano + NEWEST * (observed - bytesPerNano);
    }

    /** How long until {@code excess} bytes will have left, within the two bounds; the shortest when nothing is known. */
    Duration untilGone(long excess) {
        if (bytesPerNano == 0) {
            return SHORTEST_WAIT;
        }
        double nanos = excess / bytesPerNano;
        if (nanos >= LONGEST_WAIT.toNanos()) {
            return LONGEST_WAIT;
        }
        return nanos <= SHORTEST_WAIT.toNanos() ? SHORTEST_WAIT : Duration.ofNanos((long) nanos);
    }
}
