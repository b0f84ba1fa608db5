package dev.rivulet.edge.store;

import dev.rivulet.protocol.catalog.Layout;
import dev.rivulet.protocol.catalog.LayoutBuilder;
import dev.rivulet.protocol.id.ContentId;
import java.nio.ByteBuffer;
import java.util.Random;

/** A resource of made-up bytes, and its layout. */
public final class TestContent {
    private final byte[] bytes;
    private final Layout layout;

    private TestContent(byte[] bytes, Layout layout) {
        this.bytes = bytes;
        this.layout = layout;
    }

    /** The same bytes for the same seed and size. */
    public static TestContent of(long seed, int size) {
        byte[] bytes = new byte[size];
        new Random(seed).nextBytes(bytes);
        return of(bytes);
    }

    public static TestContent of(byte[] bytes) {
        LayoutBuilder builder = new LayoutBuilder(bytes.length);
        builder.update(ByteBuffer.wrap(bytes));
        return new TestContent(bytes, builder.finish());
    }

    public byte[] bytes() {
        return bytes.clone();
    }

    public Layout layout() {
        return layout;
    }

    public ContentId id() {
        return layout.contentId();
    }

    public int pieces() {
        return layout.pieceCount();
    }

    public ByteBuffer piece(int index) {
        return ByteBuffer.wrap(bytes, (int) layout.offset(index), layout.length(index));
    }

    /** Writes every piece. */
    public void into(PieceStore store) {
        for (int index = 0; index < pieces(); index++) {
            store.write(layout, index, piece(index));
        }
    }
}
