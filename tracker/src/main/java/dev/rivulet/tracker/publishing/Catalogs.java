package dev.rivulet.tracker.publishing;

import dev.rivulet.protocol.http.SitePolicy;
import dev.rivulet.protocol.id.ContentId;
import dev.rivulet.protocol.id.KeyId;
import dev.rivulet.protocol.id.ShardHash;
import dev.rivulet.protocol.id.SiteId;
import dev.rivulet.protocol.id.UrlHash;
import dev.rivulet.protocol.settings.ConfigException;
import dev.rivulet.tracker.catalog.CatalogChange;
import dev.rivulet.tracker.catalog.CatalogEntry;
import dev.rivulet.tracker.catalog.CatalogFeed;
import dev.rivulet.tracker.catalog.CatalogListener;
import dev.rivulet.tracker.catalog.CatalogPosition;
import dev.rivulet.tracker.catalog.RecentShards;
import dev.rivulet.tracker.catalog.SignedCatalog;
import dev.rivulet.tracker.catalog.TakeDown;
import dev.rivulet.tracker.database.CatalogTables;
import dev.rivulet.tracker.database.CatalogTables.OwnedContent;
import dev.rivulet.tracker.database.TakeDownTables;
import dev.rivulet.tracker.database.TrackerDatabase;
import dev.rivulet.tracker.keys.KeyDirectory;
import dev.rivulet.tracker.site.Site;
import dev.rivulet.tracker.site.SitesListener;
import java.io.IOException;
import java.time.Clock;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The catalogs of all sites. One thread makes every change, in order; everything here may be called from any thread. */
public final class Catalogs implements CatalogFeed, SitesListener, AutoCloseable {
    /** An entry, indexed or of a stream, that has been stale for so long is dropped, in seconds. */
    static final long FORGET_STALE_SECONDS = 7L * 24 * 3600;

    /** How often what nobody needs is dropped, in seconds. */
    private static final long HOUSEKEEPING_SECONDS = 3600;
    /** After the database failed, signing is tried again, in milliseconds. */
    private static final long RETRY_MS = 5000;
    /** How long closing waits for changes under way. */
    private static final long CLOSE_SECONDS = 5;

    private static final Logger log = LoggerFactory.getLogger(Catalogs.class);

    private final CatalogTables tables;
    private final TakeDownTables takeDowns;
    /** Of the catalog thread only, once there are sites. */
    private final KeyDirectory keys;

    private final Clock clock;
    private final Listeners listeners = new Listeners();
    private final List<BiConsumer<SiteId, Exception>> worriers = new CopyOnWriteArrayList<>();
    private final Map<SiteId, SiteCatalog> sites = new ConcurrentHashMap<>();
    /** When each site is looked at again; on the catalog thread only. */
    private final Map<SiteId, ScheduledFuture<?>> wakeUps = new LinkedHashMap<>();

    private final ScheduledThreadPoolExecutor thread =
            new ScheduledThreadPoolExecutor(1, task -> new Thread(task, "catalog"));
    private Set<OwnedContent> orphans = Set.of();
    private @Nullable ScheduledFuture<?> housekeeping;

    private Catalogs(TrackerDatabase database, KeyDirectory keys, Clock clock) {
        this.tables = new CatalogTables(database);
        this.takeDowns = new TakeDownTables(database);
        this.keys = keys;
        this.clock = clock;
        // Closing makes the changes that were handed in, and signs nothing that is due later.
        thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        thread.setRemoveOnCancelPolicy(true);
    }

    /**
     * Loads the catalogs of {@code policies}' sites and signs what is due. Keys that are missing are made. Throws
     * {@link ConfigException} when the data directory is damaged.
     */
    public static Catalogs open(
            TrackerDatabase database, KeyDirectory keys, Map<SiteId, SitePolicy> policies, Clock clock) {
        Catalogs catalogs = new Catalogs(database, keys, clock);
        policies.forEach(catalogs::loadFirst);
        catalogs.thread.execute(() -> catalogs.sites.keySet().forEach(catalogs::signWhatIsDue));
        catalogs.housekeeping = catalogs.thread.scheduleAtFixedRate(
                catalogs::keepHouse, HOUSEKEEPING_SECONDS, HOUSEKEEPING_SECONDS, TimeUnit.SECONDS);
        return catalogs;
    }

    @Override
    public Optional<SignedCatalog> current(SiteId site) {
        return find(site).map(SiteCatalog::current);
    }

    @Override
    public void subscribe(CatalogListener listener) {
        listeners.add(listener);
    }

    /** Calls {@code worrier} whenever a catalog could not be signed; it must not block. */
    public void onFailure(BiConsumer<SiteId, Exception> worrier) {
        worriers.add(worrier);
    }

    /** How many entries a site's catalog has. */
    public int size(SiteId site) {
        return find(site).map(catalog -> catalog.state().size()).orElse(0);
    }

