package dev.rivulet.edge.transfer;

import dev.rivulet.protocol.id.ContentId;
import dev.rivulet.protocol.id.ResourceUrl;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Verified pieces of the site's contents, from wherever they are to be had. Any thread may ask; nothing blocks. */
public interface PieceProvider {
    /**
     * Gets a piece: from the store, else from connected peers that hold it, else from peers that the tracker names,
     * else from the origin. What was fetched is kept in the store. Requests for the same piece share one fetch.
     *
     * @param url a URL whose entry has this content, so that the origin can be asked; null, or one that has not: only
     *     store and peers are
     * @return the verified bytes, read-only, each caller its own buffer; fails with a {@link PieceUnavailableException}.
     *     Cancelling it does not stop the fetch
     */
    CompletableFuture<ByteBuffer> piece(ContentId content, int index, @Nullable ResourceUrl url);
}
