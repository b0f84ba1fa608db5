package dev.rivulet.edge.store;

final class MemoryPieceStoreTest extends PieceStoreContract {
    @Override
    PieceStore newStore() {
        return new MemoryPieceStore();
    }
}
