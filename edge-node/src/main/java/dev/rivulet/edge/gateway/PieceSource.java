package dev.rivulet.edge.gateway;

import dev.rivulet.protocol.id.ContentId;
import dev.rivulet.protocol.id.ResourceUrl;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;

/** Where pieces come from that the edge does not hold. */
public interface PieceSource {
    /** Gets a verified piece from peers or from the origin at {@code url}; fails when nobody gives it. Never blocks. */
    CompletableFuture<ByteBuffer> piece(ContentId content, int index, ResourceUrl url);
}
