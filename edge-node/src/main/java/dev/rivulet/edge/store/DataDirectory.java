package dev.rivulet.edge.store;

import dev.rivulet.protocol.settings.ConfigException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The directory that an edge owns while it runs. The operating system lets go of it when the process dies, however it
 * does. On a file system that is read-only several edges may have it, and none can spoil it.
 */
public final class DataDirectory implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(DataDirectory.class);
    private static final String LOCK = "lock";

    private final Path path;
    private final FileChannel channel;
    private final boolean readOnly;

    private DataDirectory(Path path, FileChannel channel, boolean readOnly) {
        this.path = path;
        this.channel = channel;
        this.readOnly = readOnly;
    }

    /**
     * Makes the directory if need be and takes hold of it.
     *
     * @throws ConfigException when that is not possible, or another edge has hold of it
     * @throws ReadOnlyDirectoryException when it was never made, and the file system is read-only
     */
    public static DataDirectory open(String directory) throws ReadOnlyDirectoryException {
        Path path = Path.of(directory);
        try {
            Files.createDirectories(path);
            FileChannel channel = FileChannel.open(
                    path.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            return locked(new DataDirectory(path, channel, false), directory);
        } catch (IOException e) {
            if (ReadOnly.isReasonOf(e, path)) {
                return openReadOnly(path, directory);
            }
            throw unusable(directory, e);
        }
    }

    private static DataDirectory openReadOnly(Path path, String directory) throws ReadOnlyDirectoryException {
        try {
            FileChannel channel = FileChannel.open(path.resolve(LOCK), StandardOpenOption.READ);
            return locked(new DataDirectory(path, channel, true), directory);
        } catch (NoSuchFileException e) {
            throw new ReadOnlyDirectoryException(directory, LOCK);
        } catch (IOException e) {
            throw unusable(directory, e);
        }
    }

    private static ConfigException unusable(String directory, IOException reason) {
        if (reason instanceof AccessDeniedException denied && Files.isDirectory(Path.of(directory))) {
            String foreign = Obstacle.foreign(directory, denied.getFile(), Obstacle.USER);
            return new ConfigException("data", directory, foreign + ", or name a writable directory");
        }
        return new ConfigException("data", directory, "cannot be used (" + reason + "); name a writable directory");
    }

    private static DataDirectory locked(DataDirectory data, String directory) throws IOException {
        if (lock(data.channel, data.readOnly) == null) {
            data.channel.close();
            throw new ConfigException("data", directory, "is in use by another edge; name a directory of its own");
        }
        return data;
    }

    private static @Nullable FileLock lock(FileChannel channel, boolean shared) throws IOException {
        try {
            return channel.tryLock(0, Long.MAX_VALUE, shared);
        } catch (OverlappingFileLockException sameProcess) {
            return null;
        }
    }

    /** Whether nothing could be written to it when it was opened. */
    public boolean isReadOnly() {
        return readOnly;
    }

    /** Sees to it that what has to be there is, where it could not be made. */
    public void requireUnlessWritable(String... names) throws ReadOnlyDirectoryException {
        for (String name : names) {
            if (readOnly && !Files.exists(path.resolve(name))) {
                throw new ReadOnlyDirectoryException(path.toString(), name);
            }
        }
    }

    /** Removes a directory of files that nobody needs any more, if it is there. */
    public void discard(String name) {
        Path left = path.resolve(name);
        try (DirectoryStream<Path> files = Files.newDirectoryStream(left)) {
            for (Path file : files) {
                Files.deleteIfExists(file);
            }
            Files.deleteIfExists(left);
        } catch (NoSuchFileException none) {
            // nothing to do
        } catch (IOException e) {
            log.warn("{} cannot be removed: {}", left, e.toString());
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
