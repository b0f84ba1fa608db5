package dev.rivulet.edge;

import dev.rivulet.edge.catalog.SiteCatalog;
import dev.rivulet.edge.config.EdgeSettings;
import dev.rivulet.edge.config.Version;
import dev.rivulet.edge.gateway.Gateway;
import dev.rivulet.edge.gateway.TrackerCheck;
import dev.rivulet.edge.identity.Identity;
import dev.rivulet.edge.indexing.IndexDesk;
import dev.rivulet.edge.origin.HttpOriginFetcher;
import dev.rivulet.edge.prefetch.Means;
import dev.rivulet.edge.prefetch.Prefetcher;
import dev.rivulet.edge.served.ServedLog;
import dev.rivulet.edge.setup.Advice;
import dev.rivulet.edge.store.DataDirectory;
import dev.rivulet.edge.store.DiskPieceStore;
import dev.rivulet.edge.store.ReadOnlyDirectoryException;
import dev.rivulet.edge.store.StoreUpkeep;
import dev.rivulet.edge.tracker.Announcer;
import dev.rivulet.edge.tracker.CatalogFiles;
import dev.rivulet.edge.tracker.CatalogSync;
import dev.rivulet.edge.tracker.Greeting;
import dev.rivulet.edge.tracker.Membership;
import dev.rivulet.edge.tracker.Reporter;
import dev.rivulet.edge.tracker.TrackerHttp;
import dev.rivulet.edge.tracker.TrackerLayouts;
import dev.rivulet.edge.tracker.WebSocketLink;
import dev.rivulet.edge.transfer.PieceProvider;
import dev.rivulet.edge.transfer.Spread;
import dev.rivulet.edge.transfer.TransferCounts;
import dev.rivulet.protocol.DecodeException;
import dev.rivulet.protocol.TrackerCloseCode;
import dev.rivulet.protocol.catalog.CatalogError;
import dev.rivulet.protocol.catalog.SigningKey;
import dev.rivulet.protocol.http.SitePolicy;
import dev.rivulet.protocol.id.ContentId;
import dev.rivulet.protocol.id.ResourceUrl;
import dev.rivulet.protocol.message.ClientMessage.ByteCounts;
import dev.rivulet.protocol.message.ClientMessage.PieceCounts;
import dev.rivulet.protocol.message.HintWishes;
import dev.rivulet.protocol.settings.ConfigException;
import dev.rivulet.protocol.settings.ListenAddress;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One edge: everything there is, wired. */
final class Edge {
    /** How long the tracker, and then its catalog, is waited for before the edge is ready without. */
    static final Duration TRACKER_PATIENCE = Duration.ofSeconds(10);

    private static final Logger log = LoggerFactory.getLogger(Edge.class);

    private final EdgeSettings settings;
    private final Closers closers;
    private final InstantSource clock = InstantSource.system();
    private final RandomGenerator random = new SecureRandom();
    private final SiteCatalog catalog;
    private final TransferCounts counts = new TransferCounts();
    private final Spread spread = new Spread(System::nanoTime);
    private final LongAdder originBytes = new LongAdder();
    private volatile @Nullable PieceProvider pieces;

    /** @param closers takes everything that has to be closed in the end */
    Edge(EdgeSettings settings, Closers closers) {
        this.settings = settings;
        this.catalog = new SiteCatalog(settings::admits);
        this.closers = closers;
    }

