package dev.rivulet.tracker.indexing;

import dev.rivulet.protocol.catalog.Layout;
import dev.rivulet.protocol.http.SitePolicy;
import dev.rivulet.protocol.id.ContentId;
import dev.rivulet.protocol.id.SiteId;
import dev.rivulet.protocol.id.UrlHash;
import dev.rivulet.tracker.catalog.CatalogChange;
import dev.rivulet.tracker.catalog.CatalogEntry;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** What the indexer reads in the sites' catalogs, and does to them. Any thread may call. */
public interface SiteEntries {
    /** What the site allows; empty when there is no such site. */
    Optional<SitePolicy> policy(SiteId site);

    /** The entry in the catalog. */
    Optional<CatalogEntry> listed(SiteId site, UrlHash url);

    /** The entry that is kept out of the catalog until it was looked at again. */
    Optional<CatalogEntry> suspended(SiteId site, UrlHash url);

    /** The entry, in the catalog or kept out of it: in one step, where asking for the one and the other takes two. */
    Optional<CatalogEntry> known(SiteId site, UrlHash url);

    /** The entries in the catalog that have this content. */
    List<CatalogEntry> withContent(SiteId site, ContentId content);

    /** Whether the operator took a URL of the site down. */
    boolean isBlocked(SiteId site, UrlHash url);

    /** A layout of the site; may read the database. */
    Optional<Layout> layout(SiteId site, ContentId content) throws IOException;

    /**
     * Hands in a change, without waiting for it.
     *
     * @return empty once it is made, or why the catalog refuses it; fails when it could not be made
     */
    CompletableFuture<Optional<String>> change(SiteId site, CatalogChange change);
}
