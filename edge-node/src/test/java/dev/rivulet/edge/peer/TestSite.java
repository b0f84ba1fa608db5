package dev.rivulet.edge.peer;

import dev.rivulet.edge.catalog.SiteCatalog;
import dev.rivulet.edge.store.TestContent;
import dev.rivulet.protocol.DecodeException;
import dev.rivulet.protocol.catalog.Entry;
import dev.rivulet.protocol.catalog.Head;
import dev.rivulet.protocol.catalog.Layout;
import dev.rivulet.protocol.http.Validators;
import dev.rivulet.protocol.id.ContentId;
import dev.rivulet.protocol.id.ResourceUrl;
import dev.rivulet.protocol.id.Sha256;
import dev.rivulet.protocol.id.ShardHash;
import dev.rivulet.protocol.id.SiteId;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** A site with resources, as its edges know it. */
public final class TestSite {
    private final SiteCatalog catalog = new SiteCatalog();
    private final Map<ResourceUrl, Entry> entries = new HashMap<>();
    private final Map<ContentId, TestContent> contents = new HashMap<>();

    /** Adds a resource. */
    public TestContent publish(String path, long seed, int size) {
        TestContent content = TestContent.of(seed, size);
        ResourceUrl url = url(path);
        entries.put(url, Entry.of(url.hash(), content.layout(), Map.of(), Validators.NONE, Long.MAX_VALUE >> 10, true));
        contents.put(content.id(), content);
        catalog.replace(head(), entries.values());
        return content;
    }

    public static ResourceUrl url(String path) {
        try {
            return ResourceUrl.parse("https://site.example" + path);
        } catch (DecodeException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static Head head() {
        try {
            return new Head(SiteId.parse("site"), 1, 1, 0, Integer.MAX_VALUE, null, 0, new ShardHash(Sha256.ZERO));
        } catch (DecodeException e) {
            throw new IllegalArgumentException(e);
        }
    }

    public SiteCatalog catalog() {
        return catalog;
    }

    TestContent content(ContentId id) {
        return contents.get(id);
    }

    /** What the tracker serves of layouts. */
    public CompletableFuture<Layout> layout(ContentId id) {
        TestContent content = contents.get(id);
        return content == null
                ? CompletableFuture.failedFuture(new IOException("404"))
                : CompletableFuture.completedFuture(content.layout());
    }
}
