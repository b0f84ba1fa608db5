package dev.rivulet.tracker.catalog;

import dev.rivulet.protocol.catalog.Layout;
import dev.rivulet.protocol.id.UrlHash;
import java.util.List;
import java.util.Set;

/**
 * What is to become of a site's catalog, all of it or nothing.
 *
 * @param puts entries new or changed, each URL once
 * @param removed URLs that have no entry any more; none of {@code puts}
 * @param suspended URLs whose entries are kept, but taken out of the catalog until they are put again
 * @param atOnce whether the next head is cut immediately, rather than after a pause in which more may change
 */
public record CatalogChange(List<Put> puts, Set<UrlHash> removed, Set<UrlHash> suspended, boolean atOnce) {
    public CatalogChange {
        puts = List.copyOf(puts);
        removed = Set.copyOf(removed);
        suspended = Set.copyOf(suspended);
    }

    /** An entry, and the layout of its content. */
    public record Put(CatalogEntry entry, Layout layout) {}

    /** Whether it changes nothing. */
    public boolean isEmpty() {
        return puts.isEmpty() && removed.isEmpty() && suspended.isEmpty();
    }

    /** One new or changed entry. */
    public static CatalogChange put(CatalogEntry entry, Layout layout) {
        return new CatalogChange(List.of(new Put(entry, layout)), Set.of(), Set.of(), false);
    }

    /** One entry taken out until it is put again. */
    public static CatalogChange suspend(UrlHash url) {
        return new CatalogChange(List.of(), Set.of(), Set.of(url), false);
    }

    /** Entries that are gone. */
    public static CatalogChange remove(Set<UrlHash> urls) {
        return new CatalogChange(List.of(), urls, Set.of(), false);
    }
}
