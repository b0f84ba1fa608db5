package dev.rivulet.protocol.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.rivulet.protocol.DecodeException;
import java.util.BitSet;
import org.junit.jupiter.api.Test;

final class BitfieldTest {
    @Test
    void pieceZeroIsTheHighestBitOfTheFirstByte() {
        BitSet pieces = new BitSet();
        pieces.set(0);
        pieces.set(15);

        assertThat(Bitfield.of(pieces, 16).text()).isEqualTo("gAE");
    }

    @Test
    void oneZeroByteIsNothingOfAnyContent() throws DecodeException {
        assertThat(Bitfield.parse("AA")).isEqualTo(Bitfield.NOTHING);
        assertThat(Bitfield.NOTHING.pieces(4096)).isEqualTo(new BitSet());
        assertThat(Bitfield.NOTHING.pieces(1)).isEqualTo(new BitSet());
    }

    @Test
    void bytesForAnotherNumberOfPiecesAreRefused() throws DecodeException {
        Bitfield sixteen = Bitfield.parse("gAE");

        assertThatExceptionOfType(DecodeException.class).isThrownBy(() -> sixteen.pieces(8));
        assertThatExceptionOfType(DecodeException.class).isThrownBy(() -> sixteen.pieces(17));
    }

    @Test
    void piecesPastTheEndAreRefused() throws DecodeException {
        Bitfield sixteen = Bitfield.parse("gAE");

        assertThatExceptionOfType(DecodeException.class).isThrownBy(() -> sixteen.pieces(15));
        assertThatExceptionOfType(IndexOutOfBoundsException.class)
                .isThrownBy(() -> Bitfield.of(BitSet.valueOf(new byte[] {2}), 1));
    }
}
