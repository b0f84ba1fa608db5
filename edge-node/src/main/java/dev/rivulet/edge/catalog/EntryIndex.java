package dev.rivulet.edge.catalog;

import dev.rivulet.protocol.catalog.BlockList;
import dev.rivulet.protocol.catalog.Entry;
import dev.rivulet.protocol.id.ContentId;
import dev.rivulet.protocol.id.UrlHash;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The entries of a head, and what its batches changed since. Immutable. The changes lie over the head's entries, so that
 * a batch costs what it and its predecessors carry, whatever the size of the site.
 */
final class EntryIndex {
    static final EntryIndex EMPTY = of(List.of());

    private final Map<UrlHash, Entry> byUrl;
    private final Map<ContentId, List<Entry>> byContent;
    private final Map<UrlHash, Optional<Entry>> changed;

    private EntryIndex(
            Map<UrlHash, Entry> byUrl, Map<ContentId, List<Entry>> byContent, Map<UrlHash, Optional<Entry>> changed) {
        this.byUrl = byUrl;
        this.byContent = byContent;
        this.changed = changed;
    }

    static EntryIndex of(Collection<Entry> entries) {
        Map<UrlHash, Entry> byUrl = new HashMap<>();
        for (Entry entry : entries) {
            byUrl.put(entry.url(), entry);
        }
        Map<ContentId, List<Entry>> byContent = new HashMap<>();
        for (Entry entry : byUrl.values()) {
            byContent.merge(entry.content(), List.of(entry), EntryIndex::joined);
        }
        return new EntryIndex(byUrl, byContent, Map.of());
    }

    EntryIndex with(Collection<Entry> entries, Collection<UrlHash> removed) {
        Map<UrlHash, Optional<Entry>> all = new HashMap<>(changed);
        removed.forEach(url -> all.put(url, Optional.empty()));
        entries.forEach(entry -> all.put(entry.url(), Optional.of(entry)));
        return new EntryIndex(byUrl, byContent, all);
    }

    Optional<Entry> byUrl(UrlHash url) {
        Optional<Entry> change = changed.get(url);
        return change == null ? Optional.ofNullable(byUrl.get(url)) : change;
    }

    Optional<Entry> byContent(ContentId content) {
        Optional<Entry> unchanged = byContent.getOrDefault(content, List.of()).stream()
                .filter(entry -> !changed.containsKey(entry.url()))
                .findFirst();
        return unchanged.or(() -> changed.values().stream()
                .flatMap(Optional::stream)
                .filter(entry -> entry.content().equals(content))
                .findFirst());
    }

    /** All content ids, as a copy of the caller's own. */
    Set<ContentId> contents() {
        Set<ContentId> contents = new HashSet<>(byContent.keySet());
        contents.removeIf(content -> byContent(content).isEmpty());
        changed.values().stream().flatMap(Optional::stream).map(Entry::content).forEach(contents::add);
        return contents;
    }

    /** URLs of the entries that are taken down. */
    List<UrlHash> blockedBy(BlockList blocked) {
        if (blocked.hashes().isEmpty()) {
            return List.of();
        }
        return Stream.concat(byUrl.values().stream(), changed.values().stream().flatMap(Optional::stream))
                .filter(blocked::has)
                .map(Entry::url)
                .distinct()
                .toList();
    }

    int size() {
        int size = byUrl.size();
        for (Map.Entry<UrlHash, Optional<Entry>> change : changed.entrySet()) {
            boolean was = byUrl.containsKey(change.getKey());
            size += (change.getValue().isPresent() ? 1 : 0) - (was ? 1 : 0);
        }
        return size;
    }

    private static List<Entry> joined(List<Entry> some, List<Entry> more) {
        List<Entry> all = new ArrayList<>(some);
        all.addAll(more);
        return all;
    }
}
