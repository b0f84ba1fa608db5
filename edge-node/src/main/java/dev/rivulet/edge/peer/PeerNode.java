package dev.rivulet.edge.peer;

import dev.rivulet.edge.catalog.SiteCatalog;
import dev.rivulet.edge.origin.OriginFetcher;
import dev.rivulet.edge.store.PieceStore;
import dev.rivulet.edge.thread.Threads;
import dev.rivulet.edge.transfer.LayoutFetcher;
import dev.rivulet.edge.transfer.Machinery;
import dev.rivulet.edge.transfer.PieceProvider;
import dev.rivulet.edge.transfer.Places;
import dev.rivulet.edge.transfer.SwarmPieces;
import dev.rivulet.edge.transfer.TransferCounts;
import dev.rivulet.protocol.Limits;
import dev.rivulet.protocol.message.ClientMessage;
import dev.rivulet.protocol.message.TrackerMessage;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;

/** All of an edge that has to do with other peers: their connections, the fetching of pieces, and the threads of both. */
public final class PeerNode implements AutoCloseable {
    /** Reading, writing and hashing pieces; a disk and the processors are kept busy by a few. */
    private static final int WORKERS = Math.max(2, Runtime.getRuntime().availableProcessors());

    /** How long pieces that are being written may take when the node stops. */
    private static final Duration WORKER_PATIENCE = Duration.ofSeconds(2);

    /** What there is to serve and to ask, other than peers. */
    public record Surroundings(
            SiteCatalog catalog, PieceStore store, ShardShelf shards, OriginFetcher origin, LayoutFetcher layouts) {}

    /**
     * The way to the tracker.
     *
     * @param send whether there was a tracker to send it to
     * @param agent this program's name and version, as told to peers; at most {@value Limits#MAX_AGENT_CHARS} characters
     */
    public record Tracker(Predicate<ClientMessage> send, String agent) {}

    private final PeerLinkFactory links;
    private final PeerLoop loop;
    private final ExecutorService workers;
    private final TransferCounts counts;
    private final Neighbours neighbours;
    private final SwarmPieces pieces;
    private final AtomicBoolean closed = new AtomicBoolean();

    /**
     * Starts to meet peers.
     *
     * @param links become this node's, to be closed with it; {@link PeerLinkFactory#none} with
     *     {@link NeighbourLimits#NONE} where there is no WebRTC
     */
    public PeerNode(PeerLinkFactory links, NeighbourLimits limits, Surroundings surroundings, Tracker tracker) {
        this.links = links;
        loop = new PeerLoop();
        workers = Executors.newFixedThreadPool(WORKERS, Threads.named("piece-worker"));
        counts = new TransferCounts();
        Machinery machinery = new Machinery(loop, workers, counts);
        neighbours = new Neighbours(
                new PeerContext(machinery, surroundings.catalog(), surroundings.store(), surroundings.shards()),
                new Neighbours.Outside(links, tracker.send(), tracker.agent(), new SecureRandom()),
                limits);
        NeighbourSources sources = new NeighbourSources(neighbours, loop);
        pieces = new SwarmPieces(
                new Places(
                        surroundings.catalog(),
                        surroundings.store(),
                        sources,
                        surroundings.origin(),
                        surroundings.layouts()),
                machinery);
        neighbours.start(pieces);
    }

    /** Takes everything that the tracker says; any thread. */
    public void received(TrackerMessage message) {
        neighbours.received(message);
    }

    /** Pieces from wherever they are to be had. */
    public PieceProvider pieces() {
        return pieces;
    }

    /** What crossed which path so far. */
    public TransferCounts counts() {
        return counts;
    }

    /** Connections to peers now. */
    public int connected() {
        return neighbours.connected();
    }

    /** How many more peers may connect, 0 to {@value Limits#MAX_SLOTS}. */
    public int freeSlots() {
        return neighbours.freeSlots();
    }

    /** Says good-bye to everybody and ends all threads; takes a few seconds at most. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        neighbours.close();
        links.close();
        loop.close();
        workers.shutdown();
        try {
            if (!workers.awaitTermination(WORKER_PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                workers.shutdownNow();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            workers.shutdownNow();
        }
    }
}
