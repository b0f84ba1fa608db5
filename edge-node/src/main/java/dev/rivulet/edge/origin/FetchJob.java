package dev.rivulet.edge.origin;

import dev.rivulet.protocol.catalog.Layout;
import dev.rivulet.protocol.id.ResourceUrl;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Who waits for which pieces of one content, and which of them no request has been made for yet. Guarded by itself;
 * futures are handed out to be completed, never completed here.
 */
final class FetchJob {
    final ResourceUrl url;
    final Layout layout;
    private final Map<Integer, CompletableFuture<ByteBuffer>> waiting = new HashMap<>();
    private final BitSet unassigned = new BitSet();
    private boolean ranges;
    private boolean scheduled;
    private boolean wholeUnderWay;
    private boolean ended;

    FetchJob(ResourceUrl url, Layout layout, boolean ranges) {
        this.url = url;
        this.layout = layout;
        this.ranges = ranges;
    }

    /** The future of a piece; null when the job has ended and another must be made. */
    synchronized @Nullable CompletableFuture<ByteBuffer> await(int piece) {
        if (ended) {
            return null;
        }
        return waiting.computeIfAbsent(piece, unused -> {
            unassigned.set(piece);
            return new CompletableFuture<>();
        });
    }

    /** Whether the caller has to see to it that {@link #assign} is called soon. */
    synchronized boolean needsSchedule() {
        if (scheduled || wholeUnderWay || unassigned.isEmpty()) {
            return false;
        }
        scheduled = true;
        return true;
    }

    /** The requests to make now. */
    synchronized List<PieceSpan> assign() {
        scheduled = false;
        if (unassigned.isEmpty() || wholeUnderWay) {
            return List.of();
        }
        List<PieceSpan> spans = ranges ? PieceSpan.of(unassigned, layout) : List.of(PieceSpan.all(layout));
        unassigned.clear();
        wholeUnderWay = spans.get(0).isAll(layout);
        return spans;
    }

    /**
     * The origin answers a range with everything.
     *
     * @return whether to go on reading; false when another request is reading everything already, whose end will see
     *     about the pieces of this one
     */
    synchronized boolean becomesWhole(PieceSpan span) {
        ranges = false;
        if (wholeUnderWay) {
            giveBack(span);
            return false;
        }
        wholeUnderWay = true;
        return true;
    }

    private void giveBack(PieceSpan span) {
        for (int piece = span.first(); piece <= span.last(); piece++) {
            if (waiting.containsKey(piece)) {
                unassigned.set(piece);
            }
        }
    }

    /** A piece arrived; its future, if somebody waits for it. */
    synchronized @Nullable CompletableFuture<ByteBuffer> arrived(int piece) {
        unassigned.clear(piece);
        return waiting.remove(piece);
    }

    /** A request ended; the futures of the pieces that it should have brought and did not. */
    synchronized List<CompletableFuture<ByteBuffer>> finished(PieceSpan span) {
        if (span.isAll(layout)) {
            wholeUnderWay = false;
        }
        List<CompletableFuture<ByteBuffer>> missed = new ArrayList<>();
        for (int piece = span.first(); piece <= span.last(); piece++) {
            CompletableFuture<ByteBuffer> future = unassigned.get(piece) ? null : waiting.remove(piece);
            if (future != null) {
                missed.add(future);
            }
        }
        return missed;
    }

    /** Ends the job when nobody waits any more. */
    synchronized boolean endIfIdle() {
        ended = ended || waiting.isEmpty();
        return ended;
    }

    /** Ends the job; the futures of all who wait. */
    synchronized List<CompletableFuture<ByteBuffer>> abandon() {
        ended = true;
        List<CompletableFuture<ByteBuffer>> all = List.copyOf(waiting.values());
        waiting.clear();
        unassigned.clear();
        return all;
    }
}
