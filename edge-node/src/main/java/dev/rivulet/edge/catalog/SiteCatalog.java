package dev.rivulet.edge.catalog;

import dev.rivulet.protocol.catalog.Batch;
import dev.rivulet.protocol.catalog.Entry;
import dev.rivulet.protocol.catalog.Head;
import dev.rivulet.protocol.http.SitePolicy;
import dev.rivulet.protocol.id.ContentId;
import dev.rivulet.protocol.id.ResourceUrl;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
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
            @Nullable SitePolicy policy) {}

    private final List<Listener> listeners = new CopyOnWriteArrayList<>();
    private volatile Known known = new Known(null, EntryIndex.EMPTY, null);

    /** The entry of a URL. */
    public Optional<Entry> byUrl(ResourceUrl url) {
        return known.entries().byUrl(url.hash());
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

    public void listen(Listener listener) {
        listeners.add(listener);
    }

    /** Takes a verified head with all its entries. */
    public void replace(Head head, Collection<Entry> entries) {
        become(new Known(head, EntryIndex.of(entries), known.policy()));
    }

    /** Takes a verified batch of the head held. */
    public void apply(Batch batch) {
        become(new Known(known.head(), known.entries().with(batch.entries(), batch.removed()), known.policy()));
    }

    /** Takes a policy. */
    public void policy(SitePolicy policy) {
        become(new Known(known.head(), known.entries(), policy));
    }

    private void become(Known next) {
        known = next;
        listeners.forEach(Listener::changed);
    }
}
