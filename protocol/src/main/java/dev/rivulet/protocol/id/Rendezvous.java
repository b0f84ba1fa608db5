package dev.rivulet.protocol.id;

/**
 * To which of several peers a piece falls, without a word between them: to the one with the highest score, and at equal
 * scores to the one whose id is smaller (docs/protocol.md, section 6.4).
 */
public final class Rendezvous {
    // FNV-1a, 32 bits.
    private static final int OFFSET_BASIS = 0x811c9dc5;
    private static final int PRIME = 0x01000193;

    private Rendezvous() {}

    /** The score of a peer for a piece, 0 to 2^32 - 1: whoever knows the same ids gets the same order. */
    public static long score(PeerId peer, ContentId content, int piece) {
        String text = peer.text() + " " + content.text() + " " + piece;
        int hash = OFFSET_BASIS;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * PRIME;
        }
        return Integer.toUnsignedLong(mixed(hash));
    }

    /** The finalizer of MurmurHash3, {@code fmix32}: ids and pieces that differ in little get scores that differ in much. */
    private static int mixed(int hash) {
        int first = (hash ^ (hash >>> 16)) * 0x85ebca6b;
        int second = (first ^ (first >>> 13)) * 0xc2b2ae35;
        return second ^ (second >>> 16);
    }
}
