package dev.rivulet.edge.tracker;

import dev.rivulet.edge.catalog.SiteCatalog;
import dev.rivulet.edge.thread.Threads;
import dev.rivulet.protocol.DecodeException;
import dev.rivulet.protocol.catalog.Batch;
import dev.rivulet.protocol.catalog.BlockList;
import dev.rivulet.protocol.catalog.CatalogBody;
import dev.rivulet.protocol.catalog.CatalogError;
import dev.rivulet.protocol.catalog.CatalogException;
import dev.rivulet.protocol.catalog.CatalogVerifier;
import dev.rivulet.protocol.catalog.CatalogVerifier.BatchResult;
import dev.rivulet.protocol.catalog.Entry;
import dev.rivulet.protocol.catalog.Head;
import dev.rivulet.protocol.http.SitePolicy;
import dev.rivulet.protocol.id.KeyId;
import dev.rivulet.protocol.id.SiteId;
import dev.rivulet.protocol.message.TrackerMessage;
import dev.rivulet.protocol.message.TrackerMessage.BatchUpdate;
import dev.rivulet.protocol.message.TrackerMessage.HeadUpdate;
import dev.rivulet.protocol.message.TrackerMessage.PolicyUpdate;
import dev.rivulet.protocol.message.TrackerMessage.Welcome;
import dev.rivulet.protocol.settings.ConfigException;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Keeps a {@link SiteCatalog} up to date with what the tracker says and the verifier believes. A head counts once all of
 * its entries are there; until then the former one stands. Works on a thread of its own, which may block on the tracker.
 */
