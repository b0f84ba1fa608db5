package dev.rivulet.edge.tracker;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** How long to wait before the next attempt to connect (docs/protocol.md, section 5.3). */
final class Backoff {
    /** The wait after the first failure, before chance halves it at most. */
    static final Duration FIRST = Duration.ofSeconds(1);
    /** The longest wait. */
    static final Duration LONGEST = Duration.ofSeconds(60);

    private static final int MAX_DOUBLINGS = 6;

    private final RandomGenerator random;
    private int failures;

    Backoff(RandomGenerator random) {
        this.random = random;
    }

    /** The wait after one more failure: min({@link #FIRST} x 2^n, {@link #LONGEST}) x (0.5 to 1). */
    Duration next() {
        long millis = Math.min(FIRST.toMillis() << Math.min(failures, MAX_DOUBLINGS), LONGEST.toMillis());
        failures++;
        return Duration.ofMillis(Math.round(millis * (0.5 + random.nextDouble() / 2)));
    }

    /** An attempt succeeded. */
    void reset() {
        failures = 0;
    }
}
