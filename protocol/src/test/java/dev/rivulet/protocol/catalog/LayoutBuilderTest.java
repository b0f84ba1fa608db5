package dev.rivulet.protocol.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.rivulet.protocol.Limits;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

final class LayoutBuilderTest {
    @Test
    void aLayoutOfMissingBytesIsNotMade() {
        LayoutBuilder builder = new LayoutBuilder(2);
        builder.update(ByteBuffer.wrap(new byte[1]));

        assertThat(builder.remaining()).isEqualTo(1);
        assertThatIllegalStateException().isThrownBy(builder::finish);
    }

    @Test
    void tooManyBytesAreRefusedWhole() {
        LayoutBuilder builder = new LayoutBuilder(2);
        ByteBuffer three = ByteBuffer.wrap(new byte[3]);

        assertThatIllegalArgumentException().isThrownBy(() -> builder.update(three));
        assertThat(three.remaining()).isEqualTo(3);
        assertThat(builder.remaining()).isEqualTo(2);
    }

    @Test
    void sizesOutOfRangeAreRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new LayoutBuilder(0));
        assertThatIllegalArgumentException().isThrownBy(() -> new LayoutBuilder(Limits.MAX_RESOURCE_BYTES + 1));
    }

    @Test
    void piecesAreVerifiedWithoutMovingTheBuffer() {
        LayoutBuilder builder = new LayoutBuilder(3);
        builder.update(ByteBuffer.wrap(new byte[] {1, 2, 3}));
        Layout layout = builder.finish();
        ByteBuffer within = ByteBuffer.wrap(new byte[] {0, 1, 2, 3}, 1, 3);

        assertThat(layout.verify(0, within)).isTrue();
        assertThat(within.position()).isEqualTo(1);
        assertThat(layout.verify(0, ByteBuffer.wrap(new byte[] {1, 2}))).isFalse();
    }
}
