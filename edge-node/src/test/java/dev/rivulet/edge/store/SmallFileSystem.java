package dev.rivulet.edge.store;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/** A file system of its own, in memory, of a few MiB, so that the kernel itself says when it is full. */
public final class SmallFileSystem implements AutoCloseable {
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
