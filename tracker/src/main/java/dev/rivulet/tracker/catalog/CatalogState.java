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
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A site's entries, those in the catalog and those suspended from it. One thread writes, any may read: a reader sees an
 * entry as it was before a change or as it is after, never between.
 */
public final class CatalogState {
    /** Entries of one site: beyond, the signer's memory and the time a head takes would grow out of hand. */
    public static final int MAX_ENTRIES = 100_000;

    private final Map<UrlHash, Standing> standings = new ConcurrentHashMap<>();
    /** What was listed with a content: a hint, to be checked against the entry. */
    private final Map<ContentId, Set<UrlHash>> byContent = new ConcurrentHashMap<>();

    /** The writer's own. */
    private int listedCount;

    /** One value per URL, so that listing, suspending and replacing are each one step. */
    private record Standing(CatalogEntry entry, boolean isListed) {}

    /** With the entries in the catalog, and those kept out of it. */
    public CatalogState(Collection<CatalogEntry> listed, Collection<CatalogEntry> suspended) {
        listed.forEach(this::list);
        suspended.forEach(this::suspend);
    }

    /** Why the change cannot be made; empty when it can. */
    public Optional<String> objection(CatalogChange change) {
        long added = change.puts().stream()
                .filter(put -> !isListed(put.entry().key()))
                .count();
        long removed = change.removed().stream().filter(this::isListed).count();
        if (listedCount + added - removed > MAX_ENTRIES) {
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
                change.suspended().stream().filter(this::isListed).collect(Collectors.toSet()),
                change.pace());
    }

    /** Makes the change, and says in {@code plan} what visitors have to be told. */
    public void apply(CatalogChange change, CutPlan plan, long nowMs) {
        for (Put put : change.puts()) {
            list(put.entry());
            plan.changed(put.entry().key(), Optional.of(put.entry().entry()), change.pace(), nowMs);
        }
        for (UrlHash url : change.suspended()) {
            listed(url).ifPresent(entry -> {
                suspend(entry);
                plan.changed(url, Optional.empty(), change.pace(), nowMs);
            });
        }
        for (UrlHash url : change.removed()) {
            if (isListed(url)) {
                plan.changed(url, Optional.empty(), change.pace(), nowMs);
            }
            settle(url, standings.remove(url), null);
        }
    }

    /** The entry in the catalog. */
    public Optional<CatalogEntry> listed(UrlHash url) {
        return Optional.ofNullable(standings.get(url))
                .filter(Standing::isListed)
                .map(Standing::entry);
    }

    /** The entry that is kept out of the catalog. */
    public Optional<CatalogEntry> suspended(UrlHash url) {
        return Optional.ofNullable(standings.get(url))
                .filter(standing -> !standing.isListed())
                .map(Standing::entry);
    }

    /** The entry, in the catalog or kept out of it. */
    public Optional<CatalogEntry> known(UrlHash url) {
        return Optional.ofNullable(standings.get(url)).map(Standing::entry);
    }

    /** All entries in the catalog that have this content. */
    public List<CatalogEntry> withContent(ContentId content) {
        List<CatalogEntry> entries = new ArrayList<>();
        byContent.getOrDefault(content, Set.of()).forEach(url -> listed(url)
                .filter(entry -> entry.entry().content().equals(content))
                .ifPresent(entries::add));
        return entries;
    }

    /** How many entries there are, suspended ones included. */
    public int size() {
        return standings.size();
    }

    /** All entries in the catalog. */
    public List<Entry> entries() {
        return allListed().map(CatalogEntry::entry).toList();
    }

    /** All entries, in the catalog or kept out of it. */
    public List<CatalogEntry> all() {
        return standings.values().stream().map(Standing::entry).toList();
    }

    /** URLs of entries that were not published to stay, and have been stale since before {@code seconds}. */
    public Set<UrlHash> forgettableSince(long seconds) {
        return allListed()
                .filter(entry -> entry.source() != Source.PUBLISHED && entry.isStale(seconds))
                .map(CatalogEntry::key)
                .collect(Collectors.toSet());
    }

    /** As {@link #entries}, with their URLs, one after the other: a change meanwhile may be seen or not. */
    public Stream<CatalogEntry> allListed() {
        return standings.values().stream().filter(Standing::isListed).map(Standing::entry);
    }

    private boolean isKnown(UrlHash url) {
        return standings.containsKey(url);
    }

    private boolean isListed(UrlHash url) {
        Standing standing = standings.get(url);
        return standing != null && standing.isListed();
    }

    private boolean isNeedless(CatalogEntry entry, long nowSeconds) {
        return listed(entry.key())
                .filter(before -> before.makesNeedless(entry, nowSeconds))
                .isPresent();
    }

    private void list(CatalogEntry entry) {
        // First, so that whoever finds the entry finds it by its content too.
        byContent
                .computeIfAbsent(entry.entry().content(), content -> ConcurrentHashMap.newKeySet())
                .add(entry.key());
        Standing now = new Standing(entry, true);
        settle(entry.key(), standings.put(entry.key(), now), now);
    }

    private void suspend(CatalogEntry entry) {
        Standing now = new Standing(entry, false);
        settle(entry.key(), standings.put(entry.key(), now), now);
    }

    /** Brings what is derived from the entries up to date with one that changed. */
    private void settle(UrlHash url, @Nullable Standing before, @Nullable Standing now) {
        ContentId left = contentListed(before);
        ContentId kept = contentListed(now);
        listedCount += (kept == null ? 0 : 1) - (left == null ? 0 : 1);
        if (left != null && !left.equals(kept)) {
            byContent.computeIfPresent(left, (content, urls) -> {
                urls.remove(url);
                return urls.isEmpty() ? null : urls;
            });
        }
    }

    private static @Nullable ContentId contentListed(@Nullable Standing standing) {
        return standing == null || !standing.isListed()
                ? null
                : standing.entry().entry().content();
    }
}
