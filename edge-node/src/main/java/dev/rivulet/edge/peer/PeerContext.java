package dev.rivulet.edge.peer;

import dev.rivulet.edge.catalog.SiteCatalog;
import dev.rivulet.edge.limit.MemoryBudget;
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
    /** @param memory for what waits to be sent */
    public PeerContext(
            Machinery machinery,
            SiteCatalog catalog,
            PieceStore store,
            ShardShelf shards,
            Sending sending,
            MemoryBudget memory) {
        this(machinery, catalog, store, shards, sending, new PieceBuffers(), new ReadAhead(memory));
    }

    long nanoTime() {
        return machinery.loop().nanoTime();
    }
}
