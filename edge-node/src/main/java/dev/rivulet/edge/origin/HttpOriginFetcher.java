package dev.rivulet.edge.origin;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.rivulet.edge.limit.TokenBucket;
import dev.rivulet.edge.store.PieceStore;
import dev.rivulet.edge.thread.RareLog;
import dev.rivulet.edge.thread.Threads;
import dev.rivulet.protocol.catalog.Entry;
import dev.rivulet.protocol.catalog.Layout;
import dev.rivulet.protocol.http.SitePolicy;
import dev.rivulet.protocol.id.ContentId;
import dev.rivulet.protocol.id.ResourceUrl;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Fetches pieces from origins over HTTP with a bounded number of threads, one per request under way. */
public final class HttpOriginFetcher implements OriginFetcher, AutoCloseable {
    /** How long to wait for neighbouring pieces to be asked for before the origin is. */
    static final Duration GATHERING = Duration.ofMillis(5);
    /** Contents fetched from at a time: {@value}. */
    static final int MAX_JOBS = 1024;
    /** How long a URL that contradicted its entry is not asked again for that content. */
    static final Duration SUSPENSION = Duration.ofSeconds(60);
    /** Suspended URLs remembered: {@value}. */
    static final int MAX_SUSPENDED = 10_000;

    private static final String STOPPING = "the edge stops";
    private static final String TAKEN_DOWN = "taken down";
    private static final Logger log = LoggerFactory.getLogger(HttpOriginFetcher.class);

    /**
     * What the fetcher works with.
     *
     * @param policy the site's policy as last heard; without one nothing is fetched
     * @param volunteerAllowsPrivate whether this edge may fetch from private addresses
     * @param store where verified pieces go
     * @param contradicted told of URLs whose origin served other bytes than their entry says, on a fetcher's thread
     * @param received counts the body bytes that origins send, right or wrong
     */
    public record Surroundings(
            Supplier<Optional<SitePolicy>> policy,
            Supplier<Boolean> volunteerAllowsPrivate,
            PieceStore store,
            Consumer<ResourceUrl> contradicted,
            LongAdder received) {}

    /**
     * Bounds on what origins are asked.
     *
     * @param agent the {@code User-Agent}
     * @param connections requests at a time
     * @param timeout for connecting, and for any silence
     * @param downloads the rate that is charged for what an origin sends although nobody asked for it
     */
    public record Manner(String agent, int connections, Duration timeout, TokenBucket downloads) {
        /** Without a limit on the rate. */
        public Manner(String agent, int connections, Duration timeout) {
            this(agent, connections, timeout, TokenBucket.unlimited());
        }
    }

    private record Suspect(ResourceUrl url, ContentId content) {}

    private final Surroundings surroundings;
    private final TokenBucket downloads;
    private final OriginHttp http;
    private final ExecutorService requests;
    private final Executor gathering;
    private final ScheduledExecutorService timer;
    private final Map<ContentId, FetchJob> jobs = new ConcurrentHashMap<>();
    private final Cache<Suspect, Boolean> suspended = Caffeine.newBuilder()
            .expireAfterWrite(SUSPENSION)
            .maximumSize(MAX_SUSPENDED)
            .build();
    private final OriginHealth health = new OriginHealth();
    private final RareLog contradictions = new RareLog();
    private final RareLog breakdowns = new RareLog();
    private volatile Predicate<ContentId> broken = content -> false;
    private volatile boolean closed;

    public HttpOriginFetcher(Surroundings surroundings, Manner manner) {
        this(
                surroundings,
                manner,
                SystemDefaultDnsResolver.INSTANCE,
                requests -> CompletableFuture.delayedExecutor(GATHERING.toMillis(), TimeUnit.MILLISECONDS, requests));
    }

    /** @param gathering makes, of the executor of requests, the one that lets {@link #GATHERING} pass before */
    HttpOriginFetcher(Surroundings surroundings, Manner manner, DnsResolver names, UnaryOperator<Executor> gathering) {
        this.surroundings = surroundings;
        this.downloads = manner.downloads();
        GuardedResolver resolver = new GuardedResolver(
                names,
                () -> surroundings.volunteerAllowsPrivate().get(),
                () -> surroundings.policy().get().map(SitePolicy::allowPrivate).orElse(false));
        this.http = new OriginHttp(resolver, manner.agent(), manner.connections(), manner.timeout());
        // Discarding is right: close() fails whoever waits.
        this.requests = new ThreadPoolExecutor(
                manner.connections(),
                manner.connections(),
                0,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(),
                Threads.named("origin"),
                new ThreadPoolExecutor.DiscardPolicy());
        // Through the same threads: while all are busy, more is gathered.
        this.gathering = gathering.apply(this.requests);
        this.timer = Threads.single("origin-timer");
    }

