package dev.rivulet.edge.peer;

import java.time.Duration;

/** How many control messages a peer may send: a burst, then so many per second. */
final class ControlBudget {
    /** A peer that asks for many pieces at once, or finishes with them, sends bursts. */
    static final int BURST = 4000;

    /** More than the requests per second of the fastest connection seen. */
    static final int PER_SECOND = 1000;

    private static final double NANOS_PER_MESSAGE =
            (double) Duration.ofSeconds(1).toNanos() / PER_SECOND;

    private double left = BURST;
    private long countedNanos;

    ControlBudget(long nowNanos) {
        countedNanos = nowNanos;
    }

    /** Takes one message off; false when there was nothing left. */
    boolean spend(long nowNanos) {
        left = Math.min(BURST, left + (nowNanos - countedNanos) / NANOS_PER_MESSAGE);
        countedNanos = nowNanos;
        if (left < 1) {
            return false;
        }
        left--;
        return true;
    }
}
