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
 * @param pace when visitors are told
 */
public record CatalogChange(List<Put> puts, Set<UrlHash> removed, Set<UrlHash> suspended, Pace pace) {
    public CatalogChange {
        puts = List.copyOf(puts);
        removed = Set.copyOf(removed);
        suspended = Set.copyOf(suspended);
    }

    /** When visitors are told of a change. */
    public enum Pace {
        /** In a head, immediately. */
        AT_ONCE,
        /** In a batch soon, and in a head after a pause in which more may change. */
        GATHERED,
        /** In a batch immediately, one of many to come: the head that makes everybody fetch shards anew comes seldom. */
        STREAMED
    }

    /** An entry, and the layout of its content. */
    public record Put(CatalogEntry entry, Layout layout) {}

    /** Whether it changes nothing. */
    public boolean isEmpty() {
        return puts.isEmpty() && removed.isEmpty() && suspended.isEmpty();
    }

    /** One new or changed entry. */
    public static CatalogChange put(CatalogEntry entry, Layout layout) {
        return new CatalogChange(List.of(new Put(entry, layout)), Set.of(), Set.of(), Pace.GATHERED);
    }

    /** The same, told at another pace. */
    public CatalogChange at(Pace other) {
        return new CatalogChange(puts, removed, suspended, other);
    }

    /** One entry taken out until it is put again. */
    public static CatalogChange suspend(UrlHash url) {
        return new CatalogChange(List.of(), Set.of(), Set.of(url), Pace.GATHERED);
    }

    /** Entries that are gone. */
    public static CatalogChange remove(Set<UrlHash> urls) {
        return new CatalogChange(List.of(), urls, Set.of(), Pace.GATHERED);
    }
}
