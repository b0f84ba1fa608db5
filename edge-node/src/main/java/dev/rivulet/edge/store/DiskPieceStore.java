package dev.rivulet.edge.store;

import dev.rivulet.edge.limit.PieceMemory;
import dev.rivulet.protocol.catalog.Layout;
import dev.rivulet.protocol.id.ContentId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The piece store in a directory, of bounded size: {@link StoreFiles} has the bytes, the {@link Shelf} says what is held
 * and what makes room, and {@link CheckedReads} believes no byte unchecked.
 */
public final class DiskPieceStore implements PieceStore, AutoCloseable {
    /** The least size bound: {@value} bytes. */
    public static final long MIN_BYTES = 16 << 20;

    /** Memory that a piece takes while it is held, measured by {@code ./rivulet bench store}: {@value} bytes. */
    static final int MEMORY_PER_PIECE = 380;

    /**
     * The part that the index may take of the heap that is not for pieces on their way, so that many small pieces never
     * exhaust it: one in {@value}.
     */
    static final int HEAP_SHARE = 2;

    private static final Logger log = LoggerFactory.getLogger(DiskPieceStore.class);

    private final DiskHealth health = new DiskHealth();
    private final LayoutMemory layouts = new LayoutMemory();
    private final long maxBytes;
    private final StoreFiles files;
    private final FormerStore former;
    private final Shelf shelf;
    private final CheckedReads reads;
    private final Scrub scrub;

    private DiskPieceStore(
            StoreFiles files, FormerStore former, long maxBytes, long maxPieces, ToIntFunction<ContentId> uses) {
        this.files = files;
        this.former = former;
        this.maxBytes = maxBytes;
        this.shelf = new Shelf(files, this::room, maxPieces, uses, health, layouts);
        this.reads = new CheckedReads(files, shelf, health, layouts);
        this.scrub = new Scrub(shelf, reads);
    }

    /**
     * Opens the store, going by its index alone; what exceeds the bound is dropped. Files of former versions are found
     * and counted; {@link #adopt} makes them part of the store.
     *
     * @param root a directory of its own, made if need be; nobody else may use it meanwhile
     * @param maxBytes bound on what files and directories cost on the disk, {@link #MIN_BYTES} or more
     * @param wayBytes what pieces on their way may take of memory, as it was set; the index gets its share of the rest
     * @param uses what a use of a content counts for when it is decided what stays, 1 or more; asked by any thread
     */
    public static DiskPieceStore open(Path root, long maxBytes, long wayBytes, ToIntFunction<ContentId> uses)
            throws IOException {
        return open(new NioDisk(), root, maxBytes, maxPieces(wayBytes), uses);
    }

    /** As {@link #open(Path, long, long, ToIntFunction)}, all contents being worth the same, and the rest as by default. */
    public static DiskPieceStore open(Path root, long maxBytes) throws IOException {
        return open(new NioDisk(), root, maxBytes);
    }

    static DiskPieceStore open(Disk disk, Path root, long maxBytes) throws IOException {
        return open(disk, root, maxBytes, maxPieces(PieceMemory.DEFAULT_BYTES), content -> 1);
    }

    private static long maxPieces(long wayBytes) {
        return maxPieces(Runtime.getRuntime().maxMemory(), wayBytes);
    }

    /** How many pieces a store may hold in a heap of so many bytes. */
    static long maxPieces(long heap, long wayBytes) {
        return (heap - PieceMemory.within(wayBytes, heap).bytes()) / HEAP_SHARE / MEMORY_PER_PIECE;
    }

    static DiskPieceStore open(Disk disk, Path root, long maxBytes, long maxPieces, ToIntFunction<ContentId> uses)
            throws IOException {
        StoreFiles files = StoreFiles.open(disk, root, maxBytes);
        try {
            DiskPieceStore store = new DiskPieceStore(files, new FormerStore(disk, root), maxBytes, maxPieces, uses);
            store.shelf.recover();
            if (files.wasReadOnly()) {
                store.health.wroteNot(new IOException("read-only file system"));
            }
            log.info(
                    "holding {} contents, {} of {} bytes",
                    store.shelf.holdings().size(),
                    store.heldBytes(),
                    maxBytes);
            return store;
        } catch (IOException e) {
            files.close();
            throw e;
        }
    }

    private long room() {
        return Math.max(0, files.capacity() - former.bytes());
    }

    @Override
    public boolean has(ContentId content, int index) {
        return index >= 0 && shelf.holdings().has(new Slot(content, index));
    }

    @Override
    public BitSet held(ContentId content) {
        return shelf.holdings().pieces(content);
    }

