package dev.rivulet.tracker.publishing;

import dev.rivulet.protocol.id.SiteId;
import dev.rivulet.tracker.catalog.CatalogListener;
import dev.rivulet.tracker.catalog.SignedCatalog;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells many listeners; one that throws is logged and keeps nothing from the others. */
final class Listeners implements CatalogListener {
    private static final Logger log = LoggerFactory.getLogger(Listeners.class);

    private final List<CatalogListener> all = new CopyOnWriteArrayList<>();

    void add(CatalogListener listener) {
        all.add(listener);
    }

    @Override
    public void head(SiteId site, SignedCatalog catalog) {
        tell(listener -> listener.head(site, catalog));
    }

    @Override
    public void batch(SiteId site, String jws) {
        tell(listener -> listener.batch(site, jws));
    }

    private void tell(Consumer<CatalogListener> news) {
        for (CatalogListener listener : all) {
            try {
                news.accept(listener);
            } catch (RuntimeException e) {
                log.error("a listener to the catalog failed", e);
            }
        }
    }
}
