package dev.rivulet.tracker.indexing.edge;

import java.util.Set;
import java.util.TreeSet;
import java.util.random.RandomGenerator;

/** Which pieces of what an edge reported are fetched again and compared; no I/O. */
public final class SpotChecks {
    /** One piece in so many is checked, on average and up to {@link #MOST}: what trust costs the origin. */
    public static final int ONE_IN = 32;
    /** Pieces of one resource that are checked at most. */
    public static final int MOST = 4;
    /** Of the first so many reports of an edge at least one piece is checked each. */
    public static final int PROBATION = 8;

    private SpotChecks() {}

    /**
     * The pieces to check.
     *
     * @param pieceCount pieces of the resource, at least 1
     * @param reportsBefore reports of this edge that were taken since it joined
     */
    public static Set<Integer> of(int pieceCount, int reportsBefore, RandomGenerator random) {
        int certain = pieceCount / ONE_IN;
        int drawn = random.nextInt(ONE_IN) < pieceCount % ONE_IN ? 1 : 0;
        int least = reportsBefore < PROBATION ? 1 : 0;
        int count = Math.min(Math.max(certain + drawn, least), MOST);
        Set<Integer> pieces = new TreeSet<>();
        while (pieces.size() < count) {
            pieces.add(random.nextInt(pieceCount));
        }
        return pieces;
    }
}
