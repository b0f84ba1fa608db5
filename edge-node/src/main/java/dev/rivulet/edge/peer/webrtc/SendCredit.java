package dev.rivulet.edge.peer.webrtc;

import dev.rivulet.edge.peer.PeerLink;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The account of a link's send buffer: bytes accepted by any thread, handed to the library, and gone. All but
 * {@link #accept} and {@link #buffered} belongs to the native thread.
 */
final class SendCredit {
    private final AtomicLong accepted = new AtomicLong();
    private final DrainEstimate estimate = new DrainEstimate();
    private volatile long left;
    private long handedOver;
    private int drainedBytes = PeerLink.DRAINED_BYTES;
    private boolean watching;
    private long lookedAtNanos;

    /** Takes note that so many bytes will be sent; any thread. */
    void accept(int bytes) {
        accepted.addAndGet(bytes);
    }

    /** Bytes accepted that, as far as known, have not left; any thread. */
    long buffered() {
        return accepted.get() - left;
    }

    /** Takes note that the library took so many bytes. */
    void handOver(int bytes) {
        handedOver += bytes;
    }

    /** From now on credit is back when no more than so many bytes are buffered. */
    void drainedAt(int bytes) {
        drainedBytes = bytes;
    }

    /** Whether somebody has to begin to {@link #look}; then it is said once, until a look said that it is over. */
    boolean beginWatch(long nowNanos) {
        if (watching || buffered() <= drainedBytes) {
            return false;
        }
        watching = true;
        lookedAtNanos = nowNanos;
        return true;
    }

    /** How long to wait before the next {@link #look}. */
    Duration untilNextLook() {
        return estimate.untilGone(buffered() - drainedBytes);
    }

    /**
     * Takes note of what the library still buffers.
     *
     * @return whether credit is back, which ends the watch
     */
    boolean look(long bufferedAmount, long nowNanos) {
        long leftNow = handedOver - bufferedAmount;
        estimate.drained(leftNow - left, nowNanos - lookedAtNanos);
        left = leftNow;
        lookedAtNanos = nowNanos;
        watching = buffered() > drainedBytes;
        return !watching;
    }
}
