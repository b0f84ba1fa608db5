package dev.rivulet.edge;

import dev.rivulet.edge.catalog.SiteCatalog;
import dev.rivulet.edge.store.PieceStore;
import dev.rivulet.edge.thread.Threads;
import dev.rivulet.protocol.catalog.BlockList;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deletes what the site's operator took down, and breaks off what is under way of it, as soon as the catalog says so. That
 * it is not looked up any more is the catalog's own doing. Nothing is ever deleted because the catalog lacks it.
 */
final class TakeDowns implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(TakeDowns.class);

    private final SiteCatalog catalog;
    private final PieceStore store;
    private final List<Runnable> breakOffs;
    private final ScheduledExecutorService thread = Threads.single("take-down");
    private BlockList done = BlockList.EMPTY;

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
        if (now.hashes().equals(done.hashes())) {
            return;
        }
        done = now;
        int before = store.contents().size();
        breakOffs.forEach(Runnable::run);
        store.refuse(now::has);
        log.info(
                "{} contents and URLs are taken down by the site's operator; deleted {} contents",
                now.hashes().size(),
                Math.max(0, before - store.contents().size()));
    }

    @Override
    public void close() {
        Threads.stop(thread);
    }
}
