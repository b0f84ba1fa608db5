package dev.rivulet.edge.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rivulet.edge.store.FaultyDisk.Operation;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pieces on their way into the store, while the content that they belong to is not known yet. */
final class DiskDraftTest {
    private static final int PIECE = 262_144;

    private final StoreDirectory directory;

    DiskDraftTest(@TempDir Path root) {
        directory = new StoreDirectory(root);
    }

    @AfterEach
    void checkInvariants() throws IOException {
        directory.checkInvariants();
    }

    @Test
    void whatIsDraftedTakesItsRoomFromWhatIsHeldAndIsKept() throws IOException {
        DiskPieceStore store = directory.open();
        for (int seed = 1; seed <= 80; seed++) {
            TestContent.of(seed, PIECE).into(store);
        }
        TestContent content = TestContent.of(100, 3 * PIECE + 5);
        TestContent sole = TestContent.of(101, 1000);

        try (Draft draft = store.draft();
                Draft another = store.draft()) {
            for (int index = 0; index < content.pieces(); index++) {
                draft.append(content.piece(index));
            }
            another.append(sole.piece(0));
            assertThat(directory.usage()).isLessThanOrEqualTo(StoreDirectory.MAX_BYTES);
            assertThat(store.contents()).doesNotContain(content.id(), sole.id());
            for (int index = 0; index < content.pieces(); index++) {
                assertThat(draft.read(index)).isEqualTo(content.piece(index));
                assertThat(draft.keep(content.layout(), index)).isTrue();
            }
            assertThat(another.keep(sole.layout(), 0)).isTrue();
        }

        DiskPieceStore again = directory.reopen();
        for (int index = 0; index < content.pieces(); index++) {
            assertThat(again.read(content.id(), index)).isEqualTo(content.piece(index));
        }
        assertThat(again.read(sole.id(), 0)).isEqualTo(sole.piece(0));
    }

    @Test
    void aDraftThatIsBrokenOffLeavesNothing() throws IOException {
        TestContent content = TestContent.of(1, 2 * PIECE);
        DiskPieceStore store = directory.open();
        Draft draft = store.draft();
        draft.append(content.piece(0));
        draft.append(content.piece(1));
        assertThat(directory.has(content.piece(1))).isTrue();

        draft.close();

        assertThat(directory.has(content.piece(0))).isFalse();
        assertThat(directory.has(content.piece(1))).isFalse();
        assertThat(store.heldBytes()).isZero();
    }

    @Test
    void aDraftThatARestartInterruptsTakesNoRoom() throws IOException {
        TestContent content = TestContent.of(1, 2 * PIECE);
        Draft draft = directory.open().draft();
        draft.append(content.piece(0));

        assertThat(directory.reopen().heldBytes()).isZero();
        draft.close();
    }

    @Test
    void whatIsHeldAlreadyIsNotKeptTwice() throws IOException {
        TestContent content = TestContent.of(1, PIECE + 1);
        DiskPieceStore store = directory.open();
        content.into(store);
        long held = store.heldBytes();

        try (Draft draft = store.draft()) {
            draft.append(content.piece(0));
            assertThat(draft.keep(content.layout(), 0)).isTrue();
        }

        assertThat(store.heldBytes()).isEqualTo(held);
        assertThat(store.read(content.id(), 0)).isEqualTo(content.piece(0));
    }

    @Test
    void aDraftThatTheDiskRefusesFailsAndTakesNoRoom() throws IOException {
        TestContent content = TestContent.of(1, PIECE);
        DiskPieceStore store = directory.open();
        Draft draft = store.draft();
        directory.disk.failAt(Operation.WRITE, 1);

        assertThatThrownBy(() -> draft.append(content.piece(0))).isInstanceOf(IOException.class);

        assertThat(store.heldBytes()).isZero();
        draft.append(content.piece(0));
        assertThat(draft.keep(content.layout(), 0)).isTrue();
        draft.close();
    }
}
