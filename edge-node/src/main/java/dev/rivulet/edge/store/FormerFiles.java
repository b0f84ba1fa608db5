package dev.rivulet.edge.store;

import dev.rivulet.protocol.DecodeException;
import dev.rivulet.protocol.Limits;
import dev.rivulet.protocol.catalog.Layout;
import dev.rivulet.protocol.id.ContentId;
import dev.rivulet.protocol.id.Sha256;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.function.LongConsumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files of a store as versions before the {@link PlaceTable} left them, to be taken over content by content.
 *
 * <pre>
 * root/
 *   tmp                a file that was being written; worthless
 *   ab/abcdef…/layout  the layout of the content whose id is abcdef… in hexadecimal
 *   ab/abcdef…/0       its piece 0
 * </pre>
 */
final class FormerFiles {
    /** What the root and the directories below it cost on the disk: {@value} bytes. */
    static final int FIXED_BYTES = (1 + 256) * StoreFiles.BLOCK_BYTES;

    private static final Logger log = LoggerFactory.getLogger(FormerFiles.class);
    private static final String LAYOUT_NAME = "layout";
    private static final Pattern SHARD_NAME = Pattern.compile("[0-9a-f]{2}");
    private static final Pattern CONTENT_NAME = Pattern.compile("[0-9a-f]{64}");
    private static final Pattern PIECE_NAME = Pattern.compile("0|[1-9][0-9]{0,3}");

    /** A content's directory, with what it costs on the disk. */
    record Content(Path directory, long bytes, Instant modified) {}

    /** Takes a verified piece whose file is no more. */
    interface Taker {
        void take(Layout layout, int index, ByteBuffer verified);
    }

    private final Disk disk;
    private final Path root;
    private final LongConsumer freed;

    /** @param freed told of the bytes that a deletion gave back */
    FormerFiles(Disk disk, Path root, LongConsumer freed) {
        this.disk = disk;
        this.root = root;
        this.freed = freed;
    }

    /** What is there, going by names and sizes; the oldest first. */
    List<Content> find() throws IOException {
        List<Content> contents = new ArrayList<>();
        for (Path shard : shards()) {
            for (Disk.Found directory : disk.list(shard)) {
                if (directory.directory()
                        && CONTENT_NAME.matcher(name(directory.path())).matches()) {
                    contents.add(content(directory));
                } else {
                    log.warn("ignoring {}: not a file of the store", directory.path());
                }
            }
        }
        contents.sort(Comparator.comparing(Content::modified));
        return contents;
    }

    private List<Path> shards() throws IOException {
        return disk.list(root).stream()
                .filter(Disk.Found::directory)
                .map(Disk.Found::path)
                .filter(path -> SHARD_NAME.matcher(name(path)).matches())
                .toList();
    }

    private Content content(Disk.Found directory) throws IOException {
        long bytes = StoreFiles.BLOCK_BYTES;
        Instant modified = Instant.EPOCH;
        for (Disk.Found file : disk.list(directory.path())) {
            bytes += cost(file);
            modified = file.modified().isAfter(modified) ? file.modified() : modified;
        }
        return new Content(directory.path(), bytes, modified);
    }

    private static long cost(Disk.Found file) {
        return (file.bytes() + StoreFiles.BLOCK_BYTES - 1) / StoreFiles.BLOCK_BYTES * StoreFiles.BLOCK_BYTES;
    }

    /** Hands over the pieces of a content, each once its file is deleted, so that there is room for it; then all is gone. */
    void takeOver(Content content, Taker taker) throws IOException {
        Layout layout = layout(content.directory());
        Disk.Found layoutFile = null;
        for (Disk.Found file : disk.list(content.directory())) {
            if (name(file.path()).equals(LAYOUT_NAME)) {
                layoutFile = file;
            } else if (PIECE_NAME.matcher(name(file.path())).matches()) {
                takeOver(file, layout, taker);
            }
        }
        // Last, for without it nothing could prove the others.
        if (layoutFile != null) {
            delete(layoutFile);
        }
        if (deleteIfEmpty(content.directory())) {
            freed.accept(StoreFiles.BLOCK_BYTES);
        }
    }

    private void takeOver(Disk.Found file, @Nullable Layout layout, Taker taker) throws IOException {
        int index = Integer.parseInt(name(file.path()));
        ByteBuffer bytes = layout == null || index >= layout.pieceCount() ? null : read(file.path());
        delete(file);
        if (layout != null && bytes != null && layout.verify(index, bytes)) {
            taker.take(layout, index, bytes);
        }
    }

    private @Nullable ByteBuffer read(Path file) {
        try {
            return disk.read(file, Limits.MAX_PIECE_BYTES);
        } catch (IOException e) {
            log.warn("could not read {}: {}", file, e.toString());
            return null;
        }
    }

    private @Nullable Layout layout(Path directory) {
        ByteBuffer bytes = read(directory.resolve(LAYOUT_NAME));
        if (bytes == null || bytes.remaining() > Limits.MAX_LAYOUT_BYTES) {
            return null;
        }
        byte[] encoded = new byte[bytes.remaining()];
        bytes.get(encoded);
        var id = new ContentId(Sha256.ofDigest(HexFormat.of().parseHex(name(directory))));
        try {
            Layout layout = Layout.decode(encoded);
            return layout.contentId().equals(id) ? layout : null;
        } catch (DecodeException e) {
            return null;
        }
    }

    private void delete(Disk.Found file) throws IOException {
        disk.delete(file.path());
        freed.accept(cost(file));
    }

    /** Deletes the directories that nothing is left in. */
    void tidyUp() throws IOException {
        disk.delete(root.resolve("tmp"));
        for (Path shard : shards()) {
            var unused = deleteIfEmpty(shard);
        }
    }

    private boolean deleteIfEmpty(Path directory) throws IOException {
        boolean empty = disk.list(directory).isEmpty();
        if (empty) {
            disk.delete(directory);
        }
        return empty;
    }

    private static String name(Path path) {
        return String.valueOf(path.getFileName());
    }
}