    /**
     * Opens, joins and serves; returns when the edge is ready: once the tracker's catalog is there, or it has turned out
     * that the tracker is not.
     *
     * @param refused completed when the tracker, now or later, wants nothing of this edge
     * @return the line that says so
     * @throws ConfigException when a setting cannot be followed
     */
    String start(CompletableFuture<ConfigException> refused) throws IOException {
        DataDirectory data = closers.add(DataDirectory.open(settings.data()));
        // What cannot be made there has to be there.
        data.requireUnlessWritable(Identity.FILE, "pieces/data", "pieces/index");
        if (data.isReadOnly()) {
            log.warn(
                    "data = {}: its file system is read-only; what is stored is served, and nothing is kept or written"
                            + " down until that has ended: {}",
                    settings.data(),
                    ReadOnlyDirectoryException.REMEDY);
        }
        closers.add(HeapTrim.ofThisProcess());
        SigningKey identity = Identity.in(data.resolve(""));
        log.info("this edge is {}", identity.keyId().text());
        DiskPieceStore store = store(data.resolve("pieces"));
        EdgeLimits.checkOpenFiles(settings);
        Advice.scarcePorts(settings).ifPresent(log::warn);
        EdgeLimits limits = EdgeLimits.of(
                settings,
                closers,
                data.resolve("month"),
                () -> EdgeFigures.total(counts, originBytes),
                new StaleCatalog(catalog, clock));
        NotServing notServing = new NotServing(settings, catalog, limits);
        EdgeFigures figures = EdgeFigures.of(
                new EdgeFigures.Sources(settings, store, counts, originBytes, limits, notServing), closers);
        figures.show(closers);
        // Before all that serves, so that it is closed after it.
        closers.add(ServedLog.open(
                        data.resolve("log"),
                        new ServedLog.Author(settings.siteId(), identity),
                        settings.logDays(),
                        counts.served,
                        clock))
                .start();
        CatalogFiles remembered = new CatalogFiles(data.resolve("site-" + settings.site()));
        WebSocketLink link = closers.add(new WebSocketLink(
                settings.tracker(),
                settings.timeout(),
                random,
                (code, reason) -> refused.complete(refusal(settings, code, reason))));
        Supplier<Optional<String>> whyRefused = () -> link.refusal().map(this::refused);
        figures.refusal(whyRefused);
        notServing.refusal(whyRefused);
        TrackerHttp http = closers.add(new TrackerHttp(link::base, Version.agent(), settings.timeout()));
        CatalogSync sync = sync(link, remembered, http);
        // Before peers are met, so that a port that is taken is noticed before anything else begins.
        TrackerCheck check = new TrackerCheck(link);
        link.listen(check);
        Optional<Gateway> gateway = gateway(store, limits, check);
        Optional<ListenAddress> address = listen(gateway);
        HttpOriginFetcher origin = origin(link, store, limits, figures);
        TrackerLayouts layouts = closers.add(new TrackerLayouts(settings.siteId(), http));
        Swarm swarm = Swarm.join(
                settings,
                closers,
                link,
                new Swarm.Stock(
                        catalog, store, spread, remembered, origin, layouts, counts, limits, data.resolve("webrtc")));
        Announcer announcer =
                closers.add(new Announcer(link, store, catalog, swarm::freeSlots, limits.sending()::isOpen));
        announcer.start();
        limits.quota().start();
        figures.gateway(check::standing);
        figures.connections(
                swarm::connected, () -> gateway.map(Gateway::connections).orElse(0L), swarm.links());
        data.discard("drafts"); // of an earlier version
        figures.webRtc(swarm.webRtc());
        notServing.webRtc(swarm.webRtc());
        IndexDesk desk = closers.add(IndexDesk.open(new IndexDesk.Surroundings(
                link,
                this::policyInForce,
                settings::admits,
                origin,
                store,
                settings.maxDisk().bytes(),
                originBytes,
                limits.downloads(),
                limits.sending()::isOpen,
                catalog::blocked,
                announcer::expect)));
        closers.add(TakeDowns.start(
                catalog,
                store,
                List.of(
                        () -> gateway.ifPresent(Gateway::breakOffBlocked),
                        () -> origin.breakOff(catalog::isBlocked),
                        desk::breakOffBlocked)));
        pieces = swarm.pieces();
        prefetch(link, store, swarm.pieces(), limits);

        Greeting greeting = greeting(check, address, identity);
        CompletableFuture<Boolean> welcomed =
                link.start(greeting, Membership.in(data.resolve("welcomed"), settings.tracker(), greeting));
        awaitCatalog(welcomed, sync, refused, whyRefused);
        gateway.ifPresent(Gateway::ready);
        figures.ready();
        return "ready" + address.map(at -> " http://" + at).orElse("");
    }

