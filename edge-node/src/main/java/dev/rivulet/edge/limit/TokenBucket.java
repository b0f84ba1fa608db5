package dev.rivulet.edge.limit;

import java.time.Duration;

/**
 * A rate, and how much of it may come at once: in any span of time at most the rate times the span, and the burst, is
 * given out by {@link #tryTake}. Any thread may call any method.
 */
public final class TokenBucket {
    /** What may come at once, as time at the full rate. */
    static final Duration BURST = Duration.ofMillis(250);

    /** The least burst, in bytes: {@value}. No more is asked for at a time. */
    public static final int LEAST_BURST_BYTES = 64 << 10;

    private static final double NANOS_PER_SECOND = 1e9;

    private final long bytesPerSecond;
    private final long burstBytes;
    private double tokens;
    private long filledNanos;

    /**
     * A full bucket.
     *
     * @param bytesPerSecond 0: no limit
     */
    public TokenBucket(long bytesPerSecond, long nowNanos) {
        this.bytesPerSecond = bytesPerSecond;
        this.burstBytes = Math.max(LEAST_BURST_BYTES, bytesPerSecond * BURST.toMillis() / 1000);
        this.tokens = burstBytes;
        this.filledNanos = nowNanos;
    }

    /** A rate without limit. */
    public static TokenBucket unlimited() {
        return new TokenBucket(0, 0);
    }

    public boolean isUnlimited() {
        return bytesPerSecond == 0;
    }

    /** 0: no limit. */
    public long bytesPerSecond() {
        return bytesPerSecond;
    }

    /** What may come at once after a rest. */
    public long burstBytes() {
        return burstBytes;
    }

    /** Takes that much if it is there; {@link #LEAST_BURST_BYTES} at most. */
    public synchronized boolean tryTake(int bytes, long nowNanos) {
        if (isUnlimited()) {
            return true;
        }
        fill(nowNanos);
        if (tokens < bytes) {
            return false;
        }
        tokens -= bytes;
        return true;
    }

    /**
     * Takes that much, whether it is there or not.
     *
     * @return how long to wait until it would have been there; who comes later waits longer
     */
    public synchronized Duration take(long bytes, long nowNanos) {
        if (isUnlimited()) {
            return Duration.ZERO;
        }
        fill(nowNanos);
        tokens -= bytes;
        return untilFull(0);
    }

    /** How long until that much is there, if nobody else takes any. */
    public synchronized Duration until(int bytes, long nowNanos) {
        if (isUnlimited()) {
            return Duration.ZERO;
        }
        fill(nowNanos);
        return untilFull(bytes);
    }

    private Duration untilFull(int bytes) {
        double missing = bytes - tokens;
        return missing <= 0
                ? Duration.ZERO
                : Duration.ofNanos((long) Math.ceil(missing / bytesPerSecond * NANOS_PER_SECOND));
    }

    private void fill(long nowNanos) {
        long passed = Math.max(0, nowNanos - filledNanos);
        tokens = Math.min((double) burstBytes, tokens + passed / NANOS_PER_SECOND * bytesPerSecond);
        filledNanos = nowNanos;
    }
}
