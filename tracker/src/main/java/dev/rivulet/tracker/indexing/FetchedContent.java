package dev.rivulet.tracker.indexing;

import dev.rivulet.protocol.catalog.Layout;
import dev.rivulet.protocol.id.ContentId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps what the indexer has fetched, a file per content, so that the first visitors after it need not ask the origin
 * again. Bounded: what nobody has asked for longest goes first. It is a cache: a restart begins with none. Thread-safe.
 *
 * <p>What is new always comes in. A policy that admits by past use, such as Caffeine's, would turn away exactly what
 * nobody else holds yet, in favour of what visitors have passed on among themselves for long.
 */
public final class FetchedContent {
    /** Files take whole blocks of the disk, of this many bytes commonly. */
    static final int DISK_BLOCK_BYTES = 4096;

    private static final int INITIAL_CAPACITY = 16;
    private static final float LOAD_FACTOR = 0.75f;
    private static final String DRAFT_PREFIX = "draft-";
    private static final Logger log = LoggerFactory.getLogger(FetchedContent.class);

    private final Path directory;
    private final long maxBytes;
    private final Predicate<ContentId> blocked;

    // Guarded by this, with the files that they speak of. The one asked for longest ago comes first.
    private final Map<ContentId, Layout> kept = new LinkedHashMap<>(INITIAL_CAPACITY, LOAD_FACTOR, true);
    private long bytes;

    private FetchedContent(Path directory, long maxBytes, Predicate<ContentId> blocked) {
        this.directory = directory;
        this.maxBytes = maxBytes;
        this.blocked = blocked;
    }

    /** As the other, where nothing is taken down. */
    public static FetchedContent open(Path directory, long maxBytes) throws IOException {
        return open(directory, maxBytes, content -> false);
    }

    /**
     * Keeps at most {@code maxBytes} below {@code directory}, which it empties.
     *
     * @param blocked what must not be kept; {@link #dropBlocked} says that more is
     */
    public static FetchedContent open(Path directory, long maxBytes, Predicate<ContentId> blocked) throws IOException {
        Files.createDirectories(directory);
        try (DirectoryStream<Path> before = Files.newDirectoryStream(directory)) {
            for (Path file : before) {
                Files.deleteIfExists(file);
            }
        }
        return new FetchedContent(directory, maxBytes, blocked);
    }

    /** Whether every piece is here. */
    public boolean holds(ContentId content) {
        return layout(content) != null;
    }

    private synchronized @Nullable Layout layout(ContentId content) {
        return blocked.test(content) ? null : kept.get(content);
    }

    /** Deletes what is blocked now. */
    public synchronized void dropBlocked() {
        kept.values().removeIf(layout -> {
            boolean gone = blocked.test(layout.contentId());
            if (gone) {
                bytes -= diskBytes(layout);
                delete(layout.contentId());
            }
            return gone;
        });
    }

    /** A piece's bytes as they were hashed; empty when it is not, or no longer, here. */
    public Optional<ByteBuffer> piece(ContentId content, int index) throws IOException {
        Layout layout = layout(content);
        if (layout == null || index < 0 || index >= layout.pieceCount()) {
            return Optional.empty();
        }
        ByteBuffer piece = ByteBuffer.allocate(layout.length(index));
        try (FileChannel file = FileChannel.open(fileOf(content), StandardOpenOption.READ)) {
            long start = layout.offset(index);
            while (piece.hasRemaining() && file.read(piece, start + piece.position()) >= 0) {
                // A channel may give less than it was asked for.
            }
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
        piece.flip();
        return layout.verify(index, piece.duplicate()) ? Optional.of(piece) : Optional.empty();
    }

    /** An empty file to fetch into, to be given to {@link #keep} or deleted. */
    Path draft() throws IOException {
        return Files.createTempFile(directory, DRAFT_PREFIX, null);
    }

    /**
     * Takes over a draft that holds exactly what {@code layout} describes, and makes room for it. What is larger than
     * all the room there is stays a draft.
     */
    synchronized void keep(Path draft, Layout layout) throws IOException {
        long size = diskBytes(layout);
        if (size > maxBytes || blocked.test(layout.contentId())) {
            return;
        }
        ContentId content = layout.contentId();
        Files.move(draft, fileOf(content), StandardCopyOption.ATOMIC_MOVE);
        if (kept.put(content, layout) == null) {
            bytes += size;
        }
        Iterator<Layout> longestUnasked = kept.values().iterator();
        while (bytes > maxBytes) {
            Layout oldest = longestUnasked.next();
            longestUnasked.remove();
            bytes -= diskBytes(oldest);
            delete(oldest.contentId());
        }
    }

    /** Deletes what is not needed any more. */
    public synchronized void drop(Collection<ContentId> contents) {
        for (ContentId content : contents) {
            Layout layout = kept.remove(content);
            if (layout != null) {
                bytes -= diskBytes(layout);
                delete(content);
            }
        }
    }

    private void delete(ContentId content) {
        try {
            Files.deleteIfExists(fileOf(content));
        } catch (IOException e) {
            log.warn("{} could not be deleted from {}", content, directory, e);
        }
    }

    private Path fileOf(ContentId content) {
        return directory.resolve(content.text());
    }

    private static long diskBytes(Layout layout) {
        return (layout.size() + DISK_BLOCK_BYTES - 1) / DISK_BLOCK_BYTES * DISK_BLOCK_BYTES;
    }
}
