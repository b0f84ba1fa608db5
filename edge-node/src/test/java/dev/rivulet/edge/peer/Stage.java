package dev.rivulet.edge.peer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rivulet.edge.limit.Sending;
import dev.rivulet.edge.transfer.LayoutFetcher;
import dev.rivulet.edge.transfer.ManualLoop;
import dev.rivulet.edge.transfer.PieceUnavailableException;
import dev.rivulet.protocol.message.Role;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;

/** Edges and other peers of one site, all on one manual loop: nothing happens but what a test lets happen. */
final class Stage {
    final ManualLoop loop = new ManualLoop();
    final TestSite site = new TestSite();
    final TestTracker tracker = new TestTracker();
    private final InMemoryLinks.Network network = new InMemoryLinks.Network(loop);

    TestEdge edge(long id) {
        return new TestEdge(id, site, tracker, host());
    }

    TestEdge edge(long id, int connections) {
        return new TestEdge(id, site, tracker, host(), new NeighbourLimits(connections), site::layout);
    }

    TestEdge edge(long id, LayoutFetcher layouts) {
        return new TestEdge(id, site, tracker, host(), NeighbourLimits.DEFAULT, layouts);
    }

    TestEdge edge(long id, Sending sending) {
        return new TestEdge(id, site, tracker, host(), NeighbourLimits.DEFAULT, site::layout, sending);
    }

    /** An edge whose blocking work is done when the test says so. */
    TestEdge edgeWithWorkers(long id, Executor workers) {
        return new TestEdge(id, site, tracker, new TestEdge.Host(loop, workers, network.host()));
    }

    /** An edge whose links a test can lose. */
    TestEdge edgeWithLinks(long id, InMemoryLinks links) {
        return new TestEdge(id, site, tracker, new TestEdge.Host(loop, loop, links));
    }

    /** As {@link #edgeWithLinks(long, InMemoryLinks)}, with so many connections at most. */
    TestEdge edgeWithLinks(long id, InMemoryLinks links, int connections) {
        TestEdge.Host host = new TestEdge.Host(loop, loop, links);
        return new TestEdge(id, site, tracker, host, new NeighbourLimits(connections), site::layout);
    }

    InMemoryLinks links() {
        return network.host();
    }

    private TestEdge.Host host() {
        return new TestEdge.Host(loop, loop, network.host());
    }

    /** A page that says only what a test makes it say. */
    RawPeer page(long id) {
        return peer(id, Role.PAGE);
    }

    /** As {@link #page}, in whatever role. */
    RawPeer peer(long id, Role role) {
        return new RawPeer(id, role, tracker, network.recklessHost());
    }

    /** As {@link #page}, connected to an edge, hellos exchanged. */
    RawPeer pageAt(TestEdge edge, long id) {
        RawPeer page = page(id);
        page.offerTo(edge.id);
        loop.run();
        page.hello();
        loop.run();
        return page;
    }

    void run() {
        loop.run();
    }

    void advance(Duration time) {
        loop.advance(time);
    }

    /** An edge that gets no layout from its tracker. */
    TestEdge cutOff(long id) {
        return edge(id, content -> CompletableFuture.failedFuture(new IOException("tracker is gone")));
    }

    /** What a future holds, which is complete. */
    static ByteBuffer now(CompletableFuture<ByteBuffer> future) {
        if (!future.isDone()) {
            throw new AssertionError("not complete yet");
        }
        return future.join();
    }

    /** Asserts that nobody could serve a piece. */
    static void assertThatFailed(CompletableFuture<ByteBuffer> piece) {
        assertThat(piece).isCompletedExceptionally();
        assertThatThrownBy(piece::join)
                .isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(PieceUnavailableException.class);
    }
}
