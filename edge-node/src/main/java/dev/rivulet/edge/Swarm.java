package dev.rivulet.edge;

import dev.rivulet.edge.catalog.SiteCatalog;
import dev.rivulet.edge.config.EdgeSettings;
import dev.rivulet.edge.config.UdpPortRange;
import dev.rivulet.edge.config.Version;
import dev.rivulet.edge.origin.OriginFetcher;
import dev.rivulet.edge.peer.NeighbourLimits;
import dev.rivulet.edge.peer.NeighbourSources;
import dev.rivulet.edge.peer.Neighbours;
import dev.rivulet.edge.peer.PeerContext;
import dev.rivulet.edge.peer.PeerLoop;
import dev.rivulet.edge.peer.process.ChildCommand;
import dev.rivulet.edge.peer.process.LinkProcesses;
import dev.rivulet.edge.peer.process.ReplacementLimits;
import dev.rivulet.edge.peer.webrtc.UdpPorts;
import dev.rivulet.edge.peer.webrtc.WebRtcUnavailableException;
import dev.rivulet.edge.store.PieceStore;
import dev.rivulet.edge.thread.Threads;
import dev.rivulet.edge.tracker.CatalogFiles;
import dev.rivulet.edge.tracker.TrackerLayouts;
import dev.rivulet.edge.tracker.TrackerLink;
import dev.rivulet.edge.transfer.Machinery;
import dev.rivulet.edge.transfer.PeerSources;
import dev.rivulet.edge.transfer.PieceProvider;
import dev.rivulet.edge.transfer.Places;
import dev.rivulet.edge.transfer.Spread;
import dev.rivulet.edge.transfer.SwarmPieces;
import dev.rivulet.edge.transfer.TransferCounts;
import dev.rivulet.protocol.message.ClientMessage.LinkCounts;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This edge among its peers.
 *
 * @param pieces gets pieces from the store, peers and the origin
 * @param slots how many more peers may connect
 * @param connections to peers now
 * @param links what was exchanged over them, most first
 * @param webRtc how the processes fare that have the connections
 */
record Swarm(
        PieceProvider pieces,
        IntSupplier slots,
        IntSupplier connections,
        Supplier<List<LinkCounts>> links,
        Supplier<LinkProcesses.Standing> webRtc) {
    /** Threads that read, write and hash pieces: the cores, and at least {@value}. */
    static final int LEAST_WORKERS = 2;

    private static final Logger log = LoggerFactory.getLogger(Swarm.class);

    /**
     * What is passed on and where it comes from.
     *
     * @param webRtcHome a directory for WebRTC processes alone
     */
    record Stock(
            SiteCatalog catalog,
            PieceStore store,
            Spread spread,
            CatalogFiles shards,
            OriginFetcher origin,
            TrackerLayouts layouts,
            TransferCounts counts,
            EdgeLimits limits,
            Path webRtcHome) {}

    int freeSlots() {
        return slots.getAsInt();
    }

    int connected() {
        return connections.getAsInt();
    }

    /** Begins to meet peers, as the tracker introduces them, unless there can or should be none. */
    static Swarm join(EdgeSettings settings, Closers closers, TrackerLink link, Stock stock) throws IOException {
        PeerLoop loop = closers.add(new PeerLoop());
        ExecutorService workers = Executors.newFixedThreadPool(
                Math.max(LEAST_WORKERS, Runtime.getRuntime().availableProcessors()), Threads.named("pieces"));
        closers.add(workers::shutdownNow);
        Machinery machinery = new Machinery(loop, workers, stock.counts());
        if (settings.maxPeers() == 0) {
            return alone(link, stock, machinery, "max-peers is 0, so WebRTC is off");
        }
        try {
            return withPeers(settings, closers, link, stock, machinery, links(settings, closers, stock.webRtcHome()));
        } catch (WebRtcUnavailableException e) {
            String problem = String.valueOf(e.getMessage());
            log.error(settings.http() == null ? "{}" : "going on over HTTP only: {}", problem);
            return alone(link, stock, machinery, problem + "; then restart the edge");
        }
    }

    private static LinkProcesses links(EdgeSettings settings, Closers closers, Path home) throws IOException {
        ChildCommand command = new ChildCommand(
                ports(settings.udpPorts()), settings.maxPeers(), settings.logLevel(), settings.logFormat());
        ReplacementLimits limits = ReplacementLimits.of(
                settings.maxPeers(), settings.webrtcMemory().bytes());
        return closers.add(LinkProcesses.start(command, limits, home));
    }

    private static UdpPorts ports(@Nullable UdpPortRange range) {
        return range == null ? UdpPorts.ANY : new UdpPorts(range.first(), range.last());
    }

    private static Swarm withPeers(
            EdgeSettings settings,
            Closers closers,
            TrackerLink link,
            Stock stock,
            Machinery machinery,
            LinkProcesses links)
            throws IOException {
        PeerContext context = new PeerContext(
                machinery,
                stock.catalog(),
                stock.store(),
                stock.shards()::shard,
                stock.limits().sending(),
                stock.limits().memory().peers());
        var outside = new Neighbours.Outside(links, link::send, Version.agent(), RandomGenerator.getDefault());
        Neighbours neighbours = closers.add(new Neighbours(context, outside, new NeighbourLimits(settings.maxPeers())));
        SwarmPieces pieces =
                pieces(stock, new NeighbourSources(neighbours, machinery.loop(), stock.spread()), machinery);
        neighbours.start(pieces);
        link.listen(neighbours::received);
        // Nobody is to be sent here while no connection can be made.
        IntSupplier slots = () -> links.isAvailable() ? neighbours.freeSlots() : 0;
        return new Swarm(pieces, slots, neighbours::connected, neighbours::counts, links::standing);
    }

    private static Swarm alone(TrackerLink link, Stock stock, Machinery machinery, String problem) {
        NoPeers nobody = new NoPeers(machinery.loop(), link);
        link.listen(nobody);
        return new Swarm(
                pieces(stock, nobody, machinery),
                () -> 0,
                () -> 0,
                List::of,
                () -> LinkProcesses.Standing.none(problem));
    }

    private static SwarmPieces pieces(Stock stock, PeerSources peers, Machinery machinery) {
        Places places = new Places(stock.catalog(), stock.store(), peers, stock.origin(), stock.layouts()::fetch);
        return new SwarmPieces(
                places,
                machinery,
                stock.limits().downloads(),
                stock.limits().memory().fetchBytes());
    }
}
