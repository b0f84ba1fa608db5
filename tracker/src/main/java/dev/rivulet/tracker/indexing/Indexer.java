package dev.rivulet.tracker.indexing;

import dev.rivulet.protocol.Limits;
import dev.rivulet.protocol.catalog.Layout;
import dev.rivulet.protocol.http.SitePolicy;
import dev.rivulet.protocol.id.ContentId;
import dev.rivulet.protocol.id.ResourceUrl;
import dev.rivulet.protocol.id.SiteId;
import dev.rivulet.protocol.id.UrlHash;
import dev.rivulet.tracker.catalog.CatalogChange;
import dev.rivulet.tracker.catalog.CatalogChange.Pace;
import dev.rivulet.tracker.catalog.CatalogEntry;
import dev.rivulet.tracker.catalog.Source;
import dev.rivulet.tracker.config.IndexingConfig;
import dev.rivulet.tracker.indexing.FetchTask.Reason;
import dev.rivulet.tracker.indexing.edge.EdgeName;
import dev.rivulet.tracker.indexing.edge.IndexingEdges;
import dev.rivulet.tracker.playlist.Manifests;
import java.io.IOException;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.ObjLongConsumer;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import org.apache.hc.client5.http.DnsResolver;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fetches and hashes what visitors ask for, and looks again at what is stale or contradicted. What it hears is decided on
 * under its lock; what is decided is done on its own threads, a bounded number of them.
 */
public final class Indexer implements VisitorReports, AutoCloseable {
    /** How long the tracker waits with a URL, so that the visitor who asked for it is served first, in milliseconds. */
    static final long AFTER_VISITOR_MS = 400;
    /** Between two looks at a stale resource, in milliseconds, however short it is fresh. */
    static final long MIN_INTERVAL_MS = 5000;
    /** URLs of which it is remembered when they were looked at. */
    private static final int MAX_LOOKED_AT = 50_000;
    /** How long a change to the catalog may take, in seconds. */
    private static final long CHANGE_SECONDS = 30;
    /** How long closing waits for fetches to be broken off, in seconds. */
    private static final long CLOSE_SECONDS = 5;

    private static final Logger log = LoggerFactory.getLogger(Indexer.class);

    /** How long an edge may take for a segment of a stream, whose watchers do not wait long, in seconds. */
    private static final int LIVE_SECONDS = 10;

    private final SiteEntries entries;
    private final ToIntFunction<SiteId> thresholds;
    private final ResourceFetch.Means means;
    private final ObjLongConsumer<SiteId> read;
    private final DnsResolver names;
    private final int concurrency;
    private final Clock clock;

    private final AskerTally tally;
    private final FetchQueue queue;
    private final Refusals refusals = new Refusals();
    private final SuspensionBudget suspensions = new SuspensionBudget();
    private final Map<SiteUrl, Long> lookedAtMs = new BoundedMap<>(MAX_LOOKED_AT);
    private final long salt;
    private final Map<SiteId, OriginHttp> clients = new HashMap<>();
    private final LiveStreams live;
    private final IndexingEdges edges;
    private final EdgeLook edgeLook;
    private final EdgeTrust trust = new EdgeTrust();
    private final ExecutorService fetchers;
    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(task -> new Thread(task, "indexer-timer"));
    private @Nullable ScheduledFuture<?> alarm;

    /**
     * What it works on and with.
     *
     * @param thresholds how many visitors have to ask for a URL of a site before it is fetched; 0: never
     * @param live the playlists of a site's running streams
     * @param edges that index for the tracker
     * @param salt of what is remembered of askers; a new one at every start
     * @param read told of bytes that come from a site's origins
     */
    public record Surroundings(
            SiteEntries entries,
            ToIntFunction<SiteId> thresholds,
            Function<SiteId, List<ResourceUrl>> live,
            FetchedContent fetched,
            IndexingEdges edges,
            DnsResolver names,
            Clock clock,
            long salt,
            ObjLongConsumer<SiteId> read) {
        /** With nobody to be told of bytes that are read. */
        Surroundings(
                SiteEntries entries,
                ToIntFunction<SiteId> thresholds,
                Function<SiteId, List<ResourceUrl>> live,
                FetchedContent fetched,
                IndexingEdges edges,
                DnsResolver names,
                Clock clock,
                long salt) {
            this(entries, thresholds, live, fetched, edges, names, clock, salt, (site, bytes) -> {});
        }
    }

