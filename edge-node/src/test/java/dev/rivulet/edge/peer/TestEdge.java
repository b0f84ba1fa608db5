package dev.rivulet.edge.peer;

import dev.rivulet.edge.limit.MemoryBudget;
import dev.rivulet.edge.limit.PieceMemory;
import dev.rivulet.edge.limit.Sending;
import dev.rivulet.edge.store.MemoryPieceStore;
import dev.rivulet.edge.transfer.EventLoop;
import dev.rivulet.edge.transfer.LayoutFetcher;
import dev.rivulet.edge.transfer.Machinery;
import dev.rivulet.edge.transfer.Places;
import dev.rivulet.edge.transfer.Spread;
import dev.rivulet.edge.transfer.SwarmPieces;
import dev.rivulet.edge.transfer.TransferCounts;
import dev.rivulet.protocol.id.ContentId;
import dev.rivulet.protocol.id.PeerId;
import dev.rivulet.protocol.message.ClientMessage;
import dev.rivulet.protocol.message.Role;
import dev.rivulet.protocol.message.TrackerMessage;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Predicate;

/** An edge as far as peers are concerned: store, neighbours and the fetching of pieces, wired as in production. */
public final class TestEdge {
    /** What an edge runs on. */
    public record Host(EventLoop loop, Executor workers, PeerLinkFactory links) {}

    public final PeerId id;
    public final MemoryPieceStore store = new MemoryPieceStore();
    public final Spread spread = new Spread(() -> 0);
    public final TransferCounts counts = new TransferCounts();
    public final MemoryBudget memory = PieceMemory.of(PieceMemory.DEFAULT_BYTES).peers();
    public final TestOrigin origin;
    public final Neighbours neighbours;
    public final SwarmPieces pieces;
    private final EventLoop loop;
    private final NeighbourSources sources;

    public TestEdge(long id, TestSite site, TestTracker tracker, Host host) {
        this(id, site, tracker, host, NeighbourLimits.DEFAULT, site::layout);
    }

    public TestEdge(
            long id, TestSite site, TestTracker tracker, Host host, NeighbourLimits limits, LayoutFetcher layouts) {
        this(id, site, tracker, host, limits, layouts, Sending.UNLIMITED);
    }

    public TestEdge(
            long id,
            TestSite site,
            TestTracker tracker,
            Host host,
            NeighbourLimits limits,
            LayoutFetcher layouts,
            Sending sending) {
        this.id = peerId(id);
        loop = host.loop();
        origin = new TestOrigin(site, store);
        Machinery machinery = new Machinery(host.loop(), host.workers(), counts);
        PeerContext context =
                new PeerContext(machinery, site.catalog(), store, hash -> Optional.empty(), sending, memory);
        Predicate<ClientMessage> toTracker = tracker.join(this.id, Role.EDGE, this::received);
        neighbours = new Neighbours(
                context, new Neighbours.Outside(host.links(), toTracker, "test-edge", new Random(id)), limits);
        sources = new NeighbourSources(neighbours, loop, spread);
        pieces = new SwarmPieces(new Places(site.catalog(), store, sources, origin, layouts), machinery);
        neighbours.start(pieces);
        tracker.welcome(this.id);
    }

    /** Connects to those that the tracker says hold a content, and has them say what they do. */
    public void meet(ContentId content) {
        loop.execute(() -> {
            sources.follow(content);
            sources.search(content, () -> {});
        });
    }

    /** How many neighbours say that they hold some of a content; asks the loop, and so is not for its thread. */
    public int holders(ContentId content) {
        return CompletableFuture.supplyAsync(() -> sources.holders(content).size(), loop)
                .join();
    }

    private void received(TrackerMessage message) {
        neighbours.received(message);
    }

    /** Ids in the order of their numbers. */
    public static PeerId peerId(long number) {
        return new PeerId(number << 40, 0);
    }
}
