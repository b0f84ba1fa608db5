package dev.rivulet.tracker.catalog;

import dev.rivulet.protocol.catalog.Entry;
import dev.rivulet.protocol.id.ResourceUrl;
import dev.rivulet.protocol.id.UrlHash;

/**
 * An entry, and what the tracker has to know to keep it true.
 *
 * @param url the resource
 * @param entry what the catalog says of it
 * @param source who says so
 * @param maxAgeSeconds for how long a revalidation keeps it fresh
 */
public record CatalogEntry(ResourceUrl url, Entry entry, Source source, long maxAgeSeconds) {
    /** The key of the entry. */
    public UrlHash key() {
        return entry.url();
    }

    /** Whether it is past its freshness. */
    public boolean isStale(long nowSeconds) {
        return entry.freshUntil() < nowSeconds;
    }

    /** The same, fresh until another time. */
    public CatalogEntry freshUntil(long seconds) {
        return new CatalogEntry(url, entry.freshUntil(seconds), source, maxAgeSeconds);
    }

    /**
     * Whether putting {@code other} in this one's place would tell nobody anything: it says the same, from the same
     * source, and this one is fresh for at least half of its time yet.
     */
    public boolean makesNeedless(CatalogEntry other, long nowSeconds) {
        return other.freshUntil(entry.freshUntil()).equals(this)
                && entry.freshUntil() - nowSeconds >= maxAgeSeconds / 2;
    }
}
