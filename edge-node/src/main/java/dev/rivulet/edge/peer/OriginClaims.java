package dev.rivulet.edge.peer;

import dev.rivulet.edge.transfer.EventLoop;
import dev.rivulet.protocol.id.ContentId;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What this edge is getting from the origin, and the telling: at once, for others wait no longer than a moment to hear it,
 * but together what is asked for in one turn of the loop. Belongs to the loop.
 */
final class OriginClaims {
    /** Who passes it on. */
    interface Told {
        void fetching(ContentId content, List<Integer> pieces, boolean stop);
    }

    private final EventLoop loop;
    private final Told told;
    private final Map<ContentId, BitSet> underWay = new HashMap<>();
    private final Map<ContentId, BitSet> begun = new LinkedHashMap<>();
    private final Map<ContentId, BitSet> givenUp = new LinkedHashMap<>();
    private boolean telling;

    OriginClaims(EventLoop loop, Told told) {
        this.loop = loop;
        this.told = told;
    }

    /** The origin was asked for a piece. */
    void begin(ContentId content, int piece) {
        set(underWay, content, piece);
        set(begun, content, piece);
        clear(givenUp, content, piece);
        tellSoon();
    }

    /** The piece has come and is {@code held}, or has not. */
    void end(ContentId content, int piece, boolean held) {
        clear(underWay, content, piece);
        clear(begun, content, piece);
        if (!held) {
            set(givenUp, content, piece);
            tellSoon();
        }
    }

    /** Pieces of a content that the origin was asked for and that have not come. */
    List<Integer> underWay(ContentId content) {
        return list(underWay.getOrDefault(content, new BitSet()));
    }

    private void tellSoon() {
        if (!telling) {
            telling = true;
            loop.execute(this::tell);
        }
    }

    private void tell() {
        telling = false;
        givenUp.forEach((content, pieces) -> told.fetching(content, list(pieces), true));
        givenUp.clear();
        begun.forEach((content, pieces) -> told.fetching(content, list(pieces), false));
        begun.clear();
    }

    private static void set(Map<ContentId, BitSet> pieces, ContentId content, int piece) {
        pieces.computeIfAbsent(content, id -> new BitSet()).set(piece);
    }

    private static void clear(Map<ContentId, BitSet> pieces, ContentId content, int piece) {
        pieces.computeIfPresent(content, (id, set) -> {
            set.clear(piece);
            return set.isEmpty() ? null : set;
        });
    }

    private static List<Integer> list(BitSet pieces) {
        return pieces.stream().boxed().toList();
    }
}
