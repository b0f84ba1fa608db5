package dev.rivulet.edge.origin;

import dev.rivulet.protocol.catalog.Entry;
import dev.rivulet.protocol.catalog.Layout;
import dev.rivulet.protocol.id.ResourceUrl;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;

/** The last resort for a piece: the site's own server. Any thread may call it. */
public interface OriginFetcher {
    /**
     * Fetches a piece from the origin. Callers who want the same piece share one request; adjacent pieces asked for at
     * about the same time share one, too. From an origin without ranges the whole resource is fetched once. Everything
     * that arrives and is verified goes into the piece store, whether it was asked for or not.
     *
     * @param entry says whether the origin serves ranges
     * @param url hashes to the entry's URL hash
     * @param layout of the entry's content
     * @param piece index of the piece wanted
     * @return the verified bytes, read-only, each caller its own buffer; fails with an {@link OriginException} or
     *     another {@link java.io.IOException}, never with wrong bytes. Cancelling it does not stop the request
     */
    CompletableFuture<ByteBuffer> fetch(Entry entry, ResourceUrl url, Layout layout, int piece);
}