    @Override
    public Set<ContentId> contents() {
        return shelf.holdings().contents();
    }

    @Override
    public void listen(Listener listener) {
        shelf.listen(listener);
    }

    @Override
    public @Nullable ByteBuffer read(ContentId content, int index, IntFunction<ByteBuffer> room) {
        Slot slot = new Slot(content, index);
        return index < 0 || !shelf.use(slot) ? null : reads.piece(slot, room);
    }

    @Override
    public void use(ContentId content) {
        held(content).stream().forEach(index -> {
            use(new Slot(content, index));
            use(Slot.layout(content));
        });
    }

    private void use(Slot slot) {
        var unused = shelf.use(slot);
    }

    @Override
    public Optional<Layout> layout(ContentId content) {
        return reads.layout(content);
    }

    @Override
    public boolean write(Layout layout, int index, ByteBuffer verified) {
        if (verified.remaining() != layout.length(index)) {
            throw new IllegalArgumentException(
                    "piece " + index + " has " + layout.length(index) + " bytes, not " + verified.remaining());
        }
        Slot slot = new Slot(layout.contentId(), index);
        boolean sole = layout.pieceCount() == 1;
        if (!sole) {
            // One that is damaged is dropped now, lest the piece be lost with it later.
            var unused = layout(layout.contentId());
        }
        return shelf.changing(() -> sole
                ? shelf.admit(slot, true, verified)
                : admit(layout) && shelf.admit(slot, false, verified) && keepsLayout(slot, layout));
    }

    @Override
    public Draft draft() {
        return new DiskDraft(files, shelf, this::adopt);
    }

    private boolean adopt(Layout layout, int index, Place draft) {
        Slot slot = new Slot(layout.contentId(), index);
        boolean sole = layout.pieceCount() == 1;
        return shelf.changing(() -> {
            if (!sole && !admit(layout)) {
                shelf.release(draft);
                return false;
            }
            return shelf.adopt(slot, sole, draft) && (sole || keepsLayout(slot, layout));
        });
    }

    /** Sees to it that a new piece has a layout, although the layout, or the one piece it was kept for, made room for it. */
    private boolean keepsLayout(Slot piece, Layout layout) {
        Holdings held = shelf.holdings();
        boolean kept = held.has(Slot.layout(piece.content())) || admit(layout);
        if (!kept) {
            shelf.removeNow(piece);
        }
        return kept && held.has(piece);
    }

    @Override
    public boolean writeLayout(Layout layout) {
        return layout.pieceCount() == 1 ? has(layout.contentId(), 0) : shelf.changing(() -> admit(layout));
    }

    private boolean admit(Layout layout) {
        boolean admitted = shelf.admit(Slot.layout(layout.contentId()), false, ByteBuffer.wrap(layout.encode()));
        if (admitted) {
            layouts.put(layout);
        }
        return admitted;
    }

    @Override
    public boolean refuse(Predicate<ContentId> blocked) {
        boolean erased = shelf.refuse(blocked);
        return flush() && erased;
    }

    /**
     * Waits until what is held now survives a power failure. Blocks on the disk; others read and write meanwhile.
     *
     * @return false when the disk refused
     */
    boolean flush() {
        try {
            files.force();
            return true;
        } catch (IOException e) {
            health.failed("flush the store", e);
            return false;
        }
    }

    /** Reads some of what is held once more, and drops what is damaged; see {@link Scrub#next}. Not for several threads. */
    long scrub(long bytes) {
        return scrub.next(bytes);
    }

    /** Takes over the next content of a store of a former version; see {@link FormerStore#takeOver}. */
    boolean adopt() {
        return !shelf.isClosed() && former.takeOver(health, this::write);
    }

    /** What the store's files and directories take on the disk now, at most. */
    public long bytes() {
        try {
            return files.bytes() + former.bytes();
        } catch (IOException e) {
            health.failed("ask for the size of the store", e);
            return maxBytes;
        }
    }

    /** What the pieces and layouts take that are held now. */
    public long heldBytes() {
        return files.heldBytes();
    }

    /** Whether the disk refuses what is written, so that nothing is kept. */
    public boolean isFailing() {
        return health.isFailing();
    }

    /** How often the disk failed a read, write or deletion since the store was opened. */
    public long failures() {
        return health.failures();
    }

    /** Waits for the write under way, and until all that is held survives a power failure; then nothing is read or kept. */
    @Override
    public void close() {
        shelf.close(() -> {
            flush();
            try {
                files.close();
            } catch (IOException e) {
                health.failed("close the store", e);
            }
        });
    }
}
