package dev.rivulet.edge;

import dev.rivulet.edge.catalog.SiteCatalog;
import dev.rivulet.edge.store.MemoryPieceStore;
import dev.rivulet.edge.store.TestContent;
import dev.rivulet.edge.tracker.Eventually;
import dev.rivulet.protocol.catalog.BlockList;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class TakeDownsTest {
    private final SiteCatalog catalog = new SiteCatalog();
    private final MemoryPieceStore store = new MemoryPieceStore();
    private final TestContent content = TestContent.of(1, 1000);
    private final Closers closers = new Closers();

    private void start(List<Runnable> breakOffs) throws IOException {
        closers.add(TakeDowns.start(catalog, store, breakOffs));
    }

    @AfterEach
    void stop() throws IOException {
        closers.close();
    }

    @Test
    void whatFailedIsTriedAgainUntilAllOfItIsDone() throws Exception {
        content.into(store);
        AtomicInteger tries = new AtomicInteger();
        Runnable failingAtFirst = () -> {
            if (tries.incrementAndGet() < 2) {
                throw new IllegalStateException("as the test wants it");
            }
        };

        start(List.of(failingAtFirst));
        catalog.block(BlockList.of(List.of(content.id().hash())));

        Eventually.holds("it is deleted", () -> store.contents().isEmpty());
        Eventually.holds("it is tried again", () -> tries.get() == 2);
    }

    @Test
    void whatIsNotTakenDownAnyMoreIsKeptAgainThoughItsDeletionFailed() throws Exception {
        store.failRefusals(1);

        start(List.of());

        catalog.block(BlockList.of(List.of(content.id().hash())));
        Eventually.holds("it is refused", () -> !store.write(content.layout(), 0, content.piece(0)));
        catalog.block(BlockList.EMPTY);

        Eventually.holds("it is kept again", () -> store.write(content.layout(), 0, content.piece(0)));
    }

    @Test
    void whatTheStoreRefusedToDeleteIsDeletedLater() throws Exception {
        content.into(store);
        store.failRefusals(1);

        start(List.of());

        catalog.block(BlockList.of(List.of(content.id().hash())));

        Eventually.holds("it is deleted", () -> store.contents().isEmpty());
    }
}
