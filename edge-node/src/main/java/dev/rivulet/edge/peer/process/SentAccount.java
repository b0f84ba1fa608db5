package dev.rivulet.edge.peer.process;

import dev.rivulet.edge.peer.PeerLink;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How much of what was handed to a link has left it, as far as its process has told. The process tells when the link has
 * drained ({@link PeerLink.Listener#drained}); what is on the way there counts as buffered here and not yet there, so
 * whenever this is above the mark the process either is, or will be, and tells again.
 */
final class SentAccount {
    private final AtomicLong accepted = new AtomicLong();
    private volatile int drainedBytes = PeerLink.DRAINED_BYTES;
    private volatile long left;

    /** Takes note that so many bytes will be sent; any thread. */
    void accept(int bytes) {
        accepted.addAndGet(bytes);
    }

    /** From now on credit is back when no more than so many bytes are buffered; any thread. */
    void drainedAt(int bytes) {
        drainedBytes = bytes;
    }

    /** Bytes accepted that, as far as known, have not left; any thread. */
    long buffered() {
        return accepted.get() - left;
    }

    /**
     * Takes note of how many bytes have left since the beginning; one thread.
     *
     * @return whether credit is back by that
     */
    boolean left(long bytes) {
        int mark = drainedBytes;
        boolean full = buffered() > mark;
        left = bytes;
        return full && buffered() <= mark;
    }
}
