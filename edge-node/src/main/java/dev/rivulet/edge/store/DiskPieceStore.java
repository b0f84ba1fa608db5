package dev.rivulet.edge.store;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Policy;
import com.github.benmanes.caffeine.cache.RemovalCause;
import dev.rivulet.protocol.DecodeException;
import dev.rivulet.protocol.catalog.Layout;
import dev.rivulet.protocol.id.ContentId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The piece store in a directory, of bounded size.
 *
 * <p>Caffeine decides what stays: its entries are the store's {@link Slot}s, weighted by what their files cost on the
 * disk, and what it evicts is deleted. A slot is admitted, and room made for it, before its file is written. Only
 * {@link #admit} admits, under one lock, and nothing is evicted at other times. So the files never cost more than the
 * bound, and no file stays whose slot was evicted while it was being written. Reads take no lock: a file that vanishes
 * under them was no longer held, and whatever bytes are found are checked before they are believed.
 *
 * <p>Pieces without their layout are worthless, therefore reading a piece counts as using its layout, too: it is at
 * least as valuable as they are. Should it be evicted all the same, its pieces go with it.
 */
public final class DiskPieceStore implements PieceStore, AutoCloseable {
    /** Decoded layouts kept in memory, in bytes of their encoded form: {@value}. */
    static final int MAX_LAYOUT_MEMORY_BYTES = 16 << 20;

    /** The least size bound: {@value} bytes. */
    public static final long MIN_BYTES = 16 << 20;

    private static final Logger log = LoggerFactory.getLogger(DiskPieceStore.class);

    private final StoreFiles files;
    private final long maxBytes;
    private final ReentrantLock admission = new ReentrantLock();
    private final Cache<Slot, Integer> costs;
    private final Cache<ContentId, Layout> layouts;
    private final Holdings holdings = new Holdings();
    private final Changes changes = new Changes();
    private final Queue<Slot> unsettled = new ConcurrentLinkedQueue<>();
    private final AtomicLong undeletableBytes = new AtomicLong();
    private final AtomicLong failures = new AtomicLong();
    private final DiskHealth health = new DiskHealth();
    private volatile boolean closed;

    private DiskPieceStore(Disk disk, Path root, long maxBytes) {
        this.files = new StoreFiles(disk, root);
        this.maxBytes = maxBytes;
        this.costs = Caffeine.newBuilder()
                .maximumWeight(room())
                .<Slot, Integer>weigher((slot, cost) -> cost)
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
     * Opens the store, going by names and sizes of what is there; what exceeds the bound is deleted.
     *
     * @param root a directory of its own, made if need be; nobody else may use it meanwhile
     * @param maxBytes bound on what files and directories cost on the disk, {@link #MIN_BYTES} or more
     */
    public static DiskPieceStore open(Path root, long maxBytes) throws IOException {
        return open(new NioDisk(), root, maxBytes);
    }

    static DiskPieceStore open(Disk disk, Path root, long maxBytes) throws IOException {
        DiskPieceStore store = new DiskPieceStore(disk, root, maxBytes);
        store.recover();
        return store;
    }

    private void recover() throws IOException {
        List<StoreFiles.Stored> found = files.recover();
        // The oldest first, for what was written last is kept longest.
        found.sort(Comparator.comparing(StoreFiles.Stored::modified)
                .thenComparing(stored -> stored.slot().index()));
        for (StoreFiles.Stored stored : found) {
            holdings.add(stored.slot());
            costs.put(stored.slot(), StoreFiles.cost(stored.slot(), stored.bytes()));
        }
        costs.cleanUp();
        settle();
        changes.deliver();
        log.info("holding {} contents, {} of {} bytes", holdings.contents().size(), bytes(), maxBytes);
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
        if (index < 0 || !readable(slot)) {
            return null;
        }
        Optional<Layout> layout = layout(content);
        if (layout.isEmpty()) {
            return null;
        }
        ByteBuffer bytes = readFile(slot);
        if (bytes == null) {
            return null;
        }
        if (index < layout.get().pieceCount() && layout.get().verify(index, bytes.duplicate())) {
            return bytes.asReadOnlyBuffer();
        }
        log.warn("piece {} of {} is damaged on disk: dropped", index, content.text());
        drop(slot);
        return null;
    }

    @Override
    public Optional<Layout> layout(ContentId content) {
        Slot slot = Slot.layout(content);
        if (!readable(slot)) {
            return Optional.empty();
        }
        Layout known = layouts.getIfPresent(content);
        if (known != null) {
            return Optional.of(known);
        }
        ByteBuffer bytes = readFile(slot);
        if (bytes == null) {
            return Optional.empty();
        }
        Optional<Layout> layout = decode(content, bytes);
        if (layout.isPresent()) {
            layouts.put(content, layout.get());
        } else {
            log.warn("the layout of {} is damaged on disk: dropped with its pieces", content.text());
            drop(slot);
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

    /** Whether the slot is held; counts as a use of it. */
    private boolean readable(Slot slot) {
        return !closed && holdings.has(slot) && costs.getIfPresent(slot) != null;
    }

    private @Nullable ByteBuffer readFile(Slot slot) {
        try {
            return files.read(slot);
        } catch (IOException e) {
            // Evicted since we looked? Then that is no failure.
            if (holdings.has(slot)) {
                failed("read", slot, e);
                drop(slot);
            }
            return null;
        }
    }

    @Override
    public boolean write(Layout layout, int index, ByteBuffer verified) {
        if (verified.remaining() != layout.length(index)) {
            throw new IllegalArgumentException(
                    "piece " + index + " has " + layout.length(index) + " bytes, not " + verified.remaining());
        }
        Slot slot = new Slot(layout.contentId(), index);
        return changing(() -> admitLayout(layout) && admit(slot, verified));
    }

    @Override
    public boolean writeLayout(Layout layout) {
        return changing(() -> admitLayout(layout));
    }

    private boolean admitLayout(Layout layout) {
        boolean admitted = admit(Slot.layout(layout.contentId()), ByteBuffer.wrap(layout.encode()));
        if (admitted) {
            layouts.put(layout.contentId(), layout);
        }
        return admitted;
    }

    /** Makes room for a file, then writes it. Only with {@link #admission} held. */
    private boolean admit(Slot slot, ByteBuffer bytes) {
        if (closed) {
            return false;
        }
        if (costs.getIfPresent(slot) != null) {
            return true;
        }
        int cost = StoreFiles.cost(slot, bytes.remaining());
        costs.put(slot, cost);
        // Waits for evictions that a reader's thread may be about, and does what is left of them.
        costs.cleanUp();
        settle();
        if (!costs.asMap().containsKey(slot)) {
            return false;
        }
        try {
            files.write(slot, bytes);
            health.wrote();
        } catch (IOException e) {
            failures.incrementAndGet();
            health.failed(e);
            remove(slot);
            settle();
            return false;
        }
        holdings.add(slot);
        if (!slot.isLayout()) {
            changes.added(slot);
        }
        return true;
    }

    /** Caffeine's word that a slot made room. It must not be answered by changing the cache: {@link #settle} does. */
    private void evicted(@Nullable Slot slot, @Nullable Integer cost, RemovalCause cause) {
        if (slot != null && cost != null) {
            delete(slot, cost);
            unsettled.add(slot);
        }
    }

    /** Follows up what removals leave behind. Only with {@link #admission} held. */
    private void settle() {
        shrinkToRoom();
        for (Slot slot = unsettled.poll(); slot != null; slot = unsettled.poll()) {
            ContentId content = slot.content();
            if (slot.isLayout()) {
                layouts.invalidate(content);
                holdings.pieces(content).stream().forEach(index -> remove(new Slot(content, index)));
                deleteDirectory(slot);
            } else if (holdings.pieces(content).isEmpty()) {
                remove(Slot.layout(content));
            }
        }
    }

    /** Leaves no more room than what cannot be deleted leaves; evicting for it may meet more of that. */
    private void shrinkToRoom() {
        Policy.Eviction<Slot, Integer> bound = costs.policy().eviction().orElseThrow();
        long room = room();
        while (bound.getMaximum() > room) {
            bound.setMaximum(room);
            room = room();
        }
    }

    private long room() {
        return Math.max(0, maxBytes - StoreFiles.FIXED_BYTES - undeletableBytes.get());
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
        Integer cost = costs.asMap().remove(slot);
        if (cost != null) {
            delete(slot, cost);
            if (slot.isLayout()) {
                unsettled.add(slot);
            }
        }
    }

    private void delete(Slot slot, int cost) {
        if (!holdings.remove(slot)) {
            return; // never written
        }
        if (!slot.isLayout()) {
            changes.dropped(slot);
        }
        try {
            files.delete(slot);
        } catch (IOException e) {
            // The bytes are still there: without counting them the files could grow past the bound.
            undeletableBytes.addAndGet(cost);
            failed("delete", slot, e);
        }
    }

    private void deleteDirectory(Slot layout) {
        try {
            files.deleteDirectory(layout.content());
        } catch (IOException e) {
            failed("delete the directory of", layout, e);
        }
    }

    private void failed(String what, Slot slot, IOException e) {
        // A disk that keeps failing is mentioned ever more rarely.
        long count = failures.incrementAndGet();
        if (Long.bitCount(count) == 1) {
            log.warn("disk failure {}: could not {} {}: {}", count, what, slot, e.toString());
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

    /** What the store costs on the disk now. */
    public long bytes() {
        return StoreFiles.FIXED_BYTES
                + undeletableBytes.get()
                + costs.policy().eviction().orElseThrow().weightedSize().orElse(0);
    }

    /** Whether the disk refuses what is written, so that nothing is kept. */
    public boolean isFailing() {
        return health.isFailing();
    }

    /** How often the disk failed a read, write or deletion since the store was opened. */
    public long failures() {
        return failures.get();
    }

    /** Waits for the write under way; from then on nothing is read or kept. */
    @Override
    public void close() {
        admission.lock();
        try {
            closed = true;
        } finally {
            admission.unlock();
        }
    }
}
