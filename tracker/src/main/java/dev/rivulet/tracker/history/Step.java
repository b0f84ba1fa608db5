package dev.rivulet.tracker.history;

import java.time.Duration;
import java.util.List;

/** The spans of time that are counted in. */
public enum Step {
    MINUTE(60),
    TEN_MINUTES(600),
    HOUR(3600),
    DAY(86_400);

    /** What is kept of a site, and for how long. */
    static final List<Kept> OF_SITES = List.of(
            new Kept(MINUTE, Duration.ofHours(25)),
            new Kept(TEN_MINUTES, Duration.ofDays(8)),
            new Kept(HOUR, Duration.ofDays(91)));

    /** What is kept of an edge: there may be a thousand. */
    static final List<Kept> OF_EDGES = List.of(
            new Kept(TEN_MINUTES, Duration.ofHours(25)),
            new Kept(HOUR, Duration.ofDays(8)),
            new Kept(DAY, Duration.ofDays(92)));

    /** What is kept of contents, of which there may be any number. */
    static final List<Kept> OF_CONTENTS =
            List.of(new Kept(TEN_MINUTES, Duration.ofHours(25)), new Kept(DAY, Duration.ofDays(92)));

    private final int seconds;

    /** For how long a step's figures are kept, a little longer than anybody asks for. */
    record Kept(Step step, Duration age) {}

    Step(int seconds) {
        this.seconds = seconds;
    }

    public int seconds() {
        return seconds;
    }

    /** When the span began that {@code at} is in; seconds since 1970. */
    public long startOf(long at) {
        return at - Math.floorMod(at, (long) seconds);
    }
}
