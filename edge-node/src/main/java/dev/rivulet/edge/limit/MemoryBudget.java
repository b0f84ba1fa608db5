package dev.rivulet.edge.limit;

import java.util.concurrent.atomic.AtomicLong;

/** Memory, in bytes, that some kind of piece may take together. Any thread may call any method. */
public final class MemoryBudget {
    private final long bytes;
    private final AtomicLong taken = new AtomicLong();

    public MemoryBudget(long bytes) {
        this.bytes = bytes;
    }

    /** Takes so much, if there is so much left. */
    public boolean take(int wanted) {
        if (taken.addAndGet(wanted) <= bytes) {
            return true;
        }
        taken.addAndGet(-wanted);
        return false;
    }

    /** Gives back what was taken. */
    public void giveBack(int held) {
        taken.addAndGet(-held);
    }

    /** How much there is in all. */
    public long bytes() {
        return bytes;
    }

    /** How much is taken now. */
    public long takenBytes() {
        return taken.get();
    }
}
