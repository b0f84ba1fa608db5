package dev.rivulet.tracker.signaling;

import dev.rivulet.protocol.catalog.CatalogBody;
import dev.rivulet.protocol.id.SiteId;

/** Where welcomes get the signed catalog from. */
@FunctionalInterface
public interface SiteCatalogs {
    /** The current catalog of an enrolled site, from memory: it is called while a site's peers wait. */
    CatalogBody current(SiteId site);
}
