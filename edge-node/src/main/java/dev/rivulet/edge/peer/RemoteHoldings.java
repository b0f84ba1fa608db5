package dev.rivulet.edge.peer;

import dev.rivulet.edge.catalog.SiteCatalog;
import dev.rivulet.protocol.DecodeException;
import dev.rivulet.protocol.catalog.Layout;
import dev.rivulet.protocol.id.ContentId;
import dev.rivulet.protocol.message.Bitfield;
import dev.rivulet.protocol.message.ControlMessage.Have;
import dev.rivulet.protocol.message.Holding;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What a peer says it holds of the contents that it was asked about. Belongs to the loop. */
final class RemoteHoldings {
    /** "Nothing", from whoever does not know how many pieces there are. */
    private static final Bitfield NOTHING = Bitfield.of(new BitSet(), 1);

    private final SiteCatalog catalog;
    private final Map<ContentId, BitSet> said = new HashMap<>();

    RemoteHoldings(SiteCatalog catalog) {
        this.catalog = catalog;
    }

    /** Takes what the peer says of a content of the site; of others nothing is kept. */
    void take(Have have) throws DecodeException {
        Optional<Integer> count = catalog.byContent(have.content()).map(entry -> Layout.pieceCountOf(entry.size()));
        if (count.isPresent()) {
            said.put(have.content(), pieces(have, count.get()));
        }
    }

    private BitSet pieces(Have have, int count) throws DecodeException {
        if (have.holding() instanceof Holding.Pieces pieces) {
            return pieces.pieces().equals(NOTHING)
                    ? new BitSet()
                    : pieces.pieces().pieces(count);
        }
        BitSet known = said.getOrDefault(have.content(), new BitSet(count));
        if (have.holding() instanceof Holding.Added added) {
            for (int piece : added.pieces()) {
                if (piece >= count) {
                    throw new DecodeException("have.add", piece + " of " + count + " pieces");
                }
                known.set(piece);
            }
        } else {
            known.set(0, count);
        }
        return known;
    }

    /** Whether the peer has said anything of the content. */
    boolean hasSaid(ContentId content) {
        return said.containsKey(content);
    }

    /** The contents of which the peer has said anything. */
    Set<ContentId> contents() {
        return said.keySet();
    }

    boolean holds(ContentId content, int piece) {
        BitSet pieces = said.get(content);
        return pieces != null && pieces.get(piece);
    }

    boolean holdsAny(ContentId content) {
        BitSet pieces = said.get(content);
        return pieces != null && !pieces.isEmpty();
    }

    void forget(ContentId content) {
        said.remove(content);
    }
}
