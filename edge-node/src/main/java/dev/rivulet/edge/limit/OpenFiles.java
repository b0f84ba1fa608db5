package dev.rivulet.edge.limit;

/** How many files and sockets an edge has open at most, to be compared with what the system allows. */
public final class OpenFiles {
    /** The jar, libraries, log, store, tracker: {@value}, with room. */
    static final int FIXED = 256;

    /** What a WebRTC connection takes while it is being made, on a host with a few network interfaces: {@value}. */
    static final int PER_PEER = 8;

    private OpenFiles() {}

    /** What the greater of the two processes needs; WebRTC has its own. */
    public static int needed(int httpConnections, int originConnections, int peers) {
        return FIXED + Math.max(httpConnections + originConnections, peers * PER_PEER);
    }
}