    /** The entry in a site's catalog. */
    public Optional<CatalogEntry> listed(SiteId site, UrlHash url) {
        return find(site).flatMap(catalog -> catalog.state().listed(url));
    }

    /** The entry that is kept out of a site's catalog. */
    public Optional<CatalogEntry> suspended(SiteId site, UrlHash url) {
        return find(site).flatMap(catalog -> catalog.state().suspended(url));
    }

    /** The entry, in a site's catalog or kept out of it. */
    public Optional<CatalogEntry> known(SiteId site, UrlHash url) {
        return find(site).flatMap(catalog -> catalog.state().known(url));
    }

    /** All entries in a site's catalog that have this content. */
    public List<CatalogEntry> withContent(SiteId site, ContentId content) {
        return find(site).map(catalog -> catalog.state().withContent(content)).orElse(List.of());
    }

    /** All entries in a site's catalog, one after the other: a change meanwhile may be seen or not. */
    public Stream<CatalogEntry> allListed(SiteId site) {
        return find(site).map(catalog -> catalog.state().allListed()).orElse(Stream.empty());
    }

    /** The bytes of a shard or index of a site's newest or a recent head; not to be written to. */
    public Optional<byte[]> shard(SiteId site, ShardHash hash) {
        return find(site).flatMap(catalog -> catalog.shard(hash));
    }

    /** The bytes of a layout of a site; reads the database. */
    public Optional<byte[]> layout(SiteId site, ContentId content) throws IOException {
        SiteCatalog catalog = sites.get(site);
        return catalog == null ? Optional.empty() : catalog.layout(content);
    }

    /** The policy of a site; empty when there is no such site. */
    public Optional<SitePolicy> policy(SiteId site) {
        return find(site).map(SiteCatalog::policy);
    }

    /** Whether a URL of a site is taken down. */
    public boolean isBlocked(SiteId site, UrlHash url) {
        return find(site).map(catalog -> catalog.blocked().has(url)).orElse(false);
    }

    /** Whether a content is taken down on any site. */
    public boolean isBlocked(ContentId content) {
        return sites.values().stream().anyMatch(catalog -> catalog.blocked().has(content));
    }

    /** What is taken down on a site, the oldest first. */
    public List<TakeDown> takenDown(SiteId site) {
        return find(site).map(SiteCatalog::takenDown).orElse(List.of());
    }

    /** Takes something down; fails as {@link #change} does. A head says so when this completes. */
    public CompletableFuture<Receipt> takeDown(SiteId site, TakeDown.Order order) {
        return onThread(site, catalog -> catalog.takeDown(order));
    }

    /** Gives back what was taken down under that name; fails as {@link #change} does. */
    public CompletableFuture<Receipt> giveBack(SiteId site, String subject) {
        return onThread(site, catalog -> catalog.giveBack(subject));
    }

    /** Makes a change; fails with {@link IOException} when the database does, or the site is unknown. */
    public CompletableFuture<Receipt> change(SiteId site, CatalogChange change) {
        return onThread(site, catalog -> catalog.change(change));
    }

    private interface Action {
        Receipt on(SiteCatalog catalog) throws IOException;
    }

    private CompletableFuture<Receipt> onThread(SiteId site, Action action) {
        CompletableFuture<Receipt> receipt = new CompletableFuture<>();
        try {
            thread.execute(() -> actNow(site, action, receipt));
        } catch (RejectedExecutionException e) {
            receipt.completeExceptionally(new IOException("the tracker stops", e));
        }
        return receipt;
    }

