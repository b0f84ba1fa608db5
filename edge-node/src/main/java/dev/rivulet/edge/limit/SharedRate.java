package dev.rivulet.edge.limit;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One rate, shared by takers: while more is wanted than there is, each gets as much as any other that waits. Any thread
 * may call any method; none blocks.
 */
public final class SharedRate {
    /** The most that may be asked for at a time, so that a turn is short: {@value} bytes. */
    public static final int MAX_TURN_BYTES = TokenBucket.LEAST_BURST_BYTES / 2;

    /** Time, as this class needs it. */
    public interface Timing {
        long nanoTime();

        /** Runs a task once, later, on a thread on which it must not block. */
        void after(Duration delay, Runnable task);
    }

    private record Turn(int bytes, Runnable granted) {}

    private final TokenBucket bucket;
    private final @Nullable Timing timing;
    private final FairQueue<Turn> queue = new FairQueue<>();
    private long waitingBytes;
    private boolean scheduled;

    public SharedRate(TokenBucket bucket, Timing timing) {
        this.bucket = bucket;
        this.timing = timing;
    }

    private SharedRate() {
        this.bucket = TokenBucket.unlimited();
        this.timing = null;
    }

    /** A rate without limit. */
    public static SharedRate unlimited() {
        return new SharedRate();
    }

    public boolean isUnlimited() {
        return bucket.isUnlimited();
    }

    /**
     * Asks for a turn.
     *
     * @param taker who shares with other takers; equal ones count as one
     * @param bytes {@link #MAX_TURN_BYTES} at most
     * @param later told when it is the taker's turn, with these bytes taken; on the timing's thread
     * @return true when it is the taker's turn at once; {@code later} is then not told
     */
    public boolean take(Object taker, int bytes, Runnable later) {
        if (bytes > MAX_TURN_BYTES) {
            throw new IllegalArgumentException(bytes + " bytes at a time");
        }
        if (timing == null || bucket.isUnlimited()) {
            return true;
        }
        synchronized (this) {
            if (queue.isEmpty() && bucket.tryTake(bytes, timing.nanoTime())) {
                return true;
            }
            queue.add(taker, new Turn(bytes, later));
            waitingBytes += bytes;
            schedule(timing);
            return false;
        }
    }

    /** The taker wants no turn any more. */
    public synchronized void withdraw(Object taker) {
        for (Turn turn : queue.remove(taker)) {
            waitingBytes -= turn.bytes();
        }
    }

    /** How long it takes until everybody who waits now has had a turn. */
    public synchronized Duration backlog() {
        return bucket.isUnlimited() ? Duration.ZERO : Duration.ofMillis(waitingBytes * 1000 / bucket.bytesPerSecond());
    }

    private void schedule(Timing time) {
        Turn next = queue.peek();
        if (!scheduled && next != null) {
            scheduled = true;
            time.after(bucket.until(next.bytes(), time.nanoTime()), () -> grant(time));
        }
    }

    private void grant(Timing time) {
        List<Turn> granted = new ArrayList<>();
        synchronized (this) {
            scheduled = false;
            Turn next = queue.peek();
            while (next != null && bucket.tryTake(next.bytes(), time.nanoTime())) {
                queue.poll();
                waitingBytes -= next.bytes();
                granted.add(next);
                next = queue.peek();
            }
            schedule(time);
        }
        granted.forEach(turn -> turn.granted().run());
    }
}
