package dev.rivulet.edge.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/** The few things the store asks of a file system: the seam at which tests make a disk fail. */
interface Disk {
    /** A name found in a directory. */
    record Found(Path path, boolean directory, long bytes, Instant modified) {}

    /** A file that is read and written in place, made if need be. Any thread may call any method. */
    interface File extends AutoCloseable {
        /** Bytes from its beginning to the end of what was written farthest. */
        long size() throws IOException;

        /** Fills the buffer from {@code position} on, as far as the file goes. */
        void read(ByteBuffer target, long position) throws IOException;

        /** Writes all that remains in the buffer. */
        void write(ByteBuffer bytes, long position) throws IOException;

        /** Waits until all that was written survives a power failure. */
        void force() throws IOException;

        /** Whether nothing can be written, as far as known; it is tried again with every write. */
        default boolean isReadOnly() {
            return false;
        }

        /** Cuts off what is beyond {@code size}; does nothing to a shorter file. */
        void truncate(long size) throws IOException;

        @Override
        void close() throws IOException;
    }

    /** Opens a file for reading and writing in place, made if need be; for reading alone on a disk that is read-only. */
    File open(Path file) throws IOException;

    /** Writes the buffer's remaining bytes into a new or emptied file, leaving the buffer as it was. */
    void write(Path file, ByteBuffer bytes) throws IOException;

    /** Waits until a file's bytes, or a directory's names, survive a power failure. */
    void force(Path path) throws IOException;

    /** Renames atomically, replacing what had the name. */
    void rename(Path from, Path to) throws IOException;

    /**
     * Reads a whole file.
     *
     * @throws java.nio.file.NoSuchFileException when there is none
     * @throws IOException also when it has more bytes than {@code limit}
     */
    ByteBuffer read(Path file, int limit) throws IOException;

    /** Deletes a file or an empty directory; not being there is success. */
    void delete(Path path) throws IOException;

    void createDirectories(Path directory) throws IOException;

    /** What a directory contains, in no particular order; nothing when it does not exist. */
    List<Found> list(Path directory) throws IOException;
}
