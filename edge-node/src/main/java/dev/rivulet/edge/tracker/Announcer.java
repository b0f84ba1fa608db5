package dev.rivulet.edge.tracker;

import dev.rivulet.edge.catalog.SiteCatalog;
import dev.rivulet.edge.store.PieceStore;
import dev.rivulet.edge.thread.Threads;
import dev.rivulet.edge.tracker.HoldingsDelta.Delta;
import dev.rivulet.protocol.Limits;
import dev.rivulet.protocol.id.ContentId;
import dev.rivulet.protocol.message.ClientMessage.Announce;
import dev.rivulet.protocol.message.TrackerMessage;
import dev.rivulet.protocol.message.TrackerMessage.Welcome;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;
import java.util.stream.Collectors;

/**
 * Tells the tracker what the edge holds of the site's contents: all of it after every welcome, then what changes, in
 * batches. A content counts from its first piece on.
 */
public final class Announcer implements TrackerLink.Listener, AutoCloseable {
    /** How long changes are gathered. */
    static final Duration PERIOD = Duration.ofMillis(500);
    /** Messages sent in one {@link #PERIOD}, far within what the tracker takes: {@value}. */
    static final int MAX_MESSAGES = 10;

    /** How long an expected content may take to be in the catalog. */
    static final Duration EXPECTATION = Duration.ofSeconds(60);

    private final TrackerLink link;
    private final PieceStore store;
    private final SiteCatalog catalog;
    private final IntSupplier slots;
    private final BooleanSupplier serving;
    private final HoldingsDelta delta = new HoldingsDelta(Limits.MAX_EDGE_HOLDINGS);
    private final ScheduledExecutorService thread;
    private final Set<ContentId> expected = new HashSet<>();
    private boolean welcomed;
    private boolean reviewDue;
    private boolean served;
    private int slotsTold = -1;

    /**
     * @param slots how many more peers the edge would upload to, 0 to {@value Limits#MAX_SLOTS}
     * @param serving whether it serves what it holds; while it does not, it tells that it holds nothing
     */
    public Announcer(
            TrackerLink link, PieceStore store, SiteCatalog catalog, IntSupplier slots, BooleanSupplier serving) {
        this.link = link;
        this.store = store;
        this.catalog = catalog;
        this.slots = slots;
        this.serving = serving;
        this.thread = Threads.single("announcer");
    }

    /** Begins to listen and to tell. */
    public void start() {
        store.listen(new PieceStore.Listener() {
            @Override
            public void added(ContentId content, int index) {
                changed(content);
            }

            @Override
            public void dropped(ContentId content, int index) {
                changed(content);
            }
        });
        catalog.listen(this::review);
        link.listen(this);
        Threads.repeat(thread, PERIOD, this::tell);
    }

    /**
     * Announces at once a content that is held and about to be in the catalog. Should it not be in time, it is taken
     * back.
     */
    public synchronized void expect(ContentId content) {
        expected.add(content);
        changed(content);
        tell();
        Threads.after(thread, EXPECTATION, () -> disappointed(content));
    }

    private synchronized void disappointed(ContentId content) {
        expected.remove(content);
        changed(content);
    }

    @Override
    public synchronized void received(TrackerMessage message) {
        if (message instanceof Welcome) {
            welcomed = true;
            slotsTold = -1;
            delta.restart(announceable());
        }
    }

    @Override
    public synchronized void lost() {
        welcomed = false;
    }

    private synchronized void changed(ContentId content) {
        delta.update(content, isAnnounceable(content));
    }

    /** What may be told has changed otherwise than by pieces that come and go. */
    private synchronized void review() {
        reviewDue = true;
    }

    private synchronized void tell() {
        boolean serves = serving.getAsBoolean();
        if (reviewDue || serves != served) {
            served = serves;
            reviewDue = false;
            delta.review(store.contents(), this::isAnnounceable);
        }
        for (int messages = 0; welcomed && messages < MAX_MESSAGES; messages++) {
            Delta next = delta.next(Limits.MAX_ANNOUNCE_IDS);
            int free = slots.getAsInt();
            if (next.isEmpty() && free == slotsTold) {
                return;
            }
            slotsTold = free;
            welcomed = link.send(new Announce(next.have(), next.drop(), null, free));
        }
    }

    private Set<ContentId> announceable() {
        return store.contents().stream().filter(this::isAnnounceable).collect(Collectors.toSet());
    }

    private boolean isAnnounceable(ContentId content) {
        return serving.getAsBoolean()
                && (catalog.knows(content) || expected.contains(content))
                && !store.held(content).isEmpty();
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
