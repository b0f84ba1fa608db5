package dev.rivulet.edge.peer.process;

import java.time.Duration;

/**
 * How a replaced process comes to its end: its connections go on until their peers leave, for {@link #PATIENCE}. Then, or
 * at once when its successor has itself to be replaced (there are never more than two), they are told to finish what is
 * under way, which ends each as soon as it has. What has not ended {@link #FINISHING} later is cut.
 */
final class Drain {
    /** Most visitors have left a page by then. */
    static final Duration PATIENCE = Duration.ofMinutes(5);

    /** Several times what a piece takes on a slow connection; peers give a silent one up after 30 s. */
    static final Duration FINISHING = Duration.ofSeconds(60);

    /** What to do next. */
    enum Step {
        WAIT,
        /** Have the connections finish. */
        RETIRE,
        /** Nothing is left, or has to be cut. */
        END
    }

    private final long beganNanos;
    private boolean retired;
    private long retiredNanos;

    Drain(long nowNanos) {
        beganNanos = nowNanos;
    }

    /**
     * What to do now; {@link Step#RETIRE} comes once.
     *
     * @param links that have not ended
     * @param pressed whether the successor has to be replaced
     */
    Step next(long nowNanos, int links, boolean pressed) {
        if (links == 0) {
            return Step.END;
        }
        if (retired) {
            return nowNanos - retiredNanos >= FINISHING.toNanos() ? Step.END : Step.WAIT;
        }
        if (pressed || nowNanos - beganNanos >= PATIENCE.toNanos()) {
            retired = true;
            retiredNanos = nowNanos;
            return Step.RETIRE;
        }
        return Step.WAIT;
    }
}
