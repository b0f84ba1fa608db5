package dev.rivulet.tracker.indexing;

import dev.rivulet.protocol.catalog.Layout;
import dev.rivulet.tracker.indexing.SpotCheck.Result;

/** Whether an edge lied whose report a check did not bear out, now that the tracker has seen all of it; no I/O. */
enum EdgeVerdict {
    /** The origin gives the same version to the tracker, twice, with other bytes than the edge said. */
    LIED,
    /** The edge said something else of what may be another version: it may have lied, or the resource changed. */
    UNPROVEN,
    /** The origin is not of one mind itself. */
    NOBODYS_FAULT;

    /**
     * The verdict.
     *
     * @param reported what the edge said
     * @param check where the first look differed from that
     * @param own what the tracker itself got then
     */
    static EdgeVerdict of(Outcome.Indexed reported, Result.Other check, Outcome own) {
        if (!(own instanceof Outcome.Indexed seen)
                || seen.layout().equals(reported.layout())
                || !hasPiece(seen.layout(), check)) {
            return NOBODYS_FAULT;
        }
        return isSameVersion(seen, reported) ? LIED : UNPROVEN;
    }

    private static boolean isSameVersion(Outcome.Indexed seen, Outcome.Indexed reported) {
        return seen.entry().validators().matches(reported.entry().validators());
    }

    /** Whether the whole that the tracker saw agrees with what it saw of it before. */
    private static boolean hasPiece(Layout seen, Result.Other check) {
        return check.hash() == null
                || (check.piece() < seen.pieceCount()
                        && seen.hash(check.piece()).equals(check.hash()));
    }
}
