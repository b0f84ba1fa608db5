package dev.rivulet.edge.peer;

import dev.rivulet.edge.catalog.SiteCatalog;
import dev.rivulet.edge.limit.Sending;
import dev.rivulet.edge.store.PieceStore;
import dev.rivulet.edge.transfer.Machinery;

/** What every session needs: what runs it, and what may be served. */
public record PeerContext(
        Machinery machinery, SiteCatalog catalog, PieceStore store, ShardShelf shards, Sending sending) {
    long nanoTime() {
        return machinery.loop().nanoTime();
    }
}