    @Override
    public CompletableFuture<ByteBuffer> fetch(Entry entry, ResourceUrl url, Layout layout, int piece) {
        if (!surroundings.policy().get().map(policy -> policy.admits(url)).orElse(false)) {
            return refused("the site does not allow " + url);
        }
        if (suspended.getIfPresent(new Suspect(url, entry.content())) != null) {
            return refused(url + " contradicted its entry a moment ago");
        }
        while (!closed) {
            if (jobs.size() >= MAX_JOBS && !jobs.containsKey(entry.content())) {
                return refused("too much is being fetched already");
            }
            FetchJob job = jobs.computeIfAbsent(entry.content(), unused -> new FetchJob(url, layout, entry.ranges()));
            CompletableFuture<ByteBuffer> future = job.await(piece);
            if (future != null) {
                schedule(job);
                if (closed) {
                    abandon(job, new OriginException(STOPPING));
                }
                return future.thenApply(ByteBuffer::asReadOnlyBuffer);
            }
            jobs.remove(entry.content(), job);
        }
        return refused(STOPPING);
    }

    /**
     * Asks the origin as a page would, without following redirects; blocks until the header is here.
     *
     * @param range value of the {@code Range} header, empty for none
     */
    public OriginLook look(ResourceUrl url, String range, SitePolicy policy) throws IOException {
        if (!policy.admits(url)) {
            throw new OriginException("the site does not allow " + url);
        }
        return new OriginLook(http.getAsPage(url, range, policy));
    }

    /** Breaks off what is under way of blocked contents; whoever waits gets a failure. */
    public void breakOff(Predicate<ContentId> blocked) {
        broken = blocked;
        jobs.forEach((content, job) -> {
            if (blocked.test(content)) {
                abandon(job, new OriginException(TAKEN_DOWN));
            }
        });
    }

    private static CompletableFuture<ByteBuffer> refused(String reason) {
        return CompletableFuture.failedFuture(new OriginException(reason));
    }

    private void schedule(FetchJob job) {
        if (job.needsSchedule()) {
            gathering.execute(() -> dispatch(job));
        }
    }

    private void dispatch(FetchJob job) {
        for (PieceSpan span : job.assign()) {
            requests.execute(() -> run(job, new Transfer(job, span, surroundings.received())));
        }
    }

    private void run(FetchJob job, Transfer transfer) {
        IOException failure = new OriginException("not brought");
        try {
            SitePolicy policy = surroundings.policy().get().orElseThrow(() -> new OriginException("no policy"));
            transfer.run(http, policy, timer, (index, bytes) -> {
                if (broken.test(job.layout.contentId())) {
                    throw new OriginException(TAKEN_DOWN);
                }
                if (!arrived(job, index, bytes)) {
                    pace(bytes.remaining());
                }
            });
            health.succeeded(job.url).ifPresent(log::info);
        } catch (ContradictedException e) {
            contradictions
                    .next()
                    .ifPresent(more -> log.warn("{} contradicts its entry: {}{}", job.url, e.getMessage(), more));
            suspended.put(new Suspect(job.url, job.layout.contentId()), true);
            surroundings.contradicted().accept(job.url);
            abandon(job, e);
        } catch (IOException e) {
            log.debug("{} failed: {}", job.url, e.toString());
            if (!closed && !broken.test(job.layout.contentId())) {
                health.failed(job.url, e).ifPresent(log::warn);
            }
            failure = e;
        } catch (RuntimeException e) {
            // A closed client throws those, too.
            if (!closed) {
                breakdowns.next().ifPresent(more -> log.error("fetching {} failed{}", job.url, more, e));
            }
            failure = new OriginException(STOPPING);
        } finally {
            finished(job, transfer.span(), failure);
        }
    }

    /** Reads on no sooner than the rate allows, so that TCP slows the origin down. */
    private void pace(int bytes) throws IOException {
        try {
            TimeUnit.NANOSECONDS.sleep(downloads.take(bytes, System.nanoTime()).toNanos());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new OriginException(STOPPING);
        }
    }

    /** Keeps and hands out a piece; whether somebody waited for it, and its bytes so were charged to the rate already. */
    private boolean arrived(FetchJob job, int index, ByteBuffer bytes) {
        surroundings.store().write(job.layout, index, bytes);
        CompletableFuture<ByteBuffer> future = job.arrived(index);
        if (future != null) {
            future.complete(bytes);
        }
        return future != null;
    }

    private void finished(FetchJob job, PieceSpan span, IOException failure) {
        job.finished(span).forEach(future -> future.completeExceptionally(failure));
        if (job.endIfIdle()) {
            jobs.remove(job.layout.contentId(), job);
        } else {
            schedule(job);
        }
    }

    /** Breaks off what is under way; whoever waits gets a failure. */
    @Override
    public void close() throws IOException {
        closed = true;
        timer.shutdownNow();
        requests.shutdownNow();
        http.close();
        jobs.values().forEach(job -> abandon(job, new OriginException(STOPPING)));
    }

    private static void abandon(FetchJob job, OriginException reason) {
        job.abandon().forEach(future -> future.completeExceptionally(reason));
    }
}
