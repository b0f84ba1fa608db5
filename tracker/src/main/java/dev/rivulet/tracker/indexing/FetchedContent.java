package dev.rivulet.tracker.indexing;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.RemovalCause;
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
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps what the indexer has fetched, a file per content, so that the first visitors after it need not ask the origin
 * again. Bounded: what is worth least goes first. It is a cache: a restart begins with none. Thread-safe.
 */
public final class FetchedContent {
    /** Weights are in this unit, because the sum of weights of one entry has to fit an {@code int}. */
    private static final int WEIGHT_UNIT = 1024;

    private static final String DRAFT_PREFIX = "draft-";
    private static final Logger log = LoggerFactory.getLogger(FetchedContent.class);

    private final Path directory;
    private final Cache<ContentId, Layout> kept;

    private FetchedContent(Path directory, long maxBytes) {
        this.directory = directory;
        this.kept = Caffeine.newBuilder()
                .maximumWeight(maxBytes / WEIGHT_UNIT)
                .weigher((ContentId content, Layout layout) -> weight(layout))
                .executor(Runnable::run)
                .evictionListener(this::forget)
                .build();
    }

    /** Keeps at most {@code maxBytes} below {@code directory}, which it empties. */
    public static FetchedContent open(Path directory, long maxBytes) throws IOException {
        Files.createDirectories(directory);
        try (DirectoryStream<Path> before = Files.newDirectoryStream(directory)) {
            for (Path file : before) {
                Files.deleteIfExists(file);
            }
        }
        return new FetchedContent(directory, maxBytes);
    }

    /** Whether every piece is here. */
    public boolean holds(ContentId content) {
        return kept.getIfPresent(content) != null;
    }

    /** A piece's bytes as they were hashed; empty when it is not, or no longer, here. */
    public Optional<ByteBuffer> piece(ContentId content, int index) throws IOException {
        Layout layout = kept.getIfPresent(content);
        if (layout == null || index < 0 || index >= layout.pieceCount()) {
            return Optional.empty();
        }
        ByteBuffer bytes = ByteBuffer.allocate(layout.length(index));
        try (FileChannel file = FileChannel.open(fileOf(content), StandardOpenOption.READ)) {
            long start = layout.offset(index);
            while (bytes.hasRemaining() && file.read(bytes, start + bytes.position()) >= 0) {
                // A channel may give less than it was asked for.
            }
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
        bytes.flip();
        return layout.verify(index, bytes.duplicate()) ? Optional.of(bytes) : Optional.empty();
    }

    /** An empty file to fetch into, to be given to {@link #keep} or deleted. */
    Path draft() throws IOException {
        return Files.createTempFile(directory, DRAFT_PREFIX, null);
    }

    /** Takes over a draft that holds exactly what {@code layout} describes. */
    void keep(Path draft, Layout layout) throws IOException {
        ContentId content = layout.contentId();
        Files.move(draft, fileOf(content), StandardCopyOption.ATOMIC_MOVE);
        kept.put(content, layout);
    }

    private void forget(@Nullable ContentId content, @Nullable Layout layout, RemovalCause cause) {
        if (content == null) {
            return;
        }
        try {
            Files.deleteIfExists(fileOf(content));
        } catch (IOException e) {
            log.warn("{} could not be deleted from {}", content, directory, e);
        }
    }

    private Path fileOf(ContentId content) {
        return directory.resolve(content.text());
    }

    private static int weight(Layout layout) {
        return (int) (layout.size() / WEIGHT_UNIT + 1);
    }
}
