package dev.rivulet.tracker.catalog;

import dev.rivulet.protocol.Limits;
import dev.rivulet.protocol.catalog.Entry;
import dev.rivulet.protocol.id.ContentId;
import dev.rivulet.protocol.id.UrlHash;
import dev.rivulet.tracker.catalog.CatalogChange.Put;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/** A site's entries, those in the catalog and those suspended from it. One thread writes, any may read. */
public final class CatalogState {
    /** Entries of one site: beyond, the signer's memory and the time a head takes would grow out of hand. */
    public static final int MAX_ENTRIES = 100_000;

    private final Map<UrlHash, CatalogEntry> listed = new ConcurrentHashMap<>();
    private final Map<UrlHash, CatalogEntry> suspended = new ConcurrentHashMap<>();
    private final Map<ContentId, Set<UrlHash>> byContent = new ConcurrentHashMap<>();

    /** With the entries in the catalog, and those kept out of it. */
    public CatalogState(Collection<CatalogEntry> listed, Collection<CatalogEntry> suspended) {
        listed.forEach(this::list);
        suspended.forEach(entry -> this.suspended.put(entry.key(), entry));
    }

    /** Why the change cannot be made; empty when it can. */
    public Optional<String> objection(CatalogChange change) {
        long added = change.puts().stream()
                .filter(put -> !listed.containsKey(put.entry().key()))
                .count();
        long removed = change.removed().stream().filter(listed::containsKey).count();
        if (listed.size() + added - removed > MAX_ENTRIES) {
            return Optional.of("the catalog would have more than " + MAX_ENTRIES + " entries");
        }
        for (Put put : change.puts()) {
            if (put.entry().entry().encodedBytes() > Limits.MAX_ENTRY_BYTES) {
                return Optional.of("the entry of " + put.entry().url() + " is longer than " + Limits.MAX_ENTRY_BYTES
                        + " bytes: shorten its headers");
            }
        }
        return Optional.empty();
    }

    /** The change without what would say nothing new. */
    public CatalogChange needed(CatalogChange change, long nowSeconds) {
        List<Put> puts = change.puts().stream()
                .filter(put -> !isNeedless(put.entry(), nowSeconds))
                .toList();
        return new CatalogChange(
                puts,
                change.removed().stream().filter(this::isKnown).collect(Collectors.toSet()),
                change.suspended().stream().filter(listed::containsKey).collect(Collectors.toSet()),
                change.atOnce());
    }

    /** Makes the change, and says in {@code plan} what visitors have to be told. */
    public void apply(CatalogChange change, CutPlan plan, long nowMs) {
        for (Put put : change.puts()) {
            suspended.remove(put.entry().key());
            unlist(put.entry().key());
            list(put.entry());
            plan.changed(put.entry().key(), Optional.of(put.entry().entry()), nowMs);
        }
        for (UrlHash url : change.suspended()) {
            unlist(url).ifPresent(entry -> {
                suspended.put(url, entry);
                plan.changed(url, Optional.empty(), nowMs);
            });
        }
        for (UrlHash url : change.removed()) {
            suspended.remove(url);
            unlist(url).ifPresent(entry -> plan.changed(url, Optional.empty(), nowMs));
        }
    }

    /** The entry in the catalog. */
    public Optional<CatalogEntry> listed(UrlHash url) {
        return Optional.ofNullable(listed.get(url));
    }

    /** The entry that is kept out of the catalog. */
    public Optional<CatalogEntry> suspended(UrlHash url) {
        return Optional.ofNullable(suspended.get(url));
    }

    /** All entries in the catalog that have this content. */
    public List<CatalogEntry> withContent(ContentId content) {
        List<CatalogEntry> entries = new ArrayList<>();
        byContent.getOrDefault(content, Set.of()).forEach(url -> listed(url).ifPresent(entries::add));
        return entries;
    }

    /** All entries in the catalog. */
    public List<Entry> entries() {
        return listed.values().stream().map(CatalogEntry::entry).toList();
    }

    /** URLs of indexed entries that have been stale since before {@code seconds}. */
    public Set<UrlHash> indexedAndStaleSince(long seconds) {
        return listed.values().stream()
                .filter(entry -> entry.source() == Source.INDEXED && entry.isStale(seconds))
                .map(CatalogEntry::key)
                .collect(Collectors.toSet());
    }

    private boolean isKnown(UrlHash url) {
        return listed.containsKey(url) || suspended.containsKey(url);
    }

    private boolean isNeedless(CatalogEntry entry, long nowSeconds) {
        return listed(entry.key())
                .filter(before -> before.makesNeedless(entry, nowSeconds))
                .isPresent();
    }

    private void list(CatalogEntry entry) {
        listed.put(entry.key(), entry);
        byContent
                .computeIfAbsent(entry.entry().content(), content -> ConcurrentHashMap.newKeySet())
                .add(entry.key());
    }

    private Optional<CatalogEntry> unlist(UrlHash url) {
        CatalogEntry entry = listed.remove(url);
        if (entry != null) {
            byContent.computeIfPresent(entry.entry().content(), (content, urls) -> {
                urls.remove(url);
                return urls.isEmpty() ? null : urls;
            });
        }
        return Optional.ofNullable(entry);
    }
}
