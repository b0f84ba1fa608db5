package dev.rivulet.tracker.catalog;

import dev.rivulet.protocol.id.SiteId;
import java.util.Optional;

/** The newest signed catalogs, and news of them. Thread-safe. */
public interface CatalogFeed {
    /** What to tell a visitor who arrives now; empty when there is no such site. */
    Optional<SignedCatalog> current(SiteId site);

    /**
     * Tells {@code listener} from now on. Who subscribes first and asks for {@link #current} afterwards misses nothing,
     * but may hear of what {@code current} had already.
     */
    void subscribe(CatalogListener listener);
}