    public Indexer(IndexingConfig config, Surroundings surroundings) {
        this.entries = surroundings.entries();
        this.thresholds = surroundings.thresholds();
        this.names = surroundings.names();
        this.clock = surroundings.clock();
        this.concurrency = config.concurrency();
        this.salt = surroundings.salt();
        this.tally = new AskerTally(salt);
        this.queue =
                new FetchQueue(new FetchQueue.Bounds(config.concurrency(), config.requestsPerSecond(), config.queue()));
        this.means = new ResourceFetch.Means(
                surroundings.fetched(),
                new Throttle(config.bytesPerSecond().bytes()),
                config.maxResource().bytes(),
                clock,
                bytes -> {});
        this.read = surroundings.read();
        this.live = new LiveStreams(surroundings.live(), entries, new LiveWorld(), clock, salt);
        this.edges = surroundings.edges();
        long rate = Math.max(1, config.bytesPerSecond().bytes() / config.concurrency());
        this.edgeLook = new EdgeLook(edges, means, rate, new SplittableRandom(salt), new TrustInEdges());
        this.fetchers = Executors.newFixedThreadPool(concurrency, task -> new Thread(task, "indexer"));
    }

    @Override
    public synchronized void missing(SiteId site, Asker asker, List<ResourceUrl> urls) {
        int threshold = thresholds.applyAsInt(site);
        Optional<SitePolicy> policy = entries.policy(site);
        if (threshold == 0 || policy.isEmpty()) {
            return;
        }
        live.missing(site, asker, urls);
        long nowMs = clock.millis();
        for (ResourceUrl url : urls) {
            SiteUrl target = new SiteUrl(site, url);
            if (policy.get().admits(url)
                    && !entries.isBlocked(site, url.hash())
                    && refusals.pausedUntil(target) <= nowMs
                    && !queue.contains(target)
                    && entries.listed(site, url.hash()).isEmpty()
                    && isWorthALook(target, asker, threshold, nowMs)
                    && !queue.add(new FetchTask(target, Reason.MISSING, nowMs + AFTER_VISITOR_MS))) {
                log.debug("{}: too much waits to be indexed, {} is forgotten", site, url);
            }
        }
        startWhatMay();
    }

    /** Of what is suspended, as after a restart, the first visitor is enough. */
    private boolean isWorthALook(SiteUrl url, Asker asker, int threshold, long nowMs) {
        return entries.suspended(url.site(), url.url().hash()).isPresent() || tally.asked(url, asker, threshold, nowMs);
    }

    @Override
    public synchronized void contradicted(SiteId site, Asker asker, List<ResourceUrl> urls) {
        if (thresholds.applyAsInt(site) == 0) {
            return;
        }
        long nowMs = clock.millis();
        for (ResourceUrl url : urls) {
            SiteUrl target = new SiteUrl(site, url);
            // Suspended only with a look to come: otherwise who fills the queue could empty the catalog.
            if (entries.listed(site, url.hash()).isPresent()
                    && suspensions.take(target, asker.network(salt), nowMs)
                    && queue.add(new FetchTask(target, Reason.CONTRADICTED, nowMs))) {
                log.info("{}: the origin contradicts the entry of {}, looking again", site, url);
                var unused = entries.change(site, CatalogChange.suspend(url.hash()));
            }
        }
        startWhatMay();
    }

    @Override
    public void announced(SiteId site, Asker asker, List<ContentId> contents) {
        live.announced(site, asker, contents);
    }

    /** Segments of streams go first: who is late with them might as well leave it. */
    private synchronized void indexSegments(SiteId site, List<ResourceUrl> segments) {
        for (ResourceUrl url : segments) {
            if (entries.listed(site, url.hash()).isEmpty()
                    && !queue.add(new FetchTask(new SiteUrl(site, url), Reason.LIVE, 0))) {
                log.debug("{}: too much waits to be indexed, {} is forgotten", site, url);
            }
        }
        startWhatMay();
    }

