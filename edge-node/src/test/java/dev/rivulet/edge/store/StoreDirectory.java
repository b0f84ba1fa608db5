package dev.rivulet.edge.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rivulet.protocol.id.ContentId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The directory of a store on a disk that may fail: stores open it one after another, and it tells what lies there. */
final class StoreDirectory {
    static final long MAX_BYTES = DiskPieceStore.MIN_BYTES;

    final FaultyDisk disk = new FaultyDisk();
    final Path root;

    private final List<DiskPieceStore> opened = new ArrayList<>();

    StoreDirectory(Path root) {
        this.root = root;
    }

    /** Opens a store of at most {@link #MAX_BYTES}. */
    DiskPieceStore open() throws IOException {
        return opened(DiskPieceStore.open(disk, root, MAX_BYTES));
    }

    /** Opens one that has memory for so many pieces. */
    DiskPieceStore open(int maxPieces) throws IOException {
        return opened(DiskPieceStore.open(disk, root, MAX_BYTES, maxPieces, content -> 1));
    }

    private DiskPieceStore opened(DiskPieceStore store) {
        opened.add(store);
        return store;
    }

    /** Closes the store that was opened last, and opens another. */
    DiskPieceStore reopen() throws IOException {
        last().close();
        return open();
    }

    private DiskPieceStore last() {
        return opened.get(opened.size() - 1);
    }

    /** What holds after every test, of the store that was opened last; closes it. */
    void checkInvariants() throws IOException {
        disk.repair();
        DiskPieceStore store = last();
        assertThat(usage()).as("disk usage").isLessThanOrEqualTo(MAX_BYTES);
        assertThat(store.bytes()).as("counted bytes").isBetween(usage(), MAX_BYTES);
        for (ContentId content : store.contents()) {
            assertThat(store.held(content).stream()).allMatch(index -> store.read(content, index) != null);
        }
        store.close();
    }

    /** What files and directories take on the disk, in whole blocks. */
    long usage() throws IOException {
        try (Stream<Path> paths = Files.walk(root)) {
            return paths.mapToLong(StoreDirectory::cost).sum();
        }
    }

    private static long cost(Path path) {
        try {
            long bytes = Files.isDirectory(path) ? StoreFiles.BLOCK_BYTES : Files.size(path);
            return (bytes + StoreFiles.BLOCK_BYTES - 1) / StoreFiles.BLOCK_BYTES * StoreFiles.BLOCK_BYTES;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Whether the first bytes of a piece stand at the beginning of some block of the store's file. */
    boolean has(ByteBuffer piece) throws IOException {
        int length = Math.min(100, piece.remaining());
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(data()));
        ByteBuffer wanted = piece.slice(piece.position(), length);
        for (int at = 0; at + length <= bytes.limit(); at += StoreFiles.BLOCK_BYTES) {
            if (bytes.slice(at, length).equals(wanted)) {
                return true;
            }
        }
        return false;
    }

    /** Flips bits of a byte of what is stored. */
    void damage(ByteBuffer stored, int position, int flip) throws IOException {
        byte[] bytes = Files.readAllBytes(data());
        int start = 0;
        while (ByteBuffer.wrap(bytes, start, stored.remaining()).mismatch(stored) != -1) {
            start += StoreFiles.BLOCK_BYTES;
        }
        flip(data(), start + position, flip);
    }

    /** Flips a bit of the index. */
    void damageIndex(int position) throws IOException {
        flip(root.resolve("index"), position, 1);
    }

    private static void flip(Path file, int position, int flip) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[position] ^= (byte) flip;
        Files.write(file, bytes);
    }

    /** The file of the pieces. */
    Path data() {
        return root.resolve("data");
    }
}
