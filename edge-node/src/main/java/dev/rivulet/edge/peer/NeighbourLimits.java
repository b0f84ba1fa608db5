package dev.rivulet.edge.peer;

/**
 * How many neighbours an edge has.
 *
 * @param connections at most, connecting ones included; 0 to {@value #MOST}
 */
public record NeighbourLimits(int connections) {
    /** A connection costs about a megabyte of native memory, and its pings. */
    public static final int MOST = 1024;

    /** Unless configured. */
    public static final NeighbourLimits DEFAULT = new NeighbourLimits(64);

    public NeighbourLimits {
        if (connections < 0 || connections > MOST) {
            throw new IllegalArgumentException(connections + " connections, not within 0 to " + MOST);
        }
    }
}
