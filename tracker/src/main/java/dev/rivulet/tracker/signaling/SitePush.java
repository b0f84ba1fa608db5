package dev.rivulet.tracker.signaling;

import dev.rivulet.protocol.catalog.CatalogBody;
import dev.rivulet.protocol.id.SiteId;

/**
 * Tells everybody who is connected to a site. Calls return before the messages are out, and may be made on any thread.
 * What {@link SiteCatalogs#current} gives has to be the new catalog before {@link #head} is called, so that nobody who
 * joins meanwhile misses it.
 */
public interface SitePush {
    /** There is a new head. */
    void head(SiteId site, CatalogBody catalog);

    /** There is a new batch, as a JWS text. */
    void batch(SiteId site, String batch);
}