    /** What the site published is the site's to withdraw. */
    private void withdrawSegments(SiteId site, Set<ResourceUrl> segments) {
        Set<UrlHash> gone = segments.stream()
                .map(ResourceUrl::hash)
                .filter(url -> entries.known(site, url)
                        .filter(entry -> entry.source() == Source.INDEXED)
                        .isPresent())
                .collect(Collectors.toSet());
        if (!gone.isEmpty()) {
            var unused = entries.change(site, CatalogChange.remove(gone).at(Pace.STREAMED));
        }
    }

    @Override
    public synchronized void lookedUp(SiteId site, List<ContentId> contents) {
        if (thresholds.applyAsInt(site) == 0) {
            return;
        }
        long nowMs = clock.millis();
        for (ContentId content : contents) {
            for (CatalogEntry entry : entries.withContent(site, content)) {
                SiteUrl target = new SiteUrl(site, entry.url());
                if (entry.isStale(seconds(nowMs)) && refusals.pausedUntil(target) <= nowMs) {
                    long again = lookedAtMs.getOrDefault(target, 0L) + MIN_INTERVAL_MS;
                    var unused = queue.add(new FetchTask(target, Reason.STALE, Math.max(nowMs, again)));
                }
            }
        }
        startWhatMay();
    }

    /** Hands to the fetchers what the queue gives, and sets the alarm for the rest. */
    private synchronized void startWhatMay() {
        if (fetchers.isShutdown()) {
            return;
        }
        while (true) {
            long nowMs = clock.millis();
            FetchQueue.Next next = queue.next(nowMs);
            if (next instanceof FetchQueue.Next.Start start) {
                fetchers.execute(() -> fetch(start.task()));
            } else {
                if (next instanceof FetchQueue.Next.Wait wait) {
                    setAlarm(Math.max(1, wait.untilMs() - nowMs));
                }
                return;
            }
        }
    }

