package dev.rivulet.edge.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * A file whose whole content is replaced at once: whenever the process or the machine dies, the former content or the new
 * one is there. Not for several threads.
 */
public final class AtomicFile {
    private final Disk disk;
    private final Path file;

    public AtomicFile(Path file) {
        this(new NioDisk(), file);
    }

    AtomicFile(Disk disk, Path file) {
        this.disk = disk;
        this.file = file.toAbsolutePath();
    }

    /**
     * The content.
     *
     * @throws java.nio.file.NoSuchFileException when nothing was ever written
     * @throws IOException also when there are more than {@code limit} bytes
     */
    public byte[] read(int limit) throws IOException {
        ByteBuffer bytes = disk.read(file, limit);
        byte[] content = new byte[bytes.remaining()];
        bytes.get(content);
        return content;
    }

    /** Replaces the content; when it returns, the new one survives a power failure. */
    public void write(byte[] content) throws IOException {
        Path directory = file.getParent();
        if (directory == null) {
            throw new IOException(file + " is no file");
        }
        Path next = directory.resolve(file.getFileName() + ".next");
        disk.createDirectories(directory);
        disk.write(next, ByteBuffer.wrap(content));
        disk.force(next);
        disk.rename(next, file);
        disk.force(directory);
    }
}
