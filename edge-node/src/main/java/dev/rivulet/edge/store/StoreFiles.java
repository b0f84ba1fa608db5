package dev.rivulet.edge.store;

import dev.rivulet.protocol.DecodeException;
import dev.rivulet.protocol.Limits;
import dev.rivulet.protocol.id.ContentId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where the store's files lie, and how one becomes visible.
 *
 * <pre>
 * root/
 *   tmp                the file being written, of which there is one at a time; worthless after a crash
 *   ab/abcdef…/layout  the layout of the content whose id is abcdef… in hexadecimal
 *   ab/abcdef…/0       its piece 0
 * </pre>
 *
 * <p>A file is written as {@code tmp} and then renamed, so that under its own name it is whole or absent whenever
 * the process dies. Nothing is forced to the platters: after a power failure a file may be short or empty, which the
 * check at every read finds out, and a cache may forget. Names are hexadecimal because base64url needs a file system
 * that tells upper from lower case.
 */
final class StoreFiles {
    /** Files and directories take whole blocks of this many bytes on common file systems. */
    static final int BLOCK_BYTES = 4096;

    /** What the root and the directories below it cost on the disk: {@value} bytes. */
    static final int FIXED_BYTES = (1 + 256) * BLOCK_BYTES;

    private static final Logger log = LoggerFactory.getLogger(StoreFiles.class);
    private static final String LAYOUT_NAME = "layout";
    private static final Pattern SHARD_NAME = Pattern.compile("[0-9a-f]{2}");
    private static final Pattern CONTENT_NAME = Pattern.compile("[0-9a-f]{64}");
    private static final Pattern PIECE_NAME = Pattern.compile("0|[1-9][0-9]{0,8}");

    /** A file that was there when the store was opened. */
    record Stored(Slot slot, long bytes, Instant modified) {}

    private final Disk disk;
    private final Path root;
    private final Path temporary;

    StoreFiles(Disk disk, Path root) {
        this.disk = disk;
        this.root = root;
        this.temporary = root.resolve("tmp");
    }

    /** Lists what is stored without reading it, and deletes what can be no use. */
    List<Stored> recover() throws IOException {
        disk.createDirectories(root);
        disk.delete(temporary);
        List<Stored> stored = new ArrayList<>();
        for (Disk.Found shard : disk.list(root)) {
            if (shard.directory() && SHARD_NAME.matcher(name(shard.path())).matches()) {
                for (Disk.Found directory : disk.list(shard.path())) {
                    stored.addAll(recoverContent(directory));
                }
            }
        }
        return stored;
    }

    private List<Stored> recoverContent(Disk.Found directory) throws IOException {
        Optional<ContentId> content = contentOf(name(directory.path()));
        if (!directory.directory() || content.isEmpty()) {
            log.warn("ignoring {}: not a file of the store", directory.path());
            return List.of();
        }
        List<Stored> stored = new ArrayList<>();
        for (Disk.Found file : disk.list(directory.path())) {
            Optional<Slot> slot = slotOf(content.get(), name(file.path()));
            if (slot.isEmpty()) {
                log.warn("ignoring {}: not a file of the store", file.path());
            } else if (file.bytes() == 0 || file.bytes() > limit(slot.get())) {
                disk.delete(file.path());
            } else {
                stored.add(new Stored(slot.get(), file.bytes(), file.modified()));
            }
        }
        if (stored.stream().noneMatch(found -> found.slot().isLayout())) {
            // Without the layout nothing could prove them.
            for (Stored orphan : stored) {
                disk.delete(path(orphan.slot()));
            }
            deleteDirectoryIfEmpty(directory.path());
            return List.of();
        }
        return stored;
    }

    /** What a file of that size costs on the disk, the content's directory charged to the layout. */
    static int cost(Slot slot, long bytes) {
        long blocks = (bytes + BLOCK_BYTES - 1) / BLOCK_BYTES + (slot.isLayout() ? 1 : 0);
        return Math.toIntExact(blocks * BLOCK_BYTES);
    }

    /**
     * Makes the bytes visible under the slot's name, whole or not at all. Not for two threads at a time. What a failed
     * write leaves behind is overwritten by the next.
     */
    void write(Slot slot, ByteBuffer bytes) throws IOException {
        disk.write(temporary, bytes);
        disk.createDirectories(directory(slot.content()));
        disk.rename(temporary, path(slot));
    }

    ByteBuffer read(Slot slot) throws IOException {
        return disk.read(path(slot), limit(slot));
    }

    void delete(Slot slot) throws IOException {
        disk.delete(path(slot));
    }

    /** Deletes the directory of a content of which nothing is left; otherwise it stays. */
    void deleteDirectory(ContentId content) throws IOException {
        deleteDirectoryIfEmpty(directory(content));
    }

    private void deleteDirectoryIfEmpty(Path directory) throws IOException {
        if (disk.list(directory).isEmpty()) {
            disk.delete(directory);
        }
    }

    private static int limit(Slot slot) {
        return slot.isLayout() ? Limits.MAX_LAYOUT_BYTES : Limits.MAX_PIECE_BYTES;
    }

    Path path(Slot slot) {
        return directory(slot.content()).resolve(slot.isLayout() ? LAYOUT_NAME : Integer.toString(slot.index()));
    }

    private Path directory(ContentId content) {
        String hex = HexFormat.of().formatHex(Base64.getUrlDecoder().decode(content.text()));
        return root.resolve(hex.substring(0, 2)).resolve(hex);
    }

    private static Optional<ContentId> contentOf(String name) {
        if (!CONTENT_NAME.matcher(name).matches()) {
            return Optional.empty();
        }
        byte[] hash = HexFormat.of().parseHex(name);
        try {
            return Optional.of(
                    ContentId.parse(Base64.getUrlEncoder().withoutPadding().encodeToString(hash)));
        } catch (DecodeException e) {
            throw new IllegalStateException("32 bytes are a content id", e);
        }
    }

    private static Optional<Slot> slotOf(ContentId content, String name) {
        if (name.equals(LAYOUT_NAME)) {
            return Optional.of(Slot.layout(content));
        }
        if (!PIECE_NAME.matcher(name).matches() || Integer.parseInt(name) >= Limits.MAX_PIECES) {
            return Optional.empty();
        }
        return Optional.of(new Slot(content, Integer.parseInt(name)));
    }

    private static String name(Path path) {
        return String.valueOf(path.getFileName());
    }
}
