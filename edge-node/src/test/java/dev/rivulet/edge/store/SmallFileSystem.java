package dev.rivulet.edge.store;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/** A file system of its own, in memory, of a few MiB, so that the kernel itself says when it is full. */
public final class SmallFileSystem implements AutoCloseable {
    private static final int BLOCK_BYTES = 4096;

    private final Path path;

    private SmallFileSystem(Path path) {
        this.path = path;
    }

    /** Mounts one at an empty directory. */
    public static SmallFileSystem mount(Path directory, int mebibytes) throws IOException {
        run("mount", "-t", "tmpfs", "-o", "size=" + mebibytes + "m", "rivulet-test", directory.toString());
        return new SmallFileSystem(directory);
    }

    /** Makes it larger. */
    public void grow(int mebibytes) throws IOException {
        run("mount", "-o", "remount,size=" + mebibytes + "m", path.toString());
    }

    /** Leaves not a block of it free. */
    public void fill() throws IOException {
        try (OutputStream out =
                Files.newOutputStream(path.resolve("filler"), StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
            byte[] block = new byte[BLOCK_BYTES];
            while (true) {
                out.write(block);
            }
        } catch (IOException full) {
            if (path.toFile().getUsableSpace() > 0) {
                throw full;
            }
        }
    }

    /** Lets nothing on it be executed. */
    public void forbidExecution() throws IOException {
        run("mount", "-o", "remount,noexec", path.toString());
    }

    /** Lets nothing be written to it; only while no file on it is open for that. */
    public void turnReadOnly() throws IOException {
        run("mount", "-o", "remount,ro", path.toString());
    }

    /** Lets it be written to again. */
    public void turnWritable() throws IOException {
        run("mount", "-o", "remount,rw", path.toString());
    }

    @Override
    public void close() throws IOException {
        run("umount", "-l", path.toString());
    }

    private static void run(String... command) throws IOException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        // Ends when the process does.
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.onExit().join().exitValue() != 0) {
            throw new AssertionError(List.of(command) + ": " + said
                    + " (this test mounts a tmpfs; run it as root, or within `unshare --map-root-user --mount`)");
        }
    }
}
