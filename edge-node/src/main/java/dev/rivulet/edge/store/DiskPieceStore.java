package dev.rivulet.edge.store;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Policy;
import com.github.benmanes.caffeine.cache.RemovalCause;
import dev.rivulet.protocol.DecodeException;
import dev.rivulet.protocol.catalog.Layout;
import dev.rivulet.protocol.catalog.LayoutBuilder;
import dev.rivulet.protocol.id.ContentId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.ListIterator;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The piece store in a directory, of bounded size.
 *
 * <p>Caffeine decides what stays: its entries are the store's {@link Slot}s, weighted by what they take on the disk, and
 * what it evicts frees its blocks. A slot is admitted, and room made for it, before it is written. Only {@link #admit}
 * admits, under one lock, and nothing is evicted at other times. So there are always blocks for what was admitted, and
 * nothing is evicted while it is being written. Reads take no lock: blocks that are filled anew under them belong to a
 * slot that was no longer held, and whatever bytes are found are checked before they are believed.
 *
 * <p>Pieces without their layout are worthless, therefore reading a piece counts as using its layout, too: it is at
 * least as valuable as they are. Should it be evicted all the same, its pieces go with it. The only piece of a content
 * needs none: its layout is made of its own bytes.
 */
public final class DiskPieceStore implements PieceStore, AutoCloseable {
    /** Decoded layouts kept in memory, in bytes of their encoded form: {@value}. */
    static final int MAX_LAYOUT_MEMORY_BYTES = 16 << 20;

    /** The least size bound: {@value} bytes. */
    public static final long MIN_BYTES = 16 << 20;

    /** Memory that a piece takes while it is held, measured by {@code ./rivulet bench store}: {@value} bytes. */
    static final int MEMORY_PER_PIECE = 380;

    /** The part of the heap that the index may take, so that many small pieces never exhaust it: one in {@value}. */
    static final int HEAP_SHARE = 2;

    private static final Logger log = LoggerFactory.getLogger(DiskPieceStore.class);

    private final StoreFiles files;
    private final FormerFiles former;
    private final long maxBytes;
    private final int leastWeight;
    private final ReentrantLock admission = new ReentrantLock();
    private final Cache<Slot, Place> places;
    private final Cache<ContentId, Layout> layouts;
    private final Holdings holdings = new Holdings();
    private final Changes changes = new Changes();
    private final Queue<Slot> unsettled = new ConcurrentLinkedQueue<>();
    private final Deque<FormerFiles.Content> toAdopt = new ArrayDeque<>();
    private final AtomicLong formerBytes = new AtomicLong();
    private final AtomicLong failures = new AtomicLong();
    private final DiskHealth health = new DiskHealth();
    private final AtomicLong unforced = new AtomicLong();
    private volatile Predicate<ContentId> refused = content -> false;
    private @Nullable Iterator<Slot> scrubbing;
    private volatile boolean closed;

    private DiskPieceStore(Disk disk, Path root, long maxBytes, long maxPieces) throws IOException {
        this.files = StoreFiles.open(disk, root, maxBytes);
        this.former = new FormerFiles(disk, root, freed -> formerBytes.addAndGet(-freed));
        this.maxBytes = maxBytes;
        this.leastWeight = (int) Math.min(Integer.MAX_VALUE, files.capacity() / maxPieces);
        this.places = Caffeine.newBuilder()
                .maximumWeight(room())
                .<Slot, Place>weigher((slot, place) -> Math.max(leastWeight, place.cost()))
                .evictionListener(this::evicted)
                .executor(Runnable::run)
                .build();
        this.layouts = Caffeine.newBuilder()
                .maximumWeight(MAX_LAYOUT_MEMORY_BYTES)
                .<ContentId, Layout>weigher((content, layout) -> layout.encode().length)
                .executor(Runnable::run)
                .build();
    }

    /**
     * Opens the store, going by its index alone; what exceeds the bound is dropped. Files of former versions are found
     * and counted; {@link #adopt} makes them part of the store.
     *
     * @param root a directory of its own, made if need be; nobody else may use it meanwhile
     * @param maxBytes bound on what files and directories cost on the disk, {@link #MIN_BYTES} or more
     */
    public static DiskPieceStore open(Path root, long maxBytes) throws IOException {
        return open(new NioDisk(), root, maxBytes);
    }

    static DiskPieceStore open(Disk disk, Path root, long maxBytes) throws IOException {
        long maxPieces = Runtime.getRuntime().maxMemory() / HEAP_SHARE / MEMORY_PER_PIECE;
        return open(disk, root, maxBytes, maxPieces);
    }

    static DiskPieceStore open(Disk disk, Path root, long maxBytes, long maxPieces) throws IOException {
        DiskPieceStore store = new DiskPieceStore(disk, root, maxBytes, maxPieces);
        try {
            store.recover();
        } catch (IOException e) {
            store.files.close();
            throw e;
        }
        return store;
    }

    private void recover() throws IOException {
        toAdopt.addAll(former.find());
        if (!toAdopt.isEmpty()) {
            formerBytes.set(FormerFiles.FIXED_BYTES
                    + toAdopt.stream().mapToLong(FormerFiles.Content::bytes).sum());
        }
        List<PlaceTable.Found> found = files.recover(holdings::add);
        Map<ContentId, ContentId> shared = new HashMap<>();
        // The oldest first, for what was written last is kept longest.
        for (ListIterator<PlaceTable.Found> each = found.listIterator(found.size()); each.hasPrevious(); ) {
            PlaceTable.Found next = each.previous();
            Slot slot = next.slot();
            if (next.place().isSole()) {
                places.put(slot, next.place());
            } else {
                ContentId content = shared.computeIfAbsent(slot.content(), same -> same);
                places.put(new Slot(content, slot.index()), next.place());
                if (!holdings.has(Slot.layout(content))) {
                    unsettled.add(Slot.layout(content));
                }
            }
        }
        places.cleanUp();
        settle();
        changes.deliver();
        log.info("holding {} contents, {} of {} bytes", holdings.size(), heldBytes(), maxBytes);
        if (!toAdopt.isEmpty()) {
            log.info("taking over {} contents of a store of the former version", toAdopt.size());
        }
    }

    @Override
    public boolean has(ContentId content, int index) {
        return index >= 0 && holdings.has(new Slot(content, index));
    }

    @Override
    public BitSet held(ContentId content) {
        return holdings.pieces(content);
    }

    @Override
    public Set<ContentId> contents() {
        return holdings.contents();
    }

    @Override
    public void listen(Listener listener) {
        changes.listen(listener);
    }

    @Override
    public @Nullable ByteBuffer read(ContentId content, int index) {
        Slot slot = new Slot(content, index);
        return index < 0 || !used(slot) ? null : verified(slot);
    }

    /** Reads a piece and checks it, without that counting as a use of it. */
    private @Nullable ByteBuffer verified(Slot slot) {
        Place place = placeOf(slot);
        if (place == null) {
            return null;
        }
        Optional<Layout> layout = place.isSole() ? Optional.empty() : layout(slot.content());
        if (!place.isSole() && layout.isEmpty()) {
            return null;
        }
        ByteBuffer bytes = readFile(slot, place);
        if (bytes == null) {
            return null;
        }
        boolean right = place.isSole()
                ? soleLayout(bytes).contentId().equals(slot.content())
                : slot.index() < layout.get().pieceCount() && layout.get().verify(slot.index(), bytes);
        if (right) {
            return bytes.asReadOnlyBuffer();
        }
        dropDamaged(slot, place, "piece " + slot.index());
        return null;
    }

    private static Layout soleLayout(ByteBuffer piece) {
        LayoutBuilder builder = new LayoutBuilder(piece.remaining());
        builder.update(piece.duplicate());
        return builder.finish();
    }

    @Override
    public Optional<Layout> layout(ContentId content) {
        Layout known = layouts.getIfPresent(content);
        Slot slot = Slot.layout(content);
        Place place = placeOf(slot);
        if (place == null) {
            Place sole = placeOf(new Slot(content, 0));
            ByteBuffer bytes = sole != null && sole.isSole() ? verified(new Slot(content, 0)) : null;
            return Optional.ofNullable(bytes).map(DiskPieceStore::soleLayout);
        }
        if (known != null) {
            return used(slot) ? Optional.of(known) : Optional.empty();
        }
        ByteBuffer bytes = used(slot) ? readFile(slot, place) : null;
        if (bytes == null) {
            return Optional.empty();
        }
        Optional<Layout> layout = decode(content, bytes);
        if (layout.isPresent()) {
            layouts.put(content, layout.get());
        } else {
            dropDamaged(slot, place, "the layout");
        }
        return layout;
    }

    private static Optional<Layout> decode(ContentId content, ByteBuffer bytes) {
        byte[] encoded = new byte[bytes.remaining()];
        bytes.get(encoded);
        try {
            return Optional.of(Layout.decode(encoded))
                    .filter(layout -> layout.contentId().equals(content));
        } catch (DecodeException e) {
            return Optional.empty();
        }
    }

    /** Where a slot lies that can be read; null when it cannot. */
    private @Nullable Place placeOf(Slot slot) {
        return !closed && holdings.has(slot) ? places.policy().getIfPresentQuietly(slot) : null;
    }

    /** Whether the slot is held; counts as a use of it. */
    private boolean used(Slot slot) {
        return !closed && holdings.has(slot) && places.getIfPresent(slot) != null;
    }

    private @Nullable ByteBuffer readFile(Slot slot, Place place) {
        try {
            return files.read(place);
        } catch (ClosedByInterruptException notTheDisk) {
            return null;
        } catch (IOException e) {
            if (placeOf(slot) == place) {
                failed("read " + slot, e);
                drop(slot);
            }
            return null;
        }
    }

    private void dropDamaged(Slot slot, Place place, String what) {
        // Evicted since we looked, and its blocks filled with something else? Then nothing is damaged.
        if (placeOf(slot) == place) {
            log.warn(
                    "{} of {} is damaged on disk: dropped", what, slot.content().text());
            drop(slot);
        }
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
        return changing(() -> sole
                ? admit(slot, true, verified)
                : admitLayout(layout) && admit(slot, false, verified) && keepsLayout(slot, layout));
    }

    /** Sees to it that a new piece has a layout, although the layout, or the one piece it was kept for, made room for it. */
    private boolean keepsLayout(Slot piece, Layout layout) {
        boolean kept = holdings.has(Slot.layout(piece.content())) || admitLayout(layout);
        if (!kept) {
            remove(piece);
            settle();
        }
        return kept && holdings.has(piece);
    }

    @Override
    public boolean writeLayout(Layout layout) {
        return layout.pieceCount() == 1 ? has(layout.contentId(), 0) : changing(() -> admitLayout(layout));
    }

    private boolean admitLayout(Layout layout) {
        boolean admitted = admit(Slot.layout(layout.contentId()), false, ByteBuffer.wrap(layout.encode()));
        if (admitted) {
            layouts.put(layout.contentId(), layout);
        }
        return admitted;
    }

    @Override
    public void refuse(Predicate<ContentId> blocked) {
        changing(() -> {
            refused = blocked;
            List<Slot> gone = places.asMap().keySet().stream()
                    .filter(slot -> blocked.test(slot.content()))
                    .toList();
            for (Slot slot : gone) {
                layouts.invalidate(slot.content());
                remove(slot);
            }
            settle();
            return true;
        });
        if (!flush()) {
            log.warn("what was taken down is not served any more, but the disk refuses to make sure that it is gone");
        }
    }

    /** Makes room for a slot, then writes it. Only with {@link #admission} held. */
    private boolean admit(Slot slot, boolean sole, ByteBuffer bytes) {
        if (closed || refused.test(slot.content())) {
            return false;
        }
        if (places.getIfPresent(slot) != null) {
            return true;
        }
        Place place = new Place(sole, bytes.remaining());
        places.put(slot, place);
        // Waits for evictions that a reader's thread may be about, and does what is left of them.
        places.cleanUp();
        settle();
        if (!places.asMap().containsKey(slot)) {
            return false;
        }
        try {
            files.write(slot, place, bytes);
            health.wrote();
        } catch (IOException e) {
            failures.incrementAndGet();
            health.failed(e);
            remove(slot);
            settle();
            return false;
        }
        unforced.incrementAndGet();
        holdings.add(slot);
        if (!slot.isLayout()) {
            changes.added(slot);
        }
        return true;
    }

    /** Caffeine's word that a slot made room. It must not be answered by changing the cache: {@link #settle} does. */
    private void evicted(@Nullable Slot slot, @Nullable Place place, RemovalCause cause) {
        if (slot != null && place != null) {
            delete(slot, place);
            unsettled.add(slot);
        }
    }

    /** Follows up what removals leave behind. Only with {@link #admission} held. */
    private void settle() {
        Policy.Eviction<Slot, Place> bound = places.policy().eviction().orElseThrow();
        if (bound.getMaximum() != room()) {
            bound.setMaximum(room());
        }
        for (Slot slot = unsettled.poll(); slot != null; slot = unsettled.poll()) {
            ContentId content = slot.content();
            if (slot.isLayout()) {
                layouts.invalidate(content);
                holdings.pieces(content).stream().forEach(index -> remove(new Slot(content, index)));
            } else if (holdings.pieces(content).isEmpty()) {
                remove(Slot.layout(content));
            }
        }
    }

    private long room() {
        return Math.max(0, files.capacity() - formerBytes.get());
    }

    private void drop(Slot slot) {
        changing(() -> {
            remove(slot);
            unsettled.add(slot);
            settle();
            return true;
        });
    }

    private void remove(Slot slot) {
        Place place = places.asMap().remove(slot);
        if (place != null) {
            delete(slot, place);
            if (slot.isLayout()) {
                unsettled.add(slot);
            }
        }
    }

    private void delete(Slot slot, Place place) {
        if (!place.isSettled()) {
            return; // never written
        }
        if (holdings.remove(slot) && !slot.isLayout()) {
            changes.dropped(slot);
        }
        unforced.incrementAndGet();
        try {
            if (refused.test(slot.content())) {
                // Free blocks keep their bytes until others come.
                files.erase(place);
            }
            files.free(place);
        } catch (IOException e) {
            failed("delete " + slot, e);
        }
    }

    private void failed(String what, IOException e) {
        // A disk that keeps failing is mentioned ever more rarely.
        long count = failures.incrementAndGet();
        if (Long.bitCount(count) == 1) {
            log.warn("disk failure {}: could not {}: {}", count, what, e.toString());
        }
    }

    private boolean changing(BooleanSupplier change) {
        admission.lock();
        try {
            return change.getAsBoolean();
        } finally {
            admission.unlock();
            changes.deliver();
        }
    }

    /**
     * Waits until what is held now survives a power failure. Blocks on the disk; others read and write meanwhile.
     *
     * @return false when the disk refused
     */
    boolean flush() {
        long before = unforced.get();
        if (before == 0) {
            return true;
        }
        try {
            files.force();
        } catch (IOException e) {
            failed("flush the store", e);
            return false;
        }
        unforced.addAndGet(-before);
        return true;
    }

    /**
     * Reads what is held once more, going on where the last call stopped, and drops what is damaged. Blocks on the disk.
     * Not for several threads.
     *
     * @param bytes how much to read, about
     * @return how much was read; less than {@code bytes} where that was the end, and the next call begins anew
     */
    long scrub(long bytes) {
        Iterator<Slot> rest =
                scrubbing != null ? scrubbing : places.asMap().keySet().iterator();
        long read = 0;
        while (read < bytes && rest.hasNext() && !closed) {
            Slot slot = rest.next();
            Place place = placeOf(slot);
            if (place == null) {
                continue;
            }
            read += place.cost();
            check(slot, place);
        }
        scrubbing = rest.hasNext() ? rest : null;
        return read;
    }

    private void check(Slot slot, Place place) {
        if (!slot.isLayout()) {
            verified(slot);
            return;
        }
        ByteBuffer layout = readFile(slot, place);
        if (layout != null && decode(slot.content(), layout).isEmpty()) {
            dropDamaged(slot, place, "the layout");
        }
    }

    /**
     * Takes over the next content of a store of a former version. Blocks on the disk. Not for several threads.
     *
     * @return whether there was one
     */
    boolean adopt() {
        FormerFiles.Content next = closed ? null : toAdopt.poll();
        try {
            if (next != null) {
                former.takeOver(next, this::write);
            } else if (formerBytes.get() != 0) {
                former.tidyUp();
                formerBytes.set(0);
                log.info("took over the store of the former version: holding {} bytes", heldBytes());
            }
        } catch (IOException e) {
            failed("take over " + (next == null ? "the former store" : next.directory()), e);
        }
        return next != null;
    }

    /** What the store's files and directories take on the disk now, at most. */
    public long bytes() {
        try {
            return files.bytes() + formerBytes.get();
        } catch (IOException e) {
            failed("ask for the size of the store", e);
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
        return failures.get();
    }

    /** Waits for the write under way, and until all that is held survives a power failure; then nothing is read or kept. */
    @Override
    public void close() {
        admission.lock();
        try {
            if (closed) {
                return;
            }
            flush();
            closed = true;
            files.close();
        } catch (IOException e) {
            failed("close the store", e);
        } finally {
            admission.unlock();
        }
    }
}
