package dev.rivulet.tracker.indexing.edge;

import dev.rivulet.protocol.id.PieceHash;
import dev.rivulet.protocol.message.Indexed;
import java.util.List;

/**
 * What became of asking an edge.
 */
public sealed interface Answer {
    /** Whom it is about. */
    EdgeName edge();

    /**
     * It fetched and hashed; nothing of it is checked yet.
     *
     * @param reportsBefore reports of this edge that were taken since it joined
     */
    record Reported(EdgeName edge, Indexed.Answer said, List<PieceHash> hashes, int reportsBefore) implements Answer {
        public Reported {
            hashes = List.copyOf(hashes);
        }
    }

    /** There is no report to be had of it. */
    record None(EdgeName edge, String reason) implements Answer {}
}
