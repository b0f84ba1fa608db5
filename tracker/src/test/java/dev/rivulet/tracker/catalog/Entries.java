package dev.rivulet.tracker.catalog;

import dev.rivulet.protocol.DecodeException;
import dev.rivulet.protocol.catalog.Entry;
import dev.rivulet.protocol.catalog.Layout;
import dev.rivulet.protocol.catalog.LayoutBuilder;
import dev.rivulet.protocol.http.Validators;
import dev.rivulet.protocol.id.ResourceUrl;
import dev.rivulet.tracker.catalog.CatalogChange.Put;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Entries of made-up resources. */
public final class Entries {
    /** For how long entries made here stay fresh after a revalidation, in seconds. */
    public static final long MAX_AGE_SECONDS = 1000;

    private Entries() {}

    public static ResourceUrl url(String path) {
        try {
            return ResourceUrl.parse("https://content.example" + path);
        } catch (DecodeException e) {
            throw new IllegalArgumentException(e);
        }
    }

    public static Layout layout(byte[] content) {
        LayoutBuilder builder = new LayoutBuilder(content.length);
        builder.update(ByteBuffer.wrap(content));
        return builder.finish();
    }

    /** An indexed text whose freshness ends at {@code freshUntil}. */
    public static Put put(String path, String text, long freshUntil) {
        return put(path, layout(text.getBytes(StandardCharsets.UTF_8)), freshUntil);
    }

    public static Put put(String path, Layout layout, long freshUntil) {
        ResourceUrl url = url(path);
        Entry entry = Entry.of(
                url.hash(),
                layout,
                Map.of("content-type", "text/plain"),
                new Validators("\"" + layout.contentId() + "\"", null),
                freshUntil,
                true);
        return new Put(new CatalogEntry(url, entry, Source.INDEXED, MAX_AGE_SECONDS), layout);
    }

    /** The same put, said by the site itself. */
    public static Put published(Put put) {
        CatalogEntry entry = put.entry();
        return new Put(
                new CatalogEntry(entry.url(), entry.entry(), Source.PUBLISHED, entry.maxAgeSeconds()), put.layout());
    }
}
