package dev.rivulet.edge.tracker;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** How long to wait before the next attempt to connect (docs/protocol.md, section 5.3). */
final class Backoff {
    /** The wait after the first failure, before chance halves it at most. */
    static final Duration FIRST = Duration.ofSeconds(1);
    /** The longest wait for a tracker that is away. */
    static final Duration LONGEST = Duration.ofSeconds(60);

    /** The longest wait for a tracker that refuses whom it welcomed before: somebody has to correct something first. */
    static final Duration LONGEST_REFUSED = Duration.ofMinutes(15);

    /** Beyond this many doublings every wait is the longest. */
    private static final int MAX_DOUBLINGS = 16;

    private final RandomGenerator random;
    private int failures;

    Backoff(RandomGenerator random) {
        this.random = random;
    }

    /** The wait after one more failure, as for a tracker that is away. */
    Duration next() {
        return next(LONGEST);
    }

    /** The wait after one more failure: min({@link #FIRST} x 2^n, {@code longest}) x (0.5 to 1). */
    Duration next(Duration longest) {
        long millis = Math.min(FIRST.toMillis() << Math.min(failures, MAX_DOUBLINGS), longest.toMillis());
        failures++;
        return Duration.ofMillis(Math.round(millis * (0.5 + random.nextDouble() / 2)));
    }

    /** An attempt succeeded. */
    void reset() {
        failures = 0;
    }
}
