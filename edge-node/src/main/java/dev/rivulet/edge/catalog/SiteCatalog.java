package dev.rivulet.edge.catalog;

import dev.rivulet.protocol.Limits;
import dev.rivulet.protocol.catalog.Batch;
import dev.rivulet.protocol.catalog.BlockList;
import dev.rivulet.protocol.catalog.Entry;
import dev.rivulet.protocol.catalog.Head;
import dev.rivulet.protocol.http.SitePolicy;
import dev.rivulet.protocol.id.ContentId;
import dev.rivulet.protocol.id.ResourceUrl;
import dev.rivulet.protocol.id.UrlHash;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The site as the edge knows it: its verified entries and its policy. What is not in it the edge neither serves nor
 * fetches. Any thread may read; only one changes it.
 */
public final class SiteCatalog {
    /** Called after every change, on the thread that made it; must not block. */
    public interface Listener {
        void changed();
    }

    private record Known(
            @Nullable Head head,
            EntryIndex entries,
            BlockList blocked,
            @Nullable SitePolicy policy) {}

    private final List<Listener> listeners = new CopyOnWriteArrayList<>();
    private final Predicate<ResourceUrl> wanted;
    private volatile long listAwaitedSince = Long.MAX_VALUE;
    private volatile Known known = new Known(null, EntryIndex.EMPTY, BlockList.EMPTY, null);

    /** Of a site of which all is wanted. */
    public SiteCatalog() {
        this(url -> true);
    }

    /** @param wanted whether this edge has anything to do with a URL of the site */
    public SiteCatalog(Predicate<ResourceUrl> wanted) {
        this.wanted = wanted;
    }

    /** The entry of a URL; none of one that is not wanted, so that it is not fetched. */
    public Optional<Entry> byUrl(ResourceUrl url) {
        return wanted.test(url) ? known.entries().byUrl(url.hash()) : Optional.empty();
    }

    /** Whether any URL of the site has this content. */
    public boolean knows(ContentId content) {
        return byContent(content).isPresent();
    }

    /** An entry, if there are several any of them, with this content. */
    public Optional<Entry> byContent(ContentId content) {
        return known.entries().byContent(content);
    }

    /** All contents of the site, as a copy of the caller's own. */
    public Set<ContentId> contents() {
        return known.entries().contents();
    }

    /** How many URLs have entries. */
    public int size() {
        return known.entries().size();
    }

    /** The policy as last heard; empty before the tracker told it. */
    public Optional<SitePolicy> policy() {
        return Optional.ofNullable(known.policy());
    }

    /** The head whose entries these are; empty before there was one. */
    public Optional<Head> head() {
        return Optional.ofNullable(known.head());
    }

    /**
     * Whether the head still stands. One that has run out still says what may be served, for pieces prove themselves, but
     * nothing new is fetched on its word.
     */
    public boolean isCurrent(long nowSeconds) {
        return head().map(head -> nowSeconds <= head.notAfter()).orElse(false);
    }

    /** A verified head was taken whose block list is still to come. */
    public void awaitBlocks(long nowSeconds) {
        if (listAwaitedSince == Long.MAX_VALUE) {
            listAwaitedSince = nowSeconds;
        }
    }

    /**
     * Whether it has not been known for {@link Limits#STALE_GIVING_SECONDS} what is taken down, so that nothing may be given
     * to others.
     */
    public boolean isStale(long nowSeconds) {
        long valid = head().map(Head::notAfter).orElse(Long.MAX_VALUE);
        return nowSeconds - Math.min(valid, listAwaitedSince) > Limits.STALE_GIVING_SECONDS;
    }

    public void listen(Listener listener) {
        listeners.add(listener);
    }

    /** What the operator took down. */
    public BlockList blocked() {
        return known.blocked();
    }

    /** Whether a content is taken down: no entry of it counts, and nothing of it may be kept or sent. */
    public boolean isBlocked(ContentId content) {
        return known.blocked().has(content);
    }

    /** Takes a verified head with all its entries, under which nothing is taken down. */
    public void replace(Head head, Collection<Entry> entries) {
        replace(head, entries, BlockList.EMPTY);
    }

    /** Takes a verified head with all its entries, and its block list. */
    public void replace(Head head, Collection<Entry> entries, BlockList blocked) {
        listAwaitedSince = Long.MAX_VALUE;
        List<Entry> allowed =
                entries.stream().filter(entry -> !blocked.has(entry)).toList();
        become(new Known(head, EntryIndex.of(allowed), blocked, known.policy()));
    }

    /** Takes the block list of a verified head whose entries are still to come. */
    public void block(BlockList blocked) {
        listAwaitedSince = Long.MAX_VALUE;
        Known now = known;
        List<UrlHash> gone = now.entries().blockedBy(blocked);
        become(new Known(now.head(), now.entries().with(List.of(), gone), blocked, now.policy()));
    }

    /** Takes a verified batch of the head held. */
    public void apply(Batch batch) {
        Known now = known;
        EntryIndex entries = now.entries().with(batch.entries(), batch.removed());
        List<UrlHash> gone = entries.blockedBy(now.blocked());
        become(new Known(now.head(), entries.with(List.of(), gone), now.blocked(), now.policy()));
    }

    /** Takes a policy. */
    public void policy(SitePolicy policy) {
        become(new Known(known.head(), known.entries(), known.blocked(), policy));
    }

    private void become(Known next) {
        known = next;
        listeners.forEach(Listener::changed);
    }
}
