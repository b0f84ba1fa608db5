package dev.rivulet.edge.peer;

import dev.rivulet.protocol.Limits;
import java.time.Duration;

/** How many control messages a peer may send, or have sent: a burst, then so many per second. */
final class ControlBudget {
    private static final double NANOS_PER_MESSAGE =
            (double) Duration.ofSeconds(1).toNanos() / Limits.MAX_CONTROL_PER_SECOND;

    private double left = Limits.MAX_CONTROL_BURST;
    private long countedNanos;

    ControlBudget(long nowNanos) {
        countedNanos = nowNanos;
    }

    /** Takes so many messages off; false when fewer were left. */
    boolean spend(long nowNanos, int messages) {
        left = Math.min(Limits.MAX_CONTROL_BURST, left + (nowNanos - countedNanos) / NANOS_PER_MESSAGE);
        countedNanos = nowNanos;
        if (left < messages) {
            return false;
        }
        left -= messages;
        return true;
    }
}
