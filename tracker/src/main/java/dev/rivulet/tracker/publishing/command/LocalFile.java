package dev.rivulet.tracker.publishing.command;

import dev.rivulet.protocol.catalog.Layout;
import dev.rivulet.protocol.catalog.LayoutBuilder;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.Objects;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A file as it was found.
 *
 * @param name its path below the directory that is published, separated by slashes
 * @param key what stays the same when it is renamed (the inode); null where the file system does not tell
 */
record LocalFile(
        Path path,
        String name,
        long size,
        Instant modified,
        @Nullable Object key) {
    private static final int BUFFER_BYTES = 1 << 20;

    static LocalFile of(Path path, String name, BasicFileAttributes attributes) {
        return new LocalFile(
                path, name, attributes.size(), attributes.lastModifiedTime().toInstant(), attributes.fileKey());
    }

    /** Whether it is the same file, with nothing written to it since, as far as can be told from outside. */
    boolean isUnchangedFrom(LocalFile before) {
        return size == before.size && modified.equals(before.modified) && Objects.equals(key, before.key);
    }

    /**
     * Reads it once, from beginning to end.
     *
     * @param progress is told of every so many bytes read
     * @throws IOException also when the file changed since it was found
     */
    Layout layout(LongConsumer progress) throws IOException {
        LayoutBuilder builder = new LayoutBuilder(size);
        ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            while (channel.read(buffer) >= 0 || buffer.position() > 0) {
                buffer.flip();
                if (buffer.remaining() > builder.remaining()) {
                    throw changed();
                }
                progress.accept(buffer.remaining());
                builder.update(buffer);
                buffer.clear();
            }
        }
        if (builder.remaining() > 0 || !isAsFound()) {
            throw changed();
        }
        return builder.finish();
    }

    private boolean isAsFound() throws IOException {
        BasicFileAttributes now = Files.readAttributes(path, BasicFileAttributes.class);
        return now.size() == size && now.lastModifiedTime().toInstant().equals(modified);
    }

    private IOException changed() {
        return new IOException(name + " changed while it was read; publish again once it is written");
    }
}