    private void prefetch(WebSocketLink link, DiskPieceStore store, PieceProvider provider, EdgeLimits limits)
            throws IOException {
        Optional<HintWishes> wishes = settings.hintWishes();
        if (wishes.isEmpty()) {
            return;
        }
        Means means = new Means(
                settings.maxDisk().bytes(),
                settings.monthlyTransfer().bytes(),
                settings.uploadRate().bytes(),
                settings.downloadRate().bytes());
        Prefetcher prefetcher = closers.add(new Prefetcher(new Prefetcher.Surroundings(
                link,
                wishes.get(),
                means,
                catalog,
                store,
                provider,
                counts,
                spread,
                () -> limits.sending().isOpen() && !store.isFailing(),
                store::heldBytes,
                () -> limits.quota().standing().usage().bytes())));
        prefetcher.start();
    }

    private DiskPieceStore store(Path directory) throws IOException {
        long maxBytes = settings.maxDisk().bytes();
        long wayBytes = settings.pieceMemory().bytes();
        DiskPieceStore store = closers.add(DiskPieceStore.open(directory, maxBytes, wayBytes, spread::uses));
        closers.add(new StoreUpkeep(store, settings.scrubRate().bytes())).start();
        // Not by Files.getFileStore, which fails where the file system is not listed as mounted, as in a chroot.
        long room = store.bytes() + directory.toFile().getUsableSpace();
        if (room < maxBytes) {
            log.warn("max-disk is {}, but the disk has room for {} MiB only", settings.maxDisk(), room >> 20);
        }
        return store;
    }

    private CatalogSync sync(WebSocketLink link, CatalogFiles remembered, TrackerHttp http) throws IOException {
        var trust = new CatalogSync.Trust(settings.siteId(), settings.keyId().orElse(null));
        CatalogSync sync = closers.add(new CatalogSync(trust, catalog, remembered, http, clock));
        sync.restore();
        link.listen(sync);
        return sync;
    }

    private HttpOriginFetcher origin(WebSocketLink link, DiskPieceStore store, EdgeLimits limits, EdgeFigures figures)
            throws IOException {
        Reporter reporter = closers.add(new Reporter(link, this::totals, figures::now));
        reporter.start();
        var surroundings = new HttpOriginFetcher.Surroundings(
                this::policyInForce,
                () -> settings.allowPrivate() || link.isTrackerPrivate(),
                store,
                reporter::contradicted,
                originBytes);
        var manner = new HttpOriginFetcher.Manner(
                Version.agent(), settings.originConnections(), settings.timeout(), limits.downloads());
        return closers.add(new HttpOriginFetcher(surroundings, manner));
    }

    /** On the word of a head that has run out nothing new is fetched. */
    private Optional<SitePolicy> policyInForce() {
        boolean current = catalog.isCurrent(clock.instant().getEpochSecond());
        return current ? catalog.policy() : Optional.empty();
    }

    private Reporter.Totals totals() {
        TransferCounts.Snapshot now = counts.snapshot();
        return new Reporter.Totals(
                new ByteCounts(now.store(), now.peers(), now.edges(), originBytes.sum(), now.uploaded()),
                new PieceCounts(now.verified(), now.rejected()));
    }

    private Optional<Gateway> gateway(DiskPieceStore store, EdgeLimits limits, TrackerCheck check) throws IOException {
        if (settings.http() == null) {
            return Optional.empty();
        }
        var stock = new Gateway.Stock(
                catalog,
                store,
                this::fromElsewhere,
                counts,
                limits.sending(),
                limits.memory().http());
        return Optional.of(closers.add(new Gateway(settings.http(), settings.httpConnections(), stock, check)));
    }

    private CompletableFuture<ByteBuffer> fromElsewhere(ContentId content, int index, ResourceUrl url) {
        PieceProvider provider = pieces;
        return provider == null
                ? CompletableFuture.failedFuture(new IOException("the edge is starting"))
                : provider.piece(content, index, url);
    }

