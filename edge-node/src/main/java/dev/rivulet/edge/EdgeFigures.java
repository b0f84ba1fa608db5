package dev.rivulet.edge;

import dev.rivulet.edge.config.EdgeSettings;
import dev.rivulet.edge.config.StatusAddress;
import dev.rivulet.edge.config.Version;
import dev.rivulet.edge.figures.FetchedAndSent;
import dev.rivulet.edge.figures.Metrics;
import dev.rivulet.edge.figures.StatusReport;
import dev.rivulet.edge.figures.StatusServer;
import dev.rivulet.edge.gateway.TrackerCheck;
import dev.rivulet.edge.limit.PieceMemory;
import dev.rivulet.edge.peer.process.LinkProcesses;
import dev.rivulet.edge.quota.MonthlyQuota;
import dev.rivulet.edge.store.DiskPieceStore;
import dev.rivulet.edge.store.PieceStore;
import dev.rivulet.edge.thread.Threads;
import dev.rivulet.edge.tracker.Reporter;
import dev.rivulet.edge.transfer.TopContents;
import dev.rivulet.edge.transfer.TransferCounts;
import dev.rivulet.protocol.id.ContentId;
import dev.rivulet.protocol.message.ClientMessage.EdgeState;
import dev.rivulet.protocol.message.ClientMessage.LinkCounts;
import dev.rivulet.protocol.message.ClientMessage.Rates;
import dev.rivulet.protocol.message.ClientMessage.Share;
import dev.rivulet.protocol.settings.ConfigException;
import dev.rivulet.protocol.settings.ListenAddress;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gathers what is shown of this edge, and shows it. */
final class EdgeFigures {
    /** Contents listed. */
    private static final int TOP = 10;

    /** How often the sums are looked at, for the rates. */
    private static final Duration SAMPLE = Duration.ofSeconds(1);

    private static final Logger log = LoggerFactory.getLogger(EdgeFigures.class);

    /**
     * Where figures come from.
     *
     * @param originBytes received from origins
     * @param notServing why nothing is served, for whoever runs the edge; empty while something is
     */
    record Sources(
            EdgeSettings settings,
            DiskPieceStore store,
            TransferCounts counts,
            LongAdder originBytes,
            EdgeLimits limits,
            Supplier<Optional<String>> notServing) {}

    private final Sources sources;
    private final Instant startedAt = Instant.now();
    private final long serviceMemory = ServiceMemory.ofThisProcess().limitBytes();
    private final AtomicLong pieces = new AtomicLong();
    private final FetchedAndSent rates = new FetchedAndSent();
    private volatile IntSupplier peers = () -> 0;
    private volatile LongSupplier http = () -> 0;
    private volatile Supplier<List<LinkCounts>> links = List::of;
    private volatile Supplier<LinkProcesses.Standing> webRtc = () -> LinkProcesses.Standing.none(null);
    private volatile Supplier<Optional<String>> refusal = Optional::empty;
    private volatile Supplier<Optional<TrackerCheck.Standing>> gateway = Optional::empty;
    private volatile boolean ready;

    private EdgeFigures(Sources sources) {
        this.sources = sources;
    }

    /** Begins to gather, before anything is fetched or served. */
    static EdgeFigures of(Sources sources, Closers closers) throws IOException {
        EdgeFigures figures = new EdgeFigures(sources);
        figures.countPieces();
        ScheduledExecutorService thread = Threads.single("figures");
        closers.add(thread::shutdownNow);
        Threads.repeat(thread, SAMPLE, figures::sample);
        return figures;
    }

    /** Bytes sent and received since the start. */
    static long total(TransferCounts counts, LongAdder originBytes) {
        return counts.uploaded.sum() + received(counts, originBytes);
    }

    private static long received(TransferCounts counts, LongAdder originBytes) {
        return counts.peers.sum() + counts.edges.sum() + originBytes.sum();
    }

    private void countPieces() {
        sources.store().listen(new PieceStore.Listener() {
            @Override
            public void added(ContentId content, int index) {
                pieces.incrementAndGet();
            }

            @Override
            public void dropped(ContentId content, int index) {
                pieces.decrementAndGet();
            }
        });
        sources.store().contents().stream()
                .map(sources.store()::held)
                .mapToInt(BitSet::cardinality)
                .forEach(pieces::addAndGet);
    }

    private void sample() {
        rates.sample(
                System.nanoTime(), sources.counts().uploaded.sum(), received(sources.counts(), sources.originBytes()));
    }

    /** From now on these are the connections. */
    void connections(IntSupplier webRtc, LongSupplier overHttp, Supplier<List<LinkCounts>> exchanged) {
        peers = webRtc;
        http = overHttp;
        links = exchanged;
    }

    /** From now on these are the processes that have the WebRTC connections. */
    void webRtc(Supplier<LinkProcesses.Standing> standing) {
        webRtc = standing;
    }