    /** Waits for changes under way, and takes no more. */
    @Override
    public void close() {
        if (housekeeping != null) {
            housekeeping.cancel(false);
        }
        thread.shutdown();
        try {
            if (!thread.awaitTermination(CLOSE_SECONDS, TimeUnit.SECONDS)) {
                log.warn("a change to the catalog is still under way; it is durable or not made");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Optional<SiteCatalog> find(SiteId site) {
        return Optional.ofNullable(sites.get(site));
    }

    private void actNow(SiteId site, Action action, CompletableFuture<Receipt> receipt) {
        try {
            SiteCatalog catalog = find(site).orElseThrow(() -> new IOException("no site " + site));
            receipt.complete(action.on(catalog));
        } catch (IOException | RuntimeException e) {
            receipt.completeExceptionally(e);
        } finally {
            signWhatIsDue(site);
        }
    }

    /**
     * Takes the entries that {@code which} names out of a site's catalog, at once, and deletes layouts that no entry
     * needs any more, at once too; fails as {@link #change} does.
     */
    public CompletableFuture<Receipt> purge(SiteId site, Predicate<CatalogEntry> which) {
        return onThread(site, catalog -> catalog.purge(which));
    }

    /**
     * Makes a new online key for a site, and begins a new epoch with it: whoever has the old key can sign nothing that
     * anybody takes who has seen a head of the new epoch. Fails as {@link #change} does.
     */
    public CompletableFuture<Receipt> rotateKey(SiteId site) {
        return onThread(site, catalog -> {
            keys.rotate(site);
            CatalogPosition position = tables.position(site);
            tables.advance(site, position.inEpoch(position.epoch() + 1));
            tables.sync();
            return load(site, catalog.policy()).receipt();
        });
    }

    /** What pages of a site pin; empty when there is no such site. */
    public Optional<KeyId> rootKey(SiteId site) {
        return find(site).map(SiteCatalog::rootKey);
    }

    @Override
    public void added(Site site) throws IOException {
        await(() -> {
            try {
                load(site.id(), site.policy());
            } catch (ConfigException e) {
                throw new IOException(e.getMessage(), e);
            }
        });
    }

    @Override
    public void changed(Site site) throws IOException {
        await(() -> {
            if (!find(site.id()).map(SiteCatalog::policy).equals(Optional.of(site.policy()))) {
                load(site.id(), site.policy());
            }
        });
    }

    /** What is kept of it stays in the database: the site may come back, and its pages pin its key. */
    @Override
    public void removed(SiteId site) {
        try {
            await(() -> {
                sites.remove(site);
                ScheduledFuture<?> planned = wakeUps.remove(site);
                if (planned != null) {
                    planned.cancel(false);
                }
            });
        } catch (IOException e) {
            log.error("{}: the catalog could not be given up", site, e);
        }
    }

    private interface Task {
        void run() throws IOException;
    }

    /** Runs on the catalog thread, after what was handed in before, and waits for it. */
    private void await(Task task) throws IOException {
        CompletableFuture<Boolean> done = new CompletableFuture<>();
        try {
            thread.execute(() -> {
                try {
                    task.run();
                    done.complete(true);
                } catch (IOException | RuntimeException e) {
                    done.completeExceptionally(e);
                }
            });
            done.get();
        } catch (RejectedExecutionException e) {
            throw new IOException("the tracker stops", e);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new IOException(String.valueOf(cause.getMessage()), cause);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /** Takes up what is kept of a site, anew where it was up already, and tells everybody when it is otherwise. */
    private SiteCatalog load(SiteId site, SitePolicy policy) throws IOException {
        Optional<SiteCatalog> before = find(site);
        SiteCatalog now = open(site, policy);
        sites.put(site, now);
        String told = before.map(catalog -> catalog.current().body().head()).orElse("");
        if (before.isPresent() && !told.equals(now.current().body().head())) {
            listeners.head(site, now.current());
        }
        signWhatIsDue(site);
        return now;
    }

    private SiteCatalog open(SiteId site, SitePolicy policy) throws IOException {
        RecentShards shards = find(site).map(SiteCatalog::shards).orElseGet(RecentShards::new);
        return new SiteCatalog(
                site,
                new SiteCatalog.Surroundings(policy, keys.site(site), tables, takeDowns, listeners, clock, shards));
    }

    private void loadFirst(SiteId site, SitePolicy policy) {
        try {
            sites.put(site, open(site, policy));
        } catch (IOException e) {
            throw new ConfigException(
                    "data", site.text(), "the site's catalog cannot be read, restore a backup: " + e.getMessage());
        }
    }

    private void signWhatIsDue(SiteId site) {
        SiteCatalog catalog = sites.get(site);
        if (catalog == null) {
            return;
        }
        try {
            wakeUp(site, catalog.signWhatIsDue());
        } catch (IOException | RuntimeException e) {
            log.error("{}: the catalog could not be signed; trying again", site, e);
            worriers.forEach(worrier -> worrier.accept(site, e));
            wakeUp(site, clock.millis() + RETRY_MS);
        }
    }

    /** Signs again at that time, and not before unless something changes. */
    private void wakeUp(SiteId site, long atMs) {
        ScheduledFuture<?> planned = wakeUps.remove(site);
        if (planned != null) {
            planned.cancel(false);
        }
        try {
            long delayMs = Math.max(1, atMs - clock.millis());
            wakeUps.put(site, thread.schedule(() -> signWhatIsDue(site), delayMs, TimeUnit.MILLISECONDS));
        } catch (RejectedExecutionException e) {
            log.debug("{}: closing, the next process signs", site);
        }
    }

    private void keepHouse() {
        try {
            long longAgo = TimeUnit.MILLISECONDS.toSeconds(clock.millis()) - FORGET_STALE_SECONDS;
            for (Map.Entry<SiteId, SiteCatalog> each : sites.entrySet()) {
                each.getValue()
                        .change(CatalogChange.remove(each.getValue().state().forgettableSince(longAgo)));
                signWhatIsDue(each.getKey());
            }
            // A layout goes only when it was needless an hour ago already: visitors may still be fetching it.
            Set<OwnedContent> needless = tables.orphans();
            Set<OwnedContent> longNeedless = new HashSet<>(needless);
            longNeedless.retainAll(orphans);
            tables.deleteLayouts(longNeedless);
            orphans = needless;
        } catch (IOException | RuntimeException e) {
            log.error("what the catalogs do not need could not be dropped", e);
        }
    }
}
