package dev.rivulet.edge.peer;

/**
 * How many pieces are read before they can be sent, by all peers together. Everybody may have one, once its link has
 * room; more only as long as there are few peers, or many would occupy much memory with what waits. Belongs to the loop.
 */
final class ReadAhead {
    /** Pieces beyond everybody's first, in all. */
    static final int PIECES = 48;

    private int taken;

    /** Takes one, if there is any left. */
    boolean take() {
        if (taken == PIECES) {
            return false;
        }
        taken++;
        return true;
    }

    /** Gives one back. */
    void giveBack() {
        taken--;
    }
}