public final class CatalogSync implements TrackerLink.Listener, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(CatalogSync.class);

    /**
     * A head that was verified and whose entries are still to be fetched.
     *
     * @param taken what proves it, and when it did: it may have run out once its entries are there
     */
    private record Pending(Head head, CatalogFiles.Taken taken) {}

    private final Trust trust;
    private final SiteCatalog catalog;
    private final CatalogFiles files;
    private final TrackerHttp http;
    private final InstantSource clock;
    private final Backoff backoff = new Backoff(RandomGenerator.getDefault());
    private final ExecutorService fetchers;
    private final ScheduledExecutorService thread;
    private final ShardSource shards;

    private CatalogVerifier verifier;
    private final List<Batch> early = new ArrayList<>();
    private @Nullable Pending pending;
    private CatalogFiles.@Nullable Taken remembered;
    private boolean retrying;
    private final CompletableFuture<Optional<CatalogError>> first = new CompletableFuture<>();

    /**
     * Whose catalog to believe.
     *
     * @param pinned id of the root key; null to trust the first one met, and remember it
     */
    public record Trust(SiteId site, @Nullable KeyId pinned) {}

    public CatalogSync(Trust trust, SiteCatalog catalog, CatalogFiles files, TrackerHttp http, InstantSource clock) {
        this.trust = trust;
        this.catalog = catalog;
        this.files = files;
        this.http = http;
        this.clock = clock;
        this.verifier = new CatalogVerifier(trust.site(), trust.pinned(), null);
        this.fetchers = Executors.newFixedThreadPool(TrackerHttp.CONNECTIONS, Threads.named("catalog-fetch"));
        this.thread = Threads.single("catalog");
        this.shards = new ShardSource(trust.site(), files, http, fetchers);
    }

    /**
     * Takes up what was remembered before a restart. To be called once, before any message comes.
     *
     * @throws ConfigException when it is there and cannot be believed: going on would forget which key was trusted
     */
    public void restore() {
        try {
            Optional<CatalogFiles.Taken> taken = files.load();
            if (taken.isPresent() && isTrusted(taken.get().catalog())) {
                restore(taken.get());
            }
        } catch (IOException | DecodeException | CatalogException e) {
            throw new ConfigException(
                    "data",
                    files.catalogFile().toString(),
                    "is damaged (" + e.getMessage() + "); remove it, and check the site's key again");
        }
    }

    private boolean isTrusted(CatalogBody body) {
        KeyId known = body.rootKey().keyId();
        if (trust.pinned() == null || trust.pinned().equals(known)) {
            return true;
        }
        log.warn("forgetting the catalog under root key {}: {} is pinned now", known, trust.pinned());
        return false;
    }

    private void restore(CatalogFiles.Taken taken) throws CatalogException {
        CatalogBody body = taken.catalog();
        verifier.delegations(body.rootKey(), body.delegations());
        // As of then: a head that has run out since says nevertheless what may be served.
        Head head = verifier.head(body.head(), taken.takenAt()).orElseThrow();
        remembered = taken;
        Optional.ofNullable(body.policy()).ifPresent(catalog::policy);
        Optional<List<Entry>> entries = shards.remembered(head);
        Optional<BlockList> blocked = shards.rememberedBlocks(head);
        blocked.ifPresent(catalog::block);
        if (entries.isPresent() && blocked.isPresent()) {
            catalog.replace(head, entries.get(), blocked.get());
        } else {
            pending = new Pending(head, taken);
            catalog.awaitBlocks(now());
        }
        log.info("remembering head {}.{} with {} entries", head.epoch(), head.sequence(), catalog.size());
    }

    /**
     * Completes when the first catalog that the tracker named has been looked at, and its entries fetched or tried to,
     * with the reason if it was refused.
     */
    public CompletableFuture<Optional<CatalogError>> first() {
        return first.copy();
    }

    @Override
    public void received(TrackerMessage message) {
        if (message instanceof Welcome welcome) {
            thread.execute(() -> {
                takePolicy(welcome.policy());
                takeCatalog(welcome.catalog());
            });
        } else if (message instanceof HeadUpdate update) {
            thread.execute(() -> takeCatalog(update.catalog()));
        } else if (message instanceof BatchUpdate update) {
            thread.execute(() -> takeBatch(update.batch()));
        } else if (message instanceof PolicyUpdate update) {
            thread.execute(() -> takePolicy(update.policy()));
        }
    }

    private void takePolicy(SitePolicy policy) {
        catalog.policy(policy);
        if (remembered != null) {
            remember(remembered);
        }
    }

    private void takeCatalog(CatalogBody body) {
        boolean firstMet = verifier.pinned().isEmpty();
        CatalogError refusal = null;
        try {
            verifier.delegations(body.rootKey(), body.delegations());
            long now = now();
            Optional<Head> head = verifier.head(body.head(), now);
            if (firstMet) {
                log.info(
                        "trusting root key {} of {}, the first one met; give it as key to be sure",
                        body.rootKey().keyId(),
                        trust.site());
            }
            if (head.isPresent()) {
                pending = new Pending(head.get(), new CatalogFiles.Taken(now, body));
                catalog.awaitBlocks(now);
                early.clear();
            }
        } catch (CatalogException e) {
            log.warn("refusing the tracker's catalog: {}", e.getMessage());
            refusal = e.error();
        }
        complete();
        first.complete(Optional.ofNullable(refusal));
    }

    private void takeBatch(String text) {
        try {
            BatchResult result = verifier.batch(text, now());
            if (result instanceof BatchResult.Taken taken) {
                if (pending == null) {
                    catalog.apply(taken.batch());
                } else {
                    early.add(taken.batch());
                }
            } else if (result instanceof BatchResult.Ahead) {
                refresh();
            }
        } catch (CatalogException e) {
            // After every welcome the batches so far come again.
            boolean again = e.error() == CatalogError.ROLLBACK;
            log.atLevel(again ? Level.DEBUG : Level.WARN).log("refusing a batch: {}", e.getMessage());
        }
    }

    /** Asks for the catalog as it is now. */
    private void refresh() {
        try {
            String path = "/sites/" + trust.site() + "/catalog";
            takeCatalog(CatalogBody.parse(http.get(path, CatalogFiles.MAX_CATALOG_BYTES)));
        } catch (IOException | DecodeException e) {
            retry("the catalog", e);
        }
    }

    /** Fetches what the pending head needs, and lets it count. */
    private void complete() {
        Pending next = pending;
        if (next == null) {
            return;
        }
        List<Entry> entries;
        BlockList blocked;
        try {
            blocked = shards.blocks(next.head());
            // What is taken down does not wait for the rest.
            catalog.block(blocked);
            entries = shards.get(next.head(), next.taken().catalog().indexBytes());
        } catch (IOException | DecodeException e) {
            retry("entries", e);
            return;
        }
        // First, so that nobody ever saw a head which a restart forgets.
        remember(next.taken());
        catalog.replace(next.head(), entries, blocked);
        pending = null;
        early.forEach(catalog::apply);
        early.clear();
        backoff.reset();
        log.info("head {}.{}: {} entries", next.head().epoch(), next.head().sequence(), catalog.size());
        try {
            shards.tidy(next.head());
        } catch (IOException e) {
            log.warn("could not delete old shards: {}", e.toString());
        }
    }

    /** Keeps what was taken with the policy of now, and with the time of then: as of that it is verified again. */
    private void remember(CatalogFiles.Taken taken) {
        remembered = taken;
        CatalogBody body = taken.catalog();
        SitePolicy policy = catalog.policy().orElse(null);
        try {
            files.save(new CatalogFiles.Taken(
                    taken.takenAt(),
                    new CatalogBody(body.rootKey(), body.delegations(), body.head(), body.index(), policy)));
        } catch (IOException e) {
            log.warn("could not remember the catalog: {}", e.toString());
        }
    }

    private void retry(String what, Exception e) {
        Duration wait = backoff.next();
        log.warn("could not fetch {} ({}); trying again in {} ms", what, e.getMessage(), wait.toMillis());
        if (!retrying) {
            retrying = true;
            Threads.after(thread, wait, this::again);
        }
    }

    private void again() {
        retrying = false;
        refresh();
    }

    private long now() {
        return clock.instant().getEpochSecond();
    }

    /** Stops fetching; the catalog stays as it is. Waits a moment for what is being written. */
    @Override
    public void close() {
        fetchers.shutdownNow();
        Threads.stop(thread);
    }
}
