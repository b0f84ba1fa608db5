package dev.rivulet.edge.peer.process;

import dev.rivulet.edge.peer.PeerLink;
import java.time.Duration;

/**
 * How a replaced process comes to its end: its connections are told at once, and each ends as soon as it has done what was
 * asked of it ({@link PeerLink.Listener#retiring}), so that two processes occupy memory for seconds only. What has not
 * ended {@link #LONGEST} later is cut.
 */
final class Drain {
    /** Several times what a piece takes on a slow connection; peers give a silent one up after 30 s. */
    static final Duration LONGEST = Duration.ofSeconds(60);

    /** What to do next. */
    enum Step {
        /** Have the connections end; those as well that were made since it was said last. */
        RETIRE,
        /** Nothing is left, or has to be cut. */
        END
    }

    private final long beganNanos;

    Drain(long nowNanos) {
        beganNanos = nowNanos;
    }

    /**
     * What to do now.
     *
     * @param links that have not ended
     */
    Step next(long nowNanos, int links) {
        return links == 0 || nowNanos - beganNanos >= LONGEST.toNanos() ? Step.END : Step.RETIRE;
    }
}
