package dev.rivulet.edge.origin;

import dev.rivulet.protocol.catalog.Layout;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * Adjacent pieces of one resource, fetched by one request.
 *
 * @param first index of the first piece
 * @param last index of the last piece, inclusive
 */
record PieceSpan(int first, int last) {
    /** The most bytes asked for by one range request: {@value}. */
    static final int MAX_BYTES = 4 << 20;

    static PieceSpan all(Layout layout) {
        return new PieceSpan(0, layout.pieceCount() - 1);
    }

    /** The fewest spans that cover exactly these pieces, none longer than {@link #MAX_BYTES}. */
    static List<PieceSpan> of(BitSet pieces, Layout layout) {
        int most = MAX_BYTES / layout.pieceLength();
        List<PieceSpan> spans = new ArrayList<>();
        int first = pieces.nextSetBit(0);
        while (first >= 0) {
            int last = Math.min(pieces.nextClearBit(first), first + most) - 1;
            spans.add(new PieceSpan(first, last));
            first = pieces.nextSetBit(last + 1);
        }
        return spans;
    }

    long begin(Layout layout) {
        return layout.offset(first);
    }

    /** One past the last byte. */
    long end(Layout layout) {
        return layout.offset(last) + layout.length(last);
    }

    boolean isAll(Layout layout) {
        return first == 0 && last == layout.pieceCount() - 1;
    }
}
