package dev.rivulet.edge;

import dev.rivulet.edge.catalog.SiteCatalog;
import dev.rivulet.edge.store.PieceStore;
import dev.rivulet.edge.thread.Threads;
import dev.rivulet.protocol.catalog.BlockList;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Deletes what the site's operator took down, and breaks off what is under way of it, as soon as the catalog says so. That
 * it is not looked up any more is the catalog's own doing. Nothing is ever deleted because the catalog lacks it.
 */
final class TakeDowns implements AutoCloseable {
    /** When what failed is tried again. */
    static final Duration RETRY = Duration.ofSeconds(2);

    private static final Logger log = LoggerFactory.getLogger(TakeDowns.class);

    private final SiteCatalog catalog;
    private final PieceStore store;
    private final List<Runnable> breakOffs;
    private final ScheduledExecutorService thread = Threads.single("take-down");
    // Of the thread only.
    private BlockList done = BlockList.EMPTY;
    private int deleted;
    private boolean failing;
    private boolean retrying;

    private TakeDowns(SiteCatalog catalog, PieceStore store, List<Runnable> breakOffs) {
        this.catalog = catalog;
        this.store = store;
        this.breakOffs = List.copyOf(breakOffs);
    }

    /**
     * Does what is due, and begins to listen.
     *
     * @param breakOffs break off what is under way, each of its own kind
     */
    static TakeDowns start(SiteCatalog catalog, PieceStore store, List<Runnable> breakOffs) {
        TakeDowns takeDowns = new TakeDowns(catalog, store, breakOffs);
        catalog.listen(takeDowns::review);
        takeDowns.review();
        return takeDowns;
    }

    private void review() {
        thread.execute(this::follow);
    }

    private void follow() {
        BlockList now = catalog.blocked();
        if (!failing && now.hashes().equals(done.hashes())) {
            return;
        }
        int before = store.contents().size();
        boolean complete = true;
        for (Runnable breakOff : breakOffs) {
            complete &= attempt(() -> {
                breakOff.run();
                return true;
            });
        }
        complete &= attempt(() -> store.refuse(now::has));
        deleted += Math.max(0, before - store.contents().size());
        if (complete) {
            done = now;
            log.info(
                    "{} contents and URLs are taken down by the site's operator; deleted {} contents",
                    now.hashes().size(),
                    deleted);
            deleted = 0;
            failing = false;
        } else {
            tryAgain();
        }
    }

    private boolean attempt(BooleanSupplier step) {
        try {
            return step.getAsBoolean();
        } catch (RuntimeException e) {
            log.atLevel(failing ? Level.DEBUG : Level.ERROR).log("a step of a take-down failed", e);
            return false;
        }
    }

    private void tryAgain() {
        if (!failing) {
            failing = true;
            log.error(
                    "what was taken down is not served any more, but could not be deleted altogether: it is tried again"
                            + " every {} s; see to the disk",
                    RETRY.toSeconds());
        }
        if (!retrying) {
            retrying = true;
            Threads.after(thread, RETRY, () -> {
                retrying = false;
                follow();
            });
        }
    }

    @Override
    public void close() {
        Threads.stop(thread);
    }
}
