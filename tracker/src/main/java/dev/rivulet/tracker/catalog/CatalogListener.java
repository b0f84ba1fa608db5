package dev.rivulet.tracker.catalog;

import dev.rivulet.protocol.id.SiteId;

/** Is told of every head and batch, per site in the order in which they were signed. Must not block. */
public interface CatalogListener {
    /** A new head stands; {@code catalog} has no batches yet. */
    void head(SiteId site, SignedCatalog catalog);

    /** A batch extends the newest head; {@code jws} is its text. */
    void batch(SiteId site, String jws);
}
