package dev.rivulet.edge.indexing;

import dev.rivulet.edge.limit.TokenBucket;
import dev.rivulet.edge.origin.HttpOriginFetcher;
import dev.rivulet.edge.store.PieceStore;
import dev.rivulet.edge.thread.Threads;
import dev.rivulet.edge.tracker.TrackerLink;
import dev.rivulet.protocol.catalog.BlockList;
import dev.rivulet.protocol.http.SitePolicy;
import dev.rivulet.protocol.id.ContentId;
import dev.rivulet.protocol.id.ResourceUrl;
import dev.rivulet.protocol.message.IndexRequest;
import dev.rivulet.protocol.message.IndexStop;
import dev.rivulet.protocol.message.Indexed;
import dev.rivulet.protocol.message.TrackerMessage;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes what the tracker asks this edge to index. Nothing is fetched but URLs that the site's policy, as this edge knows
 * it, admits, and a lost connection ends all of it: the tracker asks somebody else then.
 */
public final class IndexDesk implements TrackerLink.Listener, AutoCloseable {
    /** The feature by which an edge says that it can index. */
    public static final String FEATURE = "index";
    /** Resources indexed at a time. */
    public static final int MAX_JOBS = 2;
    /** The part of the store's size that all drafts together may take of it. */
    public static final int DRAFTS_PART = 8;

    private static final Logger log = LoggerFactory.getLogger(IndexDesk.class);

    private final TrackerLink link;
    private final Supplier<Optional<SitePolicy>> policy;
    private final Predicate<ResourceUrl> wanted;
    private final Supplier<BlockList> blocked;
    private final IndexJob.Work work;
    private final BooleanSupplier isOpen;
    private final ExecutorService threads = Executors.newFixedThreadPool(MAX_JOBS, Threads.named("index"));
    // Guarded by this.
    private final Map<Long, IndexJob> jobs = new HashMap<>();
    private boolean closed;

    /**
     * What the desk works with.
     *
     * @param policy what the site allows, empty when it is not known (any more)
     * @param wanted whether this edge's volunteer has it fetch a URL
     * @param maxDisk bound on the store, in bytes
     * @param received counts the body bytes that origins send
     * @param downloads the rate that is charged for what origins send
     * @param isOpen whether anything is served, and therefore worth indexing, at present
     * @param blocked what the operator took down
     * @param expected told of a content, all of which is in the store, before it is reported
     */
    public record Surroundings(
            TrackerLink link,
            Supplier<Optional<SitePolicy>> policy,
            Predicate<ResourceUrl> wanted,
            HttpOriginFetcher origin,
            PieceStore store,
            long maxDisk,
            LongAdder received,
            TokenBucket downloads,
            BooleanSupplier isOpen,
            Supplier<BlockList> blocked,
            Consumer<ContentId> expected) {}

    /** Begins to listen. */
    public static IndexDesk open(Surroundings with) {
        IndexDesk desk = new IndexDesk(with);
        with.link().listen(desk);
        return desk;
    }

    private IndexDesk(Surroundings with) {
        this.link = with.link();
        this.policy = with.policy();
        this.wanted = with.wanted();
        this.isOpen = with.isOpen();
        this.blocked = with.blocked();
        this.work = new IndexJob.Work(
                with.origin(),
                with.store(),
                with.maxDisk() / DRAFTS_PART / MAX_JOBS,
                with.received(),
                with.downloads(),
                with.expected(),
                message -> {
                    if (!link.send(message)) {
                        log.debug("the tracker is gone and does not hear {}", message);
                    }
                });
    }

    @Override
    public void received(TrackerMessage message) {
        if (message instanceof IndexRequest request) {
            take(request);
        } else if (message instanceof IndexStop stop) {
            stop(stop.id());
        }
    }

    private synchronized void take(IndexRequest request) {
        Optional<SitePolicy> allowed =
                policy.get().filter(each -> each.admits(request.url()) && wanted.test(request.url()));
        if (closed || !isOpen.getAsBoolean() || jobs.size() >= MAX_JOBS || jobs.containsKey(request.id())) {
            link.send(Indexed.failed(request.id(), Indexed.BUSY));
        } else if (allowed.isEmpty() || blocked.get().has(request.url().hash())) {
            link.send(Indexed.failed(request.id(), Indexed.POLICY));
        } else {
            IndexJob job = new IndexJob(request, work);
            jobs.put(request.id(), job);
            threads.execute(() -> run(request.id(), job, allowed.get()));
        }
    }

    private void run(long id, IndexJob job, SitePolicy allowed) {
        try {
            job.run(allowed);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            log.error("indexing failed", e);
        } finally {
            synchronized (this) {
                jobs.remove(id, job);
            }
        }
    }

    /** Breaks off, and so deletes, what was taken down. */
    public synchronized void breakOffBlocked() {
        BlockList now = blocked.get();
        jobs.values().stream().filter(job -> now.has(job.url().hash())).forEach(IndexJob::stop);
    }

    private synchronized void stop(long id) {
        IndexJob job = jobs.get(id);
        if (job != null) {
            job.stop();
        }
    }

    @Override
    public synchronized void lost() {
        jobs.values().forEach(IndexJob::stop);
    }

    /** Breaks off what is under way. */
    @Override
    public synchronized void close() {
        closed = true;
        jobs.values().forEach(IndexJob::stop);
        threads.shutdownNow();
    }
}
