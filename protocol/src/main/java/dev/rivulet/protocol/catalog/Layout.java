package dev.rivulet.protocol.catalog;

import dev.rivulet.protocol.Check;
import dev.rivulet.protocol.DecodeException;
import dev.rivulet.protocol.InvalidValueException;
import dev.rivulet.protocol.Limits;
import dev.rivulet.protocol.id.ContentId;
import dev.rivulet.protocol.id.PieceHash;
import dev.rivulet.protocol.id.Sha256;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * The canonical description of a resource's bytes (docs/protocol.md, section 3). Immutable.
 *
 * <pre>
 *  0       4               12          16
 *  +-------+---------------+-----------+----------------+----
 *  | RVL1  | size (u64)    | plen(u32) | hash 0 (32 B)  | …
 *  +-------+---------------+-----------+----------------+----
 * </pre>
 */
public final class Layout {
    /** Bytes before the first hash. */
    public static final int HEADER_BYTES = 16;

    private static final int TAG =
            ByteBuffer.wrap("RVL1".getBytes(StandardCharsets.US_ASCII)).getInt();

    private final byte[] bytes;
    private final long size;
    private final int pieceLength;
    private final ContentId contentId;

    private Layout(byte[] bytes, long size) {
        this.bytes = bytes;
        this.size = size;
        this.pieceLength = pieceLengthOf(size);
        this.contentId = new ContentId(Sha256.of(bytes));
    }

    /** The piece length of every resource of this size; {@code size} is 1 to {@value Limits#MAX_RESOURCE_BYTES}. */
    public static int pieceLengthOf(long size) {
        requireSize(size);
        return size <= Limits.SMALL_RESOURCE_BYTES ? Limits.SMALL_PIECE_BYTES : Limits.MAX_PIECE_BYTES;
    }

    /** The number of pieces of every resource of this size; {@code size} is 1 to {@value Limits#MAX_RESOURCE_BYTES}. */
    public static int pieceCountOf(long size) {
        int pieceLength = pieceLengthOf(size);
        return (int) ((size + pieceLength - 1) / pieceLength);
    }

    /** The bytes of the layout of a resource of this size. */
    public static int encodedLengthOf(long size) {
        return HEADER_BYTES + pieceCountOf(size) * Sha256.BYTES;
    }

    /** Reads a layout, all of {@code bytes}. */
    public static Layout decode(byte[] bytes) throws DecodeException {
        if (bytes.length < HEADER_BYTES) {
            throw refused("truncated");
        }
        ByteBuffer header = ByteBuffer.wrap(bytes);
        if (header.getInt() != TAG) {
            throw refused("unknown version tag");
        }
        long size = header.getLong();
        if (size < 1 || size > Limits.MAX_RESOURCE_BYTES) {
            throw refused("size out of range");
        }
        if (header.getInt() != pieceLengthOf(size)) {
            throw refused("wrong piece length");
        }
        if (bytes.length != encodedLengthOf(size)) {
            throw refused(bytes.length + " bytes, not " + encodedLengthOf(size));
        }
        return new Layout(bytes.clone(), size);
    }

    /**
     * A layout of given hashes.
     *
     * @param size 1 to {@value Limits#MAX_RESOURCE_BYTES}
     * @throws InvalidValueException when there are not as many hashes as a resource of this size has pieces
     */
    public static Layout of(long size, List<PieceHash> hashes) {
        Check.that(hashes.size() == pieceCountOf(size), "hashes", hashes.size() + " of " + pieceCountOf(size));
        ByteBuffer bytes = ByteBuffer.allocate(hashes.size() * Sha256.BYTES);
        hashes.forEach(hash -> hash.hash().write(bytes));
        return of(size, bytes.flip());
    }

    static Layout of(long size, ByteBuffer hashes) {
        byte[] bytes = ByteBuffer.allocate(HEADER_BYTES + hashes.remaining())
                .putInt(TAG)
                .putLong(size)
                .putInt(pieceLengthOf(size))
                .put(hashes)
                .array();
        return new Layout(bytes, size);
    }

    private static void requireSize(long size) {
        if (size < 1 || size > Limits.MAX_RESOURCE_BYTES) {
            throw new IllegalArgumentException("a resource of " + size + " bytes");
        }
    }

    private static DecodeException refused(String reason) {
        return new DecodeException("layout", reason);
    }

    /** The canonical bytes, a new array. */
    public byte[] encode() {
        return bytes.clone();
    }

    /** What identifies the resource's bytes. */
    public ContentId contentId() {
        return contentId;
    }

    /** Bytes of the resource, 1 to {@value Limits#MAX_RESOURCE_BYTES}. */
    public long size() {
        return size;
    }

    /** Bytes of every piece but the last, which may be shorter. */
    public int pieceLength() {
        return pieceLength;
    }

    /** Number of pieces, 1 to {@value Limits#MAX_PIECES}. */
    public int pieceCount() {
        return (bytes.length - HEADER_BYTES) / Sha256.BYTES;
    }

    /** Where a piece begins in the resource. */
    public long offset(int piece) {
        requirePiece(piece);
        return (long) piece * pieceLength;
    }

    /** Bytes of a piece. */
    public int length(int piece) {
        return (int) Math.min(pieceLength, size - offset(piece));
    }

    /** The hash of a piece. */
    public PieceHash hash(int piece) {
        requirePiece(piece);
        return new PieceHash(Sha256.read(ByteBuffer.wrap(bytes, HEADER_BYTES + piece * Sha256.BYTES, Sha256.BYTES)));
    }

    /** The piece that holds the byte at {@code offset} of the resource. */
    public int pieceAt(long offset) {
        if (offset < 0 || offset >= size) {
            throw new IndexOutOfBoundsException("byte " + offset + " of " + size);
        }
        return (int) (offset / pieceLength);
    }

    /** Whether what remains in {@code candidate} is that piece; the buffer's position does not change. */
    public boolean verify(int piece, ByteBuffer candidate) {
        return candidate.remaining() == length(piece)
                && Sha256.of(candidate).equals(hash(piece).hash());
    }

    private void requirePiece(int piece) {
        if (piece < 0 || piece >= pieceCount()) {
            throw new IndexOutOfBoundsException("piece " + piece + " of " + pieceCount());
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Layout layout && Arrays.equals(layout.bytes, bytes);
    }

    @Override
    public int hashCode() {
        return contentId.hashCode();
    }

    @Override
    public String toString() {
        return "Layout[" + contentId + ", " + size + " bytes]";
    }
}