    private Optional<ListenAddress> listen(Optional<Gateway> gateway) {
        if (gateway.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(gateway.get().start());
        } catch (IOException e) {
            throw new ConfigException(
                    "http",
                    String.valueOf(settings.http()),
                    "cannot be listened at (" + e.getMessage() + "); choose another address or port, or port 0");
        }
    }

    private Greeting greeting(TrackerCheck check, Optional<ListenAddress> address, SigningKey identity) {
        String base = settings.httpUrl() != null
                ? settings.httpUrl()
                : address.filter(Edge::isReachableAsItIs)
                        .map(at -> "http://" + at)
                        .orElse(null);
        ResourceUrl claimed = publicBase(base);
        check.claim(claimed);
        return new Greeting(
                settings.siteId(),
                Version.agent(),
                settings.token(),
                identity,
                claimed,
                settings.hintWishes().orElse(null));
    }

    private static @Nullable ResourceUrl publicBase(@Nullable String base) {
        try {
            return base == null ? null : ResourceUrl.parseBase(base + "/");
        } catch (DecodeException e) {
            log.warn("{} is not told to the tracker ({}); set http-url", base, e.reason());
            return null;
        }
    }

    private static boolean isReachableAsItIs(ListenAddress address) {
        try {
            if (!InetAddress.getByName(address.host()).isAnyLocalAddress()) {
                return true;
            }
        } catch (UnknownHostException e) {
            return false;
        }
        log.info("listening at all addresses; set http-url for the tracker to tell others where");
        return false;
    }

    private void awaitCatalog(
            CompletableFuture<Boolean> welcomed,
            CatalogSync sync,
            CompletableFuture<ConfigException> refused,
            Supplier<Optional<String>> whyRefused)
            throws IOException {
        boolean there = await(welcomed).orElse(false);
        if (refused.isDone()) {
            throw refused.join();
        }
        if (!there) {
            log.warn(
                    "{}; serving what is held, and trying on",
                    whyRefused.get().orElse("the tracker " + settings.tracker() + " cannot be reached"));
            return;
        }
        Optional<CatalogError> refusal = await(sync.first()).flatMap(error -> error);
        if (settings.key() != null
                && refusal.filter(CatalogError.ROOT_KEY::equals).isPresent()) {
            throw new ConfigException(
                    "key", settings.key(), "is not the key that the tracker names; copy data-key of the embed snippet");
        }
    }

    private static <T> Optional<T> await(CompletableFuture<T> future) throws IOException {
        try {
            return Optional.of(future.get(TRACKER_PATIENCE.toMillis(), TimeUnit.MILLISECONDS));
        } catch (TimeoutException e) {
            return Optional.empty();
        } catch (ExecutionException | InterruptedException e) {
            throw new IOException("interrupted while starting", e);
        }
    }

    /** That the tracker does not let in whom it did before, and what a volunteer can do about it. */
    private String refused(WebSocketLink.Refusal refusal) {
        return "the tracker " + refusal.by() + " refuses this edge, which it welcomed before ("
                + refusal(settings, refusal.code(), refusal.reason()).getMessage()
                + "); it is asked again by itself, after a quarter of an hour at most";
    }

    /** What a volunteer can do about it. */
    static ConfigException refusal(EdgeSettings settings, TrackerCloseCode code, String reason) {
        return switch (code) {
            case UNAUTHORIZED ->
                new ConfigException(
                        "token",
                        null,
                        (settings.token() == null ? "is needed" : "is not accepted")
                                + " by the tracker; ask the site's operator for one");
            case UNKNOWN_SITE ->
                new ConfigException("site", settings.site(), "is not known to the tracker; ask its operator");
            case REVOKED ->
                new ConfigException(
                        "data",
                        settings.data(),
                        "holds the identity of an edge that the tracker's operator revoked; ask them why");
            default ->
                new ConfigException(
                        "tracker",
                        settings.tracker().toString(),
                        "wants nothing of this edge (" + code + (reason.isBlank() ? "" : ", " + reason)
                                + "); ask its operator");
        };
    }
}
