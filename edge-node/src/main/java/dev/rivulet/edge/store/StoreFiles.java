package dev.rivulet.edge.store;

import dev.rivulet.edge.thread.RareLog;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntFunction;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The store's two files, which bound each other: there are as many rows as blocks, for every slot takes at least as many
 * blocks as rows.
 *
 * <pre>
 * root/
 *   data    blocks, of which a slot takes as many as it needs, in one run or several
 *   index   the {@link PlaceTable}: which
 * </pre>
 *
 * <p>No order in which their writes reach the disk is relied on. Whatever the machine forgot when it went down, a row is
 * whole or ignored; of rows that claim the same block the newest is believed; and what the blocks of a row hold is
 * checked whenever it is read. After {@link #force} nothing written before is lost.
 *
 * <p>Any thread may call any method; {@link #recover} comes first, and {@link #write} is for one thread at a time.
 */
final class StoreFiles implements AutoCloseable {
    /** Length of a block: {@value}, that of common file systems. */
    static final int BLOCK_BYTES = 4096;

    /** What a row takes, and what a file system needs to keep account of a block of a large file in pieces, at most. */
    private static final int BYTES_PER_BLOCK_BESIDE = Row.BYTES + 16;

    /** The directory, the last blocks of both files, and the first account of each. */
    static final int FIXED_BYTES = 5 * BLOCK_BYTES;

    private static final Logger log = LoggerFactory.getLogger(StoreFiles.class);

    private final Disk.File data;
    private final FreeBlocks blocks;
    private final PlaceTable table;
    private final long capacity;
    private final AtomicLong unforced = new AtomicLong();
    private final RareLog refusals = new RareLog();
    private final boolean readOnly;

    private StoreFiles(Disk.File data, Disk.File index, int blocks) {
        this.data = data;
        this.blocks = new FreeBlocks(blocks);
        this.table = new PlaceTable(index, blocks);
        this.capacity = (long) blocks * BLOCK_BYTES;
        this.readOnly = data.isReadOnly() || index.isReadOnly();
    }

    /** Opens the files, made if need be, which together never take more than {@code maxBytes} on the disk. */
    static StoreFiles open(Disk disk, Path root, long maxBytes) throws IOException {
        long blocks = Math.max(0, maxBytes - FIXED_BYTES) / (BLOCK_BYTES + BYTES_PER_BLOCK_BESIDE);
        disk.createDirectories(root);
        Disk.File data = disk.open(root.resolve("data"));
        try {
            Disk.File index = disk.open(root.resolve("index"));
            if (!index.isReadOnly()) {
                disk.force(root);
            }
            return new StoreFiles(data, index, (int) Math.min(blocks, Integer.MAX_VALUE - Long.SIZE));
        } catch (IOException e) {
            data.close();
            throw e;
        }
    }

    /**
     * Finds what is stored, going by the table alone. Where that is more than {@code most} slots the oldest are dropped.
     *
     * @param isNew asked once for every slot that has a place; where it says no, the place is free again
     * @return newest first
     */
    synchronized List<PlaceTable.Found> recover(int most, Predicate<Slot> isNew) throws IOException {
        data.truncate(capacity);
        List<PlaceTable.Found> kept = new ArrayList<>();
        for (PlaceTable.Found found : table(most)) {
            Place place = found.place();
            if (!blocks.claim(place.runs())) {
                forget(place);
            } else if (isNew.test(found.slot())) {
                kept.add(found);
            } else {
                blocks.release(place.runs());
                forget(place);
            }
        }
        return kept;
    }

    /** Where the disk refuses, the next start finds it again, and no use for it. */
    private void forget(Place place) {
        unforced.incrementAndGet();
        try {
            table.remove(place.rows());
        } catch (IOException e) {
            refusals.next()
                    .ifPresent(more -> log.warn("the store's index cannot be tidied up: {}{}", e.toString(), more));
        }
    }

    private List<PlaceTable.Found> table(int most) throws IOException {
        PlaceTable.Loaded loaded = load(most);
        if (loaded.dropped() > 0) {
            unforced.incrementAndGet();
            log.warn(
                    "there is memory for {} pieces and layouts: {} more, written before those, are dropped from the"
                            + " store; to keep as many another time, raise Java's heap (JAVA_OPTS=-Xmx…)",
                    most,
                    loaded.dropped());
        }
        return loaded.slots();
    }

    private PlaceTable.Loaded load(int most) throws IOException {
        try {
            return table.load(most);
        } catch (PlaceTable.UnknownFormatException e) {
            log.warn("the store's index is damaged or of another version: what was stored is dropped");
            table.clear();
            return table.load(most);
        }
    }

    /** Stores a slot's bytes at a place that is not settled yet. */
    void write(Slot slot, Place place, ByteBuffer bytes) throws IOException {
        Runs runs = take(place);
        unforced.incrementAndGet();
        try {
            write(runs, bytes);
            synchronized (this) {
                table.add(slot, place, runs);
            }
        } catch (IOException e) {
            release(runs);
            throw e;
        }
    }

    private void write(Runs runs, ByteBuffer bytes) throws IOException {
        int from = bytes.position();
        for (int run = 0; run < runs.count(); run++) {
            int length = Math.min(runs.length(run) * BLOCK_BYTES, bytes.limit() - from);
            data.write(bytes.slice(from, length), (long) runs.start(run) * BLOCK_BYTES);
            from += length;
        }
    }

    /** Writes what has no name yet to blocks of its own, which nothing tells of after a restart. */
    void draft(Place place, ByteBuffer bytes) throws IOException {
        Runs runs = take(place);
        try {
            write(runs, bytes);
        } catch (IOException e) {
            release(runs);
            throw e;
        }
        place.lie(runs);
    }

    /** Gives a name to what lies at a place already. */
    void name(Slot slot, Place place) throws IOException {
        unforced.incrementAndGet();
        synchronized (this) {
            table.add(slot, place, place.runs());
        }
    }

    private synchronized Runs take(Place place) throws IOException {
        Runs runs = blocks.take(place.blocks());
        if (runs == null) {
            throw new IOException("no block is free");
        }
        return runs;
    }

    private synchronized void release(Runs runs) {
        blocks.release(runs);
    }

    /** What the place's blocks hold, in memory that {@code room} gives; who has freed it meanwhile gets whatever is there. */
    ByteBuffer read(Place place, IntFunction<ByteBuffer> room) throws IOException {
        ByteBuffer bytes = room.apply(place.bytes());
        Runs runs = place.runs();
        int from = 0;
        for (int run = 0; run < runs.count(); run++) {
            int length = Math.min(runs.length(run) * BLOCK_BYTES, place.bytes() - from);
            data.read(bytes.slice(from, length), (long) runs.start(run) * BLOCK_BYTES);
            from += length;
        }
        return bytes;
    }

    /** Overwrites a place, which is to be freed, with zeros. */
    void erase(Place place) throws IOException {
        Runs runs = place.runs();
        for (int run = 0; run < runs.count(); run++) {
            data.write(ByteBuffer.allocate(runs.length(run) * BLOCK_BYTES), (long) runs.start(run) * BLOCK_BYTES);
        }
    }

    /** Frees a place, also where the disk fails. */
    synchronized void free(Place place) throws IOException {
        unforced.incrementAndGet();
        blocks.release(place.runs());
        table.remove(place.rows());
    }

    /** Waits until what was written and freed survives a power failure; returns at once where that was so before. */
    void force() throws IOException {
        long before = unforced.get();
        if (before > 0) {
            data.force();
            table.force();
            unforced.addAndGet(-before);
        }
    }

    /** Whether nothing could be written when they were opened. */
    boolean wasReadOnly() {
        return readOnly;
    }

    /** Fails where the disk takes nothing, not even what is there already. */
    synchronized void probe() throws IOException {
        table.probe();
    }

    /** Bytes in whole blocks that slots can take together. */
    long capacity() {
        return capacity;
    }

    /** Bytes in whole blocks that slots take now. */
    synchronized long heldBytes() {
        return (long) blocks.taken() * BLOCK_BYTES;
    }

    /** What both files and the directory take on the disk now, at most. */
    long bytes() throws IOException {
        long size = data.size() + table.size();
        return FIXED_BYTES + size + size / BLOCK_BYTES * (BYTES_PER_BLOCK_BESIDE - Row.BYTES);
    }

    @Override
    public void close() throws IOException {
        try {
            data.close();
        } finally {
            table.close();
        }
    }
}
