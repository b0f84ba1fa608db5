package dev.rivulet.edge.store;

import dev.rivulet.protocol.catalog.Layout;
import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * Pieces that have no name before the last one is here, since the layout is made of all of them. They take their room
 * from what the store holds, within its bound, and are gone when the draft is closed. For one thread; blocks on the disk.
 */
public interface Draft extends AutoCloseable {
    /**
     * Adds the next piece.
     *
     * @throws IOException when the disk refuses it, or there is no room
     */
    void append(ByteBuffer piece) throws IOException;

    /** Reads a piece. */
    ByteBuffer read(int index) throws IOException;

    /**
     * Keeps a piece in the store, and its layout, once; it is not to be read here any more.
     *
     * @param layout that the piece was checked against
     * @return as {@link PieceStore#write}
     */
    boolean keep(Layout layout, int index);

    @Override
    void close();
}