    private void setAlarm(long delayMs) {
        if (alarm != null) {
            alarm.cancel(false);
        }
        try {
            alarm = timer.schedule(this::startWhatMay, delayMs, TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            log.debug("closing, nothing more is indexed");
        }
    }

    private void fetch(FetchTask task) {
        try {
            look(task);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException | RuntimeException e) {
            log.warn(
                    "{}: {} could not be indexed", task.url().site(), task.url().url(), e);
            failed(task);
        } finally {
            synchronized (this) {
                queue.finished(task, clock.millis());
            }
            startWhatMay();
        }
    }

    private void look(FetchTask task) throws IOException, InterruptedException {
        SiteId site = task.url().site();
        ResourceUrl url = task.url().url();
        Optional<SitePolicy> policy = entries.policy(site).filter(allowed -> allowed.admits(url));
        if (policy.isEmpty() || entries.isBlocked(site, url.hash())) {
            return;
        }
        Optional<CatalogEntry> before = entries.known(site, url.hash());
        // What was contradicted has to be seen: a validator says only what the origin believes.
        Question question = new Question(before.orElse(null), task.reason() == Reason.STALE);
        OriginHttp http = client(site, policy.get());
        ResourceFetch.Means counted = means.telling(bytes -> read.accept(site, bytes));
        EdgeLook.OwnLook own = () -> new ResourceFetch(http, policy.get(), counted).look(url, question);
        EdgeLook.Found found = isForEdges(task, before)
                ? edgeLook.look(site, url, new EdgeLook.Guarded(http, policy.get()), seconds(task.reason()), own)
                : new EdgeLook.Found(own.look(), Optional.empty());
        apply(task, before, found);
    }

    /**
     * What visitors or the site said otherwise of, the tracker looks at itself, and so does it with playlists, which it
     * has to read, and with what costs the origin nothing when it is as before.
     */
    private static boolean isForEdges(FetchTask task, Optional<CatalogEntry> before) {
        return before.isEmpty()
                && (task.reason() == Reason.MISSING || task.reason() == Reason.LIVE)
                && !Manifests.isManifest(pathOf(task.url().url()));
    }

    private static String pathOf(ResourceUrl url) {
        String path = url.pathAndQuery();
        return url.hasQuery() ? path.substring(0, path.indexOf('?')) : path;
    }

    private static int seconds(Reason reason) {
        return reason == Reason.LIVE ? LIVE_SECONDS : Limits.MAX_INDEX_SECONDS;
    }

    private void apply(FetchTask task, Optional<CatalogEntry> before, EdgeLook.Found found)
            throws IOException, InterruptedException {
        SiteId site = task.url().site();
        ResourceUrl url = task.url().url();
        Outcome outcome = found.outcome();
        if (outcome instanceof Outcome.Indexed indexed) {
            log.info(
                    "{}: indexed {}, {} bytes{}",
                    site,
                    url,
                    indexed.layout().size(),
                    found.reporter().map(edge -> " (by edge " + edge + ")").orElse(""));
            takeWord(task, before, indexed, found.reporter());
            Pace pace = task.reason() == Reason.LIVE ? Pace.STREAMED : Pace.GATHERED;
            change(
                    site,
                    CatalogChange.put(entryOf(url, before, indexed), indexed.layout())
                            .at(pace));
            succeeded(
                    task,
                    before.filter(entry -> entry.entry()
                                    .content()
                                    .equals(indexed.entry().content()))
                            .isPresent());
        } else if (outcome instanceof Outcome.Unchanged unchanged && before.isPresent()) {
            Optional<Layout> layout = entries.layout(site, before.get().entry().content());
            if (layout.isPresent()) {
                long freshUntil = seconds(clock.millis()) + unchanged.maxAgeSeconds();
                change(site, CatalogChange.put(before.get().freshUntil(freshUntil), layout.get()));
            }
            succeeded(task, true);
        } else if (outcome instanceof Outcome.Refused refused) {
            log.info("{}: {} is not shared: {}", site, url, refused.reason());
            if (before.isPresent()) {
                change(site, withdrawn(before.get()));
            }
            synchronized (this) {
                refusals.refused(task.url(), clock.millis());
            }
        } else if (outcome instanceof Outcome.Failed failed) {
            log.info("{}: {} was not fetched: {}", site, url, failed.reason());
            failed(task);
        }
    }

    /** Remembers whose word an entry is; an entry that turns out to be wrong of the same version was a lie. */
    private void takeWord(
            FetchTask task, Optional<CatalogEntry> before, Outcome.Indexed indexed, Optional<EdgeName> reporter) {
        ContentId content = indexed.entry().content();
        String liar = null;
        synchronized (this) {
            reporter.ifPresent(edge -> trust.took(task.url(), content, edge.token()));
            if (reporter.isEmpty()
                    && before.isPresent()
                    && !before.get().entry().content().equals(content)
                    && before.get().entry().validators().matches(indexed.entry().validators())) {
                liar = trust.source(task.url(), before.get().entry().content());
            }
        }
        if (liar != null) {
            fall(liar, "its bearer reported other bytes of " + task.url().url() + " than the origin has");
        }
    }

    private void fall(String token, String why) {
        edges.distrust(token);
        Map<SiteUrl, ContentId> fallen;
        synchronized (this) {
            fallen = trust.fall(token);
        }
        log.error(
                "a token is not trusted to index until the tracker restarts: {}; withdrawing {} entries made of its"
                        + " word. Remove the token, or its trust, from the configuration",
                why,
                fallen.size());
        fallen.forEach((url, content) -> {
            boolean stands = entries.known(url.site(), url.url().hash())
                    .filter(entry -> entry.source() == Source.INDEXED
                            && entry.entry().content().equals(content))
                    .isPresent();
            if (stands) {
                var unused = entries.change(
                        url.site(), CatalogChange.remove(Set.of(url.url().hash())));
            }
        });
    }

    private final class TrustInEdges implements EdgeLook.Consequences {
        @Override
        public void confirmed(EdgeName edge) {
            synchronized (Indexer.this) {
                trust.confirmed(edge.token());
            }
        }

        @Override
        public void contradicted(EdgeName edge, ResourceUrl url, EdgeVerdict verdict) {
            log.warn("edge {} reported {}, but the origin gives other bytes: {}", edge, url, verdict);
            boolean tooOften;
            synchronized (Indexer.this) {
                tooOften = verdict == EdgeVerdict.UNPROVEN && trust.doubted(edge.token());
            }
            if (tooOften || verdict == EdgeVerdict.LIED) {
                fall(edge.token(), "edge " + edge + " reported other bytes of " + url + " than the origin has");
            }
        }
    }

    /** What the site published is kept, until the origin bears it out or the site publishes again. */
    private static CatalogChange withdrawn(CatalogEntry entry) {
        return entry.source().isSite() ? CatalogChange.suspend(entry.key()) : CatalogChange.remove(Set.of(entry.key()));
    }

    /** The site's word stays the site's when the origin bears it out. */
    private CatalogEntry entryOf(ResourceUrl url, Optional<CatalogEntry> before, Outcome.Indexed indexed) {
        boolean published = before.filter(entry -> entry.source().isSite()
                        && entry.entry().content().equals(indexed.entry().content()))
                .isPresent();
        return published
                ? before.get().freshUntil(seconds(clock.millis()) + before.get().maxAgeSeconds())
                : new CatalogEntry(url, indexed.entry(), Source.INDEXED, indexed.maxAgeSeconds());
    }

    private synchronized void succeeded(FetchTask task, boolean asSaid) {
        long nowMs = clock.millis();
        refusals.succeeded(task.url());
        lookedAtMs.put(task.url(), nowMs);
        if (asSaid && task.reason() == Reason.CONTRADICTED) {
            suspensions.confirmed(task.url(), nowMs);
        }
    }

    /** What is suspended stays so until a look succeeds, so it is looked at again after the pause. */
    private synchronized void failed(FetchTask task) {
        refusals.failed(task.url(), clock.millis());
        if (task.reason() == Reason.CONTRADICTED) {
            var unused = queue.add(new FetchTask(task.url(), Reason.CONTRADICTED, refusals.pausedUntil(task.url())));
        }
    }

    private void change(SiteId site, CatalogChange change) throws IOException, InterruptedException {
        try {
            Optional<String> objection = entries.change(site, change).get(CHANGE_SECONDS, TimeUnit.SECONDS);
            if (objection.isPresent()) {
                throw new IOException(objection.get());
            }
        } catch (ExecutionException | TimeoutException e) {
            throw new IOException("the catalog was not changed", e);
        }
    }

    private synchronized OriginHttp client(SiteId site, SitePolicy policy) {
        OriginHttp known = clients.get(site);
        if (known != null && known.policy().equals(policy)) {
            return known;
        }
        OriginHttp current = new OriginHttp(names, policy, concurrency);
        clients.put(site, current);
        if (known != null) {
            // What is under way by a former policy may be what the new one forbids.
            closeQuietly(known);
        }
        return current;
    }

    private static void closeQuietly(OriginHttp client) {
        try {
            client.close();
        } catch (IOException e) {
            log.debug("a client of origins did not close well", e);
        }
    }

    private final class LiveWorld implements LiveStreams.World {
        @Override
        public int threshold(SiteId site) {
            return thresholds.applyAsInt(site);
        }

        @Override
        public OriginHttp http(SiteId site, SitePolicy policy) {
            return client(site, policy);
        }

        @Override
        public void appeared(SiteId site, List<ResourceUrl> segments) {
            indexSegments(site, segments);
        }

        @Override
        public void left(SiteId site, Set<ResourceUrl> segments) {
            withdrawSegments(site, segments);
        }
    }

    private static long seconds(long ms) {
        return TimeUnit.MILLISECONDS.toSeconds(ms);
    }

    /** Breaks off what is under way. */
    @Override
    public void close() throws IOException {
        live.close();
        timer.shutdownNow();
        fetchers.shutdownNow();
        synchronized (this) {
            for (OriginHttp client : clients.values()) {
                client.close();
            }
        }
        try {
            if (!fetchers.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                log.warn("a fetch does not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
