package dev.rivulet.protocol.message;

import dev.rivulet.protocol.Base64Url;
import dev.rivulet.protocol.Check;
import dev.rivulet.protocol.DecodeException;
import dev.rivulet.protocol.Limits;
import java.util.Arrays;
import java.util.BitSet;

/** A set of pieces, one bit each; piece 0 is the highest bit of the first byte. Immutable. */
public final class Bitfield {
    /** What somebody says who holds nothing, and may not know how many pieces there are. */
    public static final Bitfield NOTHING = new Bitfield(new byte[1]);

    private final byte[] bytes;

    private Bitfield(byte[] bytes) {
        Check.range("pieces", bytes.length, 1, Limits.MAX_BITFIELD_BYTES);
        this.bytes = bytes;
    }

    /** The bitfield of a content of {@code pieceCount} pieces, 1 to {@value Limits#MAX_PIECES}. */
    public static Bitfield of(BitSet pieces, int pieceCount) {
        byte[] bytes = new byte[(pieceCount + Byte.SIZE - 1) / Byte.SIZE];
        for (int piece = pieces.nextSetBit(0); piece >= 0; piece = pieces.nextSetBit(piece + 1)) {
            if (piece >= pieceCount) {
                throw new IndexOutOfBoundsException("piece " + piece + " of " + pieceCount);
            }
            bytes[piece / Byte.SIZE] |= (byte) (0x80 >> (piece % Byte.SIZE));
        }
        return new Bitfield(bytes);
    }

    static Bitfield parse(String text) throws DecodeException {
        return new Bitfield(Base64Url.decode(text));
    }

    /**
     * The pieces of a content of {@code pieceCount} pieces; {@link #NOTHING} fits every content.
     *
     * @throws DecodeException when it is another number of bytes, or names pieces past the end
     */
    public BitSet pieces(int pieceCount) throws DecodeException {
        BitSet pieces = new BitSet(pieceCount);
        for (int piece = 0; piece < bytes.length * Byte.SIZE; piece++) {
            pieces.set(piece, (bytes[piece / Byte.SIZE] & (0x80 >> (piece % Byte.SIZE))) != 0);
        }
        if (equals(NOTHING)) {
            return pieces;
        }
        if (bytes.length != (pieceCount + Byte.SIZE - 1) / Byte.SIZE || pieces.length() > pieceCount) {
            throw new DecodeException("have.pieces", "not a bitfield of " + pieceCount + " pieces");
        }
        return pieces;
    }

    /** The base64url text. */
    public String text() {
        return Base64Url.encode(bytes);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Bitfield bitfield && Arrays.equals(bitfield.bytes, bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return "Bitfield[" + text() + "]";
    }
}
