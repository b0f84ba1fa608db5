package dev.rivulet.protocol.catalog;

import dev.rivulet.protocol.id.Sha256;
import java.nio.ByteBuffer;
import java.security.MessageDigest;

/** Hashes a resource of known size as its bytes pass by, in order. Not thread-safe. */
public final class LayoutBuilder {
    private final long size;
    private final int pieceLength;
    private final MessageDigest digester = Sha256.digester();
    private final ByteBuffer hashes;
    private long taken;

    /** For a resource of {@code size} bytes, within the bounds of {@link Layout#size()}. */
    public LayoutBuilder(long size) {
        this.size = size;
        this.pieceLength = Layout.pieceLengthOf(size);
        this.hashes = ByteBuffer.allocate(Layout.pieceCountOf(size) * Sha256.BYTES);
    }

    /** How many bytes are still to come. */
    public long remaining() {
        return size - taken;
    }

    /**
     * Consumes the next bytes of the resource.
     *
     * @throws IllegalArgumentException when they are more than {@link #remaining()}; nothing is consumed then
     */
    public void update(ByteBuffer bytes) {
        if (bytes.remaining() > remaining()) {
            throw new IllegalArgumentException(bytes.remaining() + " more bytes where " + remaining() + " are missing");
        }
        while (bytes.hasRemaining()) {
            int room = (int) Math.min(pieceLength - taken % pieceLength, bytes.remaining());
            ByteBuffer part = bytes.slice(bytes.position(), room);
            digester.update(part);
            bytes.position(bytes.position() + room);
            taken += room;
            if (taken % pieceLength == 0 || taken == size) {
                hashes.put(digester.digest());
            }
        }
    }

    /**
     * The layout of all the bytes.
     *
     * @throws IllegalStateException when some are missing
     */
    public Layout finish() {
        if (remaining() != 0) {
            throw new IllegalStateException(remaining() + " bytes are missing");
        }
        return Layout.of(size, hashes.duplicate().flip());
    }
}
