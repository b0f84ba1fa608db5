package dev.rivulet.tracker.signaling;

/** Allows a rate with bursts. Not thread-safe. */
public final class TokenBucket {
    private static final long MILLIS = 1000;

    private final int perSecond;
    private final long capacity;
    /** In thousandths of a token, so that every millisecond adds a whole number. */
    private long level;

    private long filledAtMs;

    /** A full bucket. */
    public TokenBucket(int perSecond, int burst, long nowMs) {
        this.perSecond = perSecond;
        this.capacity = burst * MILLIS;
        this.level = capacity;
        this.filledAtMs = nowMs;
    }

    /** Takes one token, if there is one. */
    public boolean take(long nowMs) {
        level = Math.min(capacity, level + Math.max(0, nowMs - filledAtMs) * perSecond);
        filledAtMs = nowMs;
        if (level < MILLIS) {
            return false;
        }
        level -= MILLIS;
        return true;
    }
}
