package dev.rivulet.edge.prefetch;

import dev.rivulet.edge.catalog.SiteCatalog;
import dev.rivulet.edge.limit.TokenBucket;
import dev.rivulet.edge.store.PieceStore;
import dev.rivulet.edge.thread.Threads;
import dev.rivulet.edge.tracker.TrackerLink;
import dev.rivulet.edge.transfer.PieceProvider;
import dev.rivulet.edge.transfer.Spread;
import dev.rivulet.edge.transfer.TransferCounts;
import dev.rivulet.protocol.catalog.Layout;
import dev.rivulet.protocol.message.HintWishes;
import dev.rivulet.protocol.message.Hints;
import dev.rivulet.protocol.message.Hints.Hint;
import dev.rivulet.protocol.message.TrackerMessage;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the tracker's hints, one content at a time, as far as {@link Means} go. What is rare and held is used, so that
 * eviction spares it; what is missing is got as if a visitor had asked for it: from other edges and pages first, and from
 * the origin by the one edge whose duty it is.
 */
public final class Prefetcher implements TrackerLink.Listener, AutoCloseable {
    /** How often it is looked whether there is something to fetch, and how much is being sent. */
    static final Duration TICK = Duration.ofMillis(500);

    /** Pieces of the content that are being fetched at a time. */
    static final int MAX_UNDER_WAY = 4;

    /** How long a content rests of which a piece was not to be had. */
    static final Duration RETRY = Duration.ofSeconds(10);

    /** How often a content is tried, until the tracker hints at it anew. */
    static final int MAX_ATTEMPTS = 3;

    private static final Logger log = LoggerFactory.getLogger(Prefetcher.class);

    private static final double NANOS_PER_SECOND = 1e9;

    private final Surroundings with;
    private final TokenBucket rate;
    private final ScheduledExecutorService thread = Threads.single("prefetch");
    // Of the thread only.
    private final Wishlist waiting = new Wishlist();
    /** Hints that the catalog does not bear out, or not yet: the tracker may hint before its catalog has come. */
    private final Wishlist unproven = new Wishlist();

    private @Nullable Course course;
    private long notBeforeNanos;
    private long sentBytes;
    private long sampledNanos;
    private long sending;

    /**
     * What it works with.
     *
     * @param wishes what the tracker was asked for hints of
     * @param pieces gets pieces
     * @param spread learns how many hold what is hinted at
     * @param serving whether anything is served, and kept, at present
     * @param held bytes that the store's pieces take
     * @param used bytes sent and received this month
     */
    public record Surroundings(
            TrackerLink link,
            HintWishes wishes,
            Means means,
            SiteCatalog catalog,
            PieceStore store,
            PieceProvider pieces,
            TransferCounts counts,
            Spread spread,
            BooleanSupplier serving,
            LongSupplier held,
            LongSupplier used) {}

    /** A content that is being fetched. */
    private static final class Course {
        final Hint hint;
        final int attempt;
        final int pieces;
        int next;
        int underWay;
        int got;
        boolean failed;

        Course(Hint hint, int attempt) {
            this.hint = hint;
            this.attempt = attempt;
            this.pieces = Layout.pieceCountOf(hint.size());
        }

        boolean isOver() {
            return underWay == 0 && (failed || next >= pieces);
        }
    }

    public Prefetcher(Surroundings with) {
        this.with = with;
        long now = System.nanoTime();
        this.rate = new TokenBucket(with.means().rate(), now);
        this.notBeforeNanos = now;
        this.sampledNanos = now;
    }

    /** Begins to listen. */
    public void start() {
        with.link().listen(this);
        with.catalog().listen(() -> thread.execute(this::prove));
        Threads.repeat(thread, TICK, this::tick);
    }

    @Override
    public void received(TrackerMessage message) {
        if (message instanceof Hints hints) {
            thread.execute(() -> take(hints.hints()));
        }
    }

    private void take(List<Hint> hints) {
        hints.stream().filter(hint -> with.wishes().admits(hint.url())).forEach(unproven::add);
        prove();
    }

    private void prove() {
        unproven.takeAll(this::isTrue).forEach(this::consider);
        goOn();
    }

    /** A hint is a hint: only what the signed catalog says as well is followed. */
    private boolean isTrue(Hint hint) {
        return with.catalog()
                .byUrl(hint.url())
                .filter(entry -> entry.content().equals(hint.content()) && entry.size() == hint.size())
                .isPresent();
    }

    private void consider(Hint hint) {
        int held = with.store().held(hint.content()).cardinality();
        long others = held > 0 ? hint.holders() - 1 : hint.holders();
        with.spread().byTracker(hint.content(), (int) Math.max(0, Math.min(Integer.MAX_VALUE, others)));
        if (held > 0 && (hint.isRare() || with.wishes().pinned(hint.url()))) {
            with.store().use(hint.content());
        }
        if (held < Layout.pieceCountOf(hint.size())) {
            waiting.add(hint);
        }
    }

    private void tick() {
        long now = System.nanoTime();
        long sent = with.counts().uploaded.sum();
        sending = (long) ((sent - sentBytes) * NANOS_PER_SECOND / Math.max(1, now - sampledNanos));
        sentBytes = sent;
        sampledNanos = now;
        goOn();
    }

    private void goOn() {
        Means.Situation situation = situation();
        if (!with.means().isIdle(situation)) {
            return;
        }
        if (course == null) {
            course = next(situation).map(hint -> new Course(hint, 1)).orElse(null);
        }
        Course current = course;
        while (current != null && mayAsk(current)) {
            ask(current, current.next++);
        }
        if (current != null && current.isOver()) {
            ended(current);
        }
    }

    private Means.Situation situation() {
        return new Means.Situation(
                with.serving().getAsBoolean(),
                with.held().getAsLong(),
                with.used().getAsLong(),
                sending);
    }

    private Optional<Hint> next(Means.Situation situation) {
        return waiting.next(hint -> with.means().fits(situation, hint.size()));
    }

    private boolean mayAsk(Course current) {
        return !current.failed
                && current.next < current.pieces
                && current.underWay < MAX_UNDER_WAY
                && System.nanoTime() - notBeforeNanos >= 0;
    }

    private void ask(Course current, int index) {
        Hint hint = current.hint;
        if (with.store().has(hint.content(), index)) {
            return;
        }
        long now = System.nanoTime();
        notBeforeNanos = now + rate.take(Layout.pieceLengthOf(hint.size()), now).toNanos();
        current.underWay++;
        var unused = with.pieces()
                .piece(hint.content(), index, hint.url())
                .whenComplete((bytes, failure) -> thread.execute(() -> answered(current, bytes == null)));
    }

    private void answered(Course current, boolean failed) {
        current.underWay--;
        current.failed |= failed;
        current.got += failed ? 0 : 1;
        goOn();
    }

    private void ended(Course over) {
        Hint hint = over.hint;
        log.debug(
                "fetched ahead {} of {} pieces of {} ({} ask for it, {} hold it)",
                over.got,
                over.pieces,
                hint.url(),
                hint.demand(),
                hint.holders());
        course = null;
        if (over.failed && over.attempt < MAX_ATTEMPTS) {
            Threads.after(thread, RETRY, () -> tryAgain(hint, over.attempt + 1));
        }
        thread.execute(this::goOn);
    }

    /** Unless something else is under way by then, which is no worse. */
    private void tryAgain(Hint hint, int attempt) {
        if (course == null && isTrue(hint)) {
            course = new Course(hint, attempt);
        }
        goOn();
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