    /** Why the tracker does not let this edge in any more is asked there from now on. */
    void refusal(Supplier<Optional<String>> why) {
        refusal = why;
    }

    /** How the tracker finds its HTTP gateway is asked there from now on. */
    void gateway(Supplier<Optional<TrackerCheck.Standing>> standing) {
        gateway = standing;
    }

    /** What the tracker is told. */
    Reporter.Now now() {
        EdgeSettings settings = sources.settings();
        MonthlyQuota.Standing month = sources.limits().quota().standing();
        return new Reporter.Now(
                links.get(),
                new EdgeState(
                        settings.name(),
                        settings.region(),
                        new Share(sources.store().bytes(), settings.maxDisk().bytes()),
                        new Share(month.usage().bytes(), month.limitBytes()),
                        new Rates(rates.sentPerSecond(), rates.fetchedPerSecond())));
    }

    /** From now on the edge is ready. */
    void ready() {
        ready = true;
    }

    /** Shows the figures on this machine, unless that is switched off. */
    void show(Closers closers) throws IOException {
        StatusAddress configured = sources.settings().status();
        StatusAddress address = configured == null ? StatusAddress.DEFAULT : configured;
        if (address.listen().isEmpty()) {
            return;
        }
        Metrics metrics = new Metrics(this::report, Version.number());
        StatusServer server = closers.add(
                new StatusServer(address.listen().get(), new StatusServer.Source(this::report, metrics::text)));
        try {
            ListenAddress bound = server.start();
            log.info("status at http://{}", bound);
        } catch (IOException e) {
            if (configured != null) {
                throw new ConfigException(
                        "status",
                        address.toString(),
                        "cannot be listened at (" + e.getMessage() + "); choose another address or port, or none");
            }
            log.info("no status page: {} is taken; set status to another address", address);
        }
    }

    private StatusReport report() {
        Instant now = Instant.now();
        MonthlyQuota.Standing standing = sources.limits().quota().standing();
        return new StatusReport(
                Version.number(),
                sources.settings().site(),
                now,
                startedAt,
                ready,
                sources.notServing().get().orElse(null),
                refusal.get().orElse(null),
                gateway.get().map(EdgeFigures::gateway).orElse(null),
                traffic(),
                new StatusReport.Peers(peers.getAsInt(), http.getAsLong()),
                store(),
                memory(),
                webRtc(webRtc.get()),
                new StatusReport.Quota(
                        standing.usage().month().toString(),
                        standing.usage().bytes(),
                        standing.usage().ends()),
                limits(),
                top());
    }

    private static StatusReport.Gateway gateway(TrackerCheck.Standing standing) {
        return new StatusReport.Gateway(
                standing.base().text(),
                switch (standing.state()) {
                    case UNKNOWN -> "unknown";
                    case REACHED -> "reached";
                    case UNREACHED -> "unreached";
                },
                standing.problem());
    }

    private StatusReport.Traffic traffic() {
        TransferCounts counts = sources.counts();
        return new StatusReport.Traffic(
                rates.sentPerSecond(),
                rates.fetchedPerSecond(),
                counts.uploaded.sum(),
                counts.http.sum(),
                sources.originBytes().sum(),
                counts.peers.sum(),
                counts.edges.sum());
    }

    private StatusReport.Store store() {
        DiskPieceStore store = sources.store();
        return new StatusReport.Store(
                store.bytes(),
                pieces.get(),
                store.contents().size(),
                sources.counts().hits.sum(),
                sources.counts().misses.sum(),
                store.isFailing());
    }

    private StatusReport.Memory memory() {
        Runtime java = Runtime.getRuntime();
        PieceMemory pieceMemory = sources.limits().memory();
        return new StatusReport.Memory(
                java.totalMemory() - java.freeMemory(),
                pieceMemory.peers().takenBytes() + pieceMemory.http().takenBytes());
    }

    private static StatusReport.WebRtc webRtc(LinkProcesses.Standing now) {
        return new StatusReport.WebRtc(
                now.ready(), now.running(), now.residentBytes(), now.replaced(), now.died(), now.problem());
    }

    private StatusReport.Limits limits() {
        EdgeSettings settings = sources.settings();
        return new StatusReport.Limits(
                settings.uploadRate().bytes(),
                settings.downloadRate().bytes(),
                settings.monthlyTransfer().bytes(),
                settings.maxDisk().bytes(),
                settings.maxPeers(),
                settings.httpConnections(),
                settings.originConnections(),
                settings.webrtcMemory().bytes(),
                sources.limits().memory().bytes(),
                EdgeLimits.heapBytes(),
                serviceMemory,
                EdgeLimits.openFiles());
    }

    private List<StatusReport.Content> top() {
        return sources.counts().top.top(TOP).stream().map(EdgeFigures::content).toList();
    }

    private static StatusReport.Content content(TopContents.Sent sent) {
        return new StatusReport.Content(
                sent.content().text(), sent.url().map(url -> url.text()).orElse(null), sent.bytes());
    }
}
