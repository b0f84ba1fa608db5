package dev.rivulet.bench;

import dev.rivulet.edge.store.DiskPieceStore;
import dev.rivulet.protocol.catalog.Layout;
import dev.rivulet.protocol.catalog.LayoutBuilder;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.HexFormat;
import java.util.Random;

/**
 * An edge's piece store with many small pieces, each the only one of its content, and the same pieces as a file each.
 *
 * <p>Usage: {@code StoreBench fill|start|tree|walk DIRECTORY PIECES BYTES}; prints one line of JSON.
 * {@code fill} writes {@code PIECES} of {@code BYTES} each into a store; {@code start} opens it in this process, which
 * should be new, and reads a piece; {@code tree} makes the files that a file per piece would be, without their bytes;
 * {@code walk} asks each for its name and size.
 */
final class StoreBench {
    private static final int BLOCK_BYTES = 4096;
    private static final long SEED = 17;

    private final Path directory;
    private final int pieces;
    private final int bytes;

    private StoreBench(Path directory, int pieces, int bytes) {
        this.directory = directory;
        this.pieces = pieces;
        this.bytes = bytes;
    }

    public static void main(String[] args) throws IOException {
        StoreBench bench = new StoreBench(Path.of(args[1]), Integer.parseInt(args[2]), Integer.parseInt(args[3]));
        switch (args[0]) {
            case "fill" -> bench.fill();
            case "start" -> bench.start();
            case "tree" -> bench.tree();
            case "walk" -> bench.walk();
            default -> throw new IllegalArgumentException(args[0]);
        }
    }

    /** Room for all of them, a tenth more, so that nothing is evicted. */
    private DiskPieceStore open() throws IOException {
        long blocks = ((long) bytes + BLOCK_BYTES - 1) / BLOCK_BYTES;
        long room = blocks * BLOCK_BYTES * pieces / 10 * 11;
        return DiskPieceStore.open(directory.resolve("store"), Math.max(DiskPieceStore.MIN_BYTES, room));
    }

    private ByteBuffer piece(int number) {
        byte[] piece = new byte[bytes];
        new Random(SEED + number).nextBytes(piece);
        return ByteBuffer.wrap(piece);
    }

    private static Layout layout(ByteBuffer piece) {
        LayoutBuilder builder = new LayoutBuilder(piece.remaining());
        builder.update(piece.duplicate());
        return builder.finish();
    }

    private void fill() throws IOException {
        long began = System.nanoTime();
        long taken;
        try (DiskPieceStore store = open()) {
            for (int number = 0; number < pieces; number++) {
                ByteBuffer piece = piece(number);
                if (!store.write(layout(piece), 0, piece)) {
                    throw new IOException("piece " + number + " was not kept");
                }
            }
            taken = store.bytes();
        }
        print("{\"ms\":%d,\"bytes\":%d}", millisSince(began), taken);
    }

    private void start() throws IOException {
        long jvmStart = ManagementFactory.getRuntimeMXBean().getStartTime();
        long heapBefore = heap();
        long began = System.nanoTime();
        try (DiskPieceStore store = open()) {
            long opened = millisSince(began);
            long ready = System.currentTimeMillis() - jvmStart;
            ByteBuffer expected = piece(pieces / 2);
            ByteBuffer served = store.read(layout(expected).contentId(), 0);
            long first = System.currentTimeMillis() - jvmStart;
            if (!expected.equals(served)) {
                throw new IOException("the piece in the middle is not there");
            }
            int held = store.contents().size();
            long heap = heap() - heapBefore;
            print(
                    "{\"openMs\":%d,\"readyMs\":%d,\"firstMs\":%d,\"held\":%d,\"heap\":%d}",
                    opened, ready, first, held, heap);
        }
    }

    /** Bytes in use on the heap, garbage collected. */
    private static long heap() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    private void tree() throws IOException {
        long began = System.nanoTime();
        for (int number = 0; number < pieces; number++) {
            Layout layout = layout(piece(number));
            String name = HexFormat.of().formatHex(layout.contentId().hash().bytes());
            Path content = Files.createDirectories(
                    directory.resolve("tree").resolve(name.substring(0, 2)).resolve(name));
            Files.createFile(content.resolve("layout"));
            Files.createFile(content.resolve("0"));
        }
        print("{\"ms\":%d}", millisSince(began));
    }

    private void walk() throws IOException {
        long jvmStart = ManagementFactory.getRuntimeMXBean().getStartTime();
        long files = walk(directory.resolve("tree"));
        print("{\"ms\":%d,\"files\":%d}", System.currentTimeMillis() - jvmStart, files);
    }

    private static long walk(Path folder) throws IOException {
        long files = 0;
        try (DirectoryStream<Path> paths = Files.newDirectoryStream(folder)) {
            for (Path path : paths) {
                BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
                files += attributes.isDirectory() ? walk(path) : 1;
            }
        }
        return files;
    }

    private static long millisSince(long nanoTime) {
        return (System.nanoTime() - nanoTime) / 1_000_000;
    }

    private static void print(String format, Object... values) {
        System.out.printf(format + "%n", values);
    }
}
