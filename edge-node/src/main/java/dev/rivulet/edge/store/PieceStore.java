package dev.rivulet.edge.store;

import dev.rivulet.protocol.catalog.Layout;
import dev.rivulet.protocol.id.ContentId;
import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Verified pieces by content id and index, and the layouts that prove them. Any thread may call any method. A full or
 * failing disk is never the caller's problem: what could not be kept is simply not held.
 */
public interface PieceStore {
    /** Told of every piece that came or went; see {@link #listen}. */
    interface Listener {
        /** The piece can be read from now on. */
        void added(ContentId content, int index);

        /** The piece is gone: it made room for others, or its bytes had rotted. */
        void dropped(ContentId content, int index);
    }

    /** Whether the piece is held, as far as the index knows: only {@link #read} looks at the bytes. */
    boolean has(ContentId content, int index);

    /** The indexes held of a content, as a copy of the caller's own; empty when none is. */
    BitSet held(ContentId content);

    /** As {@link #read(ContentId, int, IntFunction)}, into memory of its own. */
    default @Nullable ByteBuffer read(ContentId content, int index) {
        return read(content, index, ByteBuffer::allocate);
    }

    /**
     * Reads a piece and checks it against its hash. Blocks on the disk.
     *
     * @param room gives the memory to read into, of exactly so many bytes; asked at most once, on this thread
     * @return a read-only buffer holding exactly the piece; null when it is not held, or was found to be damaged, in
     *     which case it is dropped
     */
    @Nullable
    ByteBuffer read(ContentId content, int index, IntFunction<ByteBuffer> room);

    /**
     * Keeps a piece, and its layout. Blocks on the disk.
     *
     * @param verified exactly the piece's bytes, already checked against the layout; neither its position nor its
     *     content is changed
     * @return whether the piece is held now; false when there is no room worth making for it, or the disk refused
     * @throws IllegalArgumentException when the length is not that of the piece
     */
    boolean write(Layout layout, int index, ByteBuffer verified);

    /** Begins something of which no piece has a name yet. Any thread. */
    Draft draft();

    /** Counts as a use of every piece that is held of a content, as reading them all would. */
    void use(ContentId content);

    /** The layout of a content, checked against its id; empty when it is not held. Blocks on the disk. */
    Optional<Layout> layout(ContentId content);

    /**
     * Keeps a layout alone. Blocks on the disk.
     *
     * @return whether it is held now
     */
    boolean writeLayout(Layout layout);

    /** The contents of which at least one piece is held, as a copy of the caller's own. */
    Set<ContentId> contents();

    /**
     * Deletes every content that is blocked, and keeps nothing of what is from now on, until this is called again. Blocks
     * on the disk.
     *
     * @return whether nothing is left of it; false when the disk refused, so that this is to be called again
     */
    boolean refuse(Predicate<ContentId> blocked);

    /**
     * Registers a listener for good. It hears changes one at a time and in order, on whichever thread caused or noticed
     * them, with no lock of the store held, so it may call the store; it must not block.
     */
    void listen(Listener listener);
}
