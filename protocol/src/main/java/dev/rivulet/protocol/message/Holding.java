package dev.rivulet.protocol.message;

import dev.rivulet.protocol.Check;
import dev.rivulet.protocol.Limits;
import java.util.List;

/** What a peer says it holds of a content (docs/protocol.md, section 6.2, {@code have}). */
public sealed interface Holding {
    /** Every piece. */
    record Complete() implements Holding {}

    /** Exactly these; replaces what was known. */
    record Pieces(Bitfield pieces) implements Holding {}

    /** These too, beyond what was known. */
    record Added(List<Integer> pieces) implements Holding {
        public Added {
            pieces = Holding.pieces("add", pieces);
        }
    }

    /** Checks a list of piece indexes. */
    static List<Integer> pieces(String field, List<Integer> pieces) {
        List<Integer> checked = Check.list(field, pieces, 1, Limits.MAX_HAVE_PIECES);
        for (int i = 0; i < checked.size(); i++) {
            Check.range(field + "[" + i + "]", checked.get(i), 0, Limits.MAX_PIECES - 1);
        }
        return checked;
    }
}
