package dev.rivulet.tracker.indexing.edge;

import dev.rivulet.protocol.catalog.Layout;
import dev.rivulet.protocol.id.PieceHash;
import dev.rivulet.protocol.message.Indexed;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** What an edge was asked, and what it has said so far. Guarded by {@link IndexingEdges}. */
final class OpenRequest {
    final EdgeName edge;
    final CompletableFuture<Answer> answer = new CompletableFuture<>();
    long heardAtMs;

    private final Order order;
    private final int reportsBefore;
    private final List<PieceHash> hashes = new ArrayList<>();

    OpenRequest(EdgeName edge, Order order, int reportsBefore, long nowMs) {
        this.edge = edge;
        this.order = order;
        this.reportsBefore = reportsBefore;
        this.heardAtMs = nowMs;
    }

    /** The next hashes; what is wrong with them, or empty. */
    Optional<String> add(List<PieceHash> more) {
        if (hashes.size() + more.size() > Layout.pieceCountOf(order.most())) {
            return Optional.of("more hashes than a resource of " + order.most() + " bytes has");
        }
        hashes.addAll(more);
        return Optional.empty();
    }

    /** The end; what is wrong with it, or empty. */
    Optional<String> objectionTo(Indexed end) {
        Indexed.Answer said = end.answer();
        if (said == null || said.body() == null) {
            return Optional.empty();
        }
        long size = said.body().size();
        if (size > order.most()) {
            return Optional.of(size + " bytes where at most " + order.most() + " were asked for");
        }
        return hashes.size() == Layout.pieceCountOf(size)
                ? Optional.empty()
                : Optional.of(hashes.size() + " hashes of " + size + " bytes");
    }

    /** The end as the answer that it is. */
    Answer closedBy(Indexed end) {
        Indexed.Answer said = end.answer();
        return said == null
                ? new Answer.None(edge, "it says " + end.failed())
                : new Answer.Reported(edge, said, hashes, reportsBefore);
    }
}
