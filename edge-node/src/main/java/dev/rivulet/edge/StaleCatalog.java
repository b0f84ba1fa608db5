package dev.rivulet.edge;

import dev.rivulet.edge.catalog.SiteCatalog;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether the catalog is {@linkplain SiteCatalog#isStale stale}, so that nothing is given; logs when that changes. */
final class StaleCatalog implements BooleanSupplier {
    private static final Logger log = LoggerFactory.getLogger(StaleCatalog.class);

    private final SiteCatalog catalog;
    private final InstantSource clock;
    private final AtomicBoolean known = new AtomicBoolean();

    StaleCatalog(SiteCatalog catalog, InstantSource clock) {
        this.catalog = catalog;
        this.clock = clock;
    }

    @Override
    public boolean getAsBoolean() {
        boolean stale = catalog.isStale(clock.instant().getEpochSecond());
        if (known.getAndSet(stale) != stale) {
            if (stale) {
                log.warn("the catalog is too old to know what the site has taken down: nothing is served until the"
                        + " tracker is back");
            } else {
                log.info("the catalog is up to date again: serving goes on");
            }
        }
        return stale;
    }
}
