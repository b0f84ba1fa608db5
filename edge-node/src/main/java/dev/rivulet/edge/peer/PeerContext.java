package dev.rivulet.edge.peer;

import dev.rivulet.edge.catalog.SiteCatalog;
import dev.rivulet.edge.limit.Sending;
import dev.rivulet.edge.store.PieceStore;
import dev.rivulet.edge.transfer.Machinery;

/** What every session needs: what runs it, what may be served, and what all share. */
public record PeerContext(
        Machinery machinery,
        SiteCatalog catalog,
        PieceStore store,
        ShardShelf shards,
        Sending sending,
        PieceBuffers buffers,
        ReadAhead readAhead) {
    public PeerContext(Machinery machinery, SiteCatalog catalog, PieceStore store, ShardShelf shards, Sending sending) {
        this(machinery, catalog, store, shards, sending, new PieceBuffers(), new ReadAhead());
    }

    long nanoTime() {
        return machinery.loop().nanoTime();
    }
}
