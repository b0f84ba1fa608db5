package dev.rivulet.edge.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rivulet.protocol.id.ContentId;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every piece store promises. */
abstract class PieceStoreContract {
    private static final int SIZE = 600_000;

    private final TestContent content = TestContent.of(1, SIZE);
    private PieceStore store;

    abstract PieceStore newStore() throws Exception;

    @BeforeEach
    final void open() throws Exception {
        store = newStore();
    }

    @Test
    final void nothingIsHeldAtFirst() {
        assertThat(store.has(content.id(), 0)).isFalse();
        assertThat(store.read(content.id(), 0)).isNull();
        assertThat(store.held(content.id()).isEmpty()).isTrue();
        assertThat(store.layout(content.id())).isEmpty();
        assertThat(store.contents()).isEmpty();
    }

    @Test
    final void aWrittenPieceIsHeldAndReadAndItsNeighboursAreNot() {
        boolean kept = store.write(content.layout(), 1, content.piece(1));

        assertThat(kept).isTrue();
        assertThat(store.has(content.id(), 1)).isTrue();
        assertThat(store.has(content.id(), 0)).isFalse();
        assertThat(store.read(content.id(), 1)).isEqualTo(content.piece(1)).matches(ByteBuffer::isReadOnly);
        assertThat(store.read(content.id(), 0)).isNull();
        assertThat(store.held(content.id())).isEqualTo(bits(1));
        assertThat(store.contents()).containsExactly(content.id());
    }

    @Test
    final void writingTakesTheLayoutAlong() {
        store.write(content.layout(), 0, content.piece(0));

        assertThat(store.layout(content.id())).contains(content.layout());
    }

    @Test
    final void aLayoutAloneIsNoHolding() {
        assertThat(store.writeLayout(content.layout())).isTrue();

        assertThat(store.layout(content.id())).contains(content.layout());
        assertThat(store.contents()).isEmpty();
    }

    @Test
    final void theWritersBufferStaysAsItWas() {
        ByteBuffer piece = content.piece(0);

        store.write(content.layout(), 0, piece);

        assertThat(piece).isEqualTo(content.piece(0));
    }

    @Test
    final void aPieceOfTheWrongLengthIsAMistakeOfTheCaller() {
        ByteBuffer tooShort = content.piece(0).limit(10);

        assertThatThrownBy(() -> store.write(content.layout(), 0, tooShort))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    final void everyPieceIsHeardOfOnce() {
        List<String> heard = new ArrayList<>();
        store.listen(new PieceStore.Listener() {
            @Override
            public void added(ContentId id, int index) {
                heard.add("+" + index + store.has(id, index));
            }

            @Override
            public void dropped(ContentId id, int index) {
                heard.add("-" + index);
            }
        });

        content.into(store);
        content.into(store);

        assertThat(heard).containsExactly("+0true", "+1true", "+2true");
    }

    @Test
    final void whatIsBlockedIsGoneAndIsNotKeptUntilItIsGivenBack() {
        TestContent other = TestContent.of(2, SIZE);
        content.into(store);
        other.into(store);
        List<String> heard = new ArrayList<>();
        store.listen(new PieceStore.Listener() {
            @Override
            public void added(ContentId id, int index) {
                heard.add("+" + index);
            }

            @Override
            public void dropped(ContentId id, int index) {
                heard.add("-" + index);
            }
        });

        store.refuse(content.id()::equals);

        assertThat(heard).containsExactlyInAnyOrder("-0", "-1", "-2");
        assertThat(store.held(content.id()).isEmpty()).isTrue();
        assertThat(store.read(content.id(), 0)).isNull();
        assertThat(store.layout(content.id())).isEmpty();
        assertThat(store.write(content.layout(), 0, content.piece(0))).isFalse();
        assertThat(store.contents()).containsExactly(other.id());
        assertThat(store.read(other.id(), 1)).isEqualTo(other.piece(1));

        store.refuse(id -> false);
        assertThat(store.contents()).containsExactly(other.id());
        assertThat(store.write(content.layout(), 0, content.piece(0))).isTrue();
    }

    @Test
    final void copiesDoNotFollowTheStore() {
        BitSet before = store.held(content.id());

        content.into(store);

        assertThat(before.isEmpty()).isTrue();
        assertThat(store.held(content.id())).isEqualTo(bits(0, 1, 2));
    }

    static BitSet bits(int... indexes) {
        BitSet bits = new BitSet();
        for (int index : indexes) {
            bits.set(index);
        }
        return bits;
    }
}
