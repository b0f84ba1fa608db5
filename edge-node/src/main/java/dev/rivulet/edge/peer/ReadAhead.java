package dev.rivulet.edge.peer;

import dev.rivulet.edge.limit.MemoryBudget;

/**
 * What is held for peers before it can be sent, by all together. Everybody may have one piece, once its link has room;
 * more only as long as there are few peers, or many would occupy much memory with what waits. What was fetched for a peer
 * counts as well; there is no bound on the number of those, for they cost a fetch. Belongs to the loop.
 */
final class ReadAhead {
    /** Pieces read beyond everybody's first, in all. */
    static final int PIECES = 48;

    private final MemoryBudget memory;
    private int read;

    ReadAhead(MemoryBudget memory) {
        this.memory = memory;
    }

    /** Takes room for a piece that is to be read, if there is any left. */
    boolean take(int bytes) {
        if (read == PIECES || !memory.take(bytes)) {
            return false;
        }
        read++;
        return true;
    }

    /** Gives that back. */
    void giveBack(int bytes) {
        read--;
        memory.giveBack(bytes);
    }

    /** Takes room for a piece that was fetched, if there is any left. */
    boolean hold(int bytes) {
        return memory.take(bytes);
    }

    /** Gives that back. */
    void letGo(int bytes) {
        memory.giveBack(bytes);
    }
}
