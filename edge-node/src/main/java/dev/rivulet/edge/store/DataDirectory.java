package dev.rivulet.edge.store;

import dev.rivulet.protocol.settings.ConfigException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * The directory that an edge owns while it runs. The operating system lets go of it when the process dies, however it
 * does.
 */
public final class DataDirectory implements AutoCloseable {
    private final Path path;
    private final FileChannel channel;

    private DataDirectory(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    /**
     * Makes the directory if need be and takes hold of it.
     *
     * @throws ConfigException when that is not possible, or another edge has hold of it
     */
    public static DataDirectory open(String directory) {
        try {
            Path path = Files.createDirectories(Path.of(directory));
            FileChannel channel =
                    FileChannel.open(path.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (lock(channel) == null) {
                channel.close();
                throw new ConfigException("data", directory, "is in use by another edge; name a directory of its own");
            }
            return new DataDirectory(path, channel);
        } catch (IOException e) {
            throw new ConfigException("data", directory, "cannot be used (" + e + "); name a writable directory");
        }
    }

    private static @Nullable FileLock lock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException sameProcess) {
            return null;
        }
    }

    public Path resolve(String name) {
        return path.resolve(name);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
