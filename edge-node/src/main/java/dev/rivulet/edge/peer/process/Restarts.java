package dev.rivulet.edge.peer.process;

import java.time.Duration;

/**
 * When to start the next process after one died. A few times at once, so that peers are back as soon as they can be (half
 * a second after a death on an idle machine, `./rivulet bench soak`); but where it dies again and again soon after it
 * began, later and later: every start takes a second of a processor from who is served over HTTP, and costs peers that
 * were just introduced an attempt.
 */
final class Restarts {
    /** Deaths one soon after another that are answered at once. */
    static final int AT_ONCE = 3;

    /** The pause after one more death; it doubles with every further one. */
    static final Duration FIRST = Duration.ofSeconds(1);

    /** The longest pause. */
    static final Duration LONGEST = Duration.ofMinutes(5);

    /** Who has lived this long did not die of its beginning. */
    static final Duration LONG_LIFE = Duration.ofMinutes(1);

    /** The longest pause while none can be started, which costs little to try. */
    static final Duration LONGEST_OBSTACLE = Duration.ofMinutes(1);

    private int earlyDeaths;
    private int obstacles;

    /** How long to wait, when one has died after living so long; {@link Duration#ZERO} when it never was ready. */
    Duration afterDeath(Duration life) {
        if (life.compareTo(LONG_LIFE) >= 0) {
            earlyDeaths = 0;
        }
        earlyDeaths++;
        obstacles = 0;
        if (earlyDeaths <= AT_ONCE) {
            return Duration.ZERO;
        }
        return doubled(earlyDeaths - AT_ONCE - 1, LONGEST);
    }

    /** How long to wait, when one could not even be started, as where the disk has no room. */
    Duration afterObstacle() {
        return doubled(obstacles++, LONGEST_OBSTACLE);
    }

    private static Duration doubled(int times, Duration longest) {
        // Beyond this many doublings the pause is the longest whatever it began with.
        Duration pause = FIRST.multipliedBy(1L << Math.min(times, 16));
        return pause.compareTo(longest) < 0 ? pause : longest;
    }
}
