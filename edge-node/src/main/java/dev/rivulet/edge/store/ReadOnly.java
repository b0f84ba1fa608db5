package dev.rivulet.edge.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Tells a file system that takes no change, as the kernel turns one into after an error, from a file that is not ours. */
final class ReadOnly {
    /** EROFS, as strerror(3) says it in English. */
    private static final String REASON = "Read-only file system";

    private ReadOnly() {}

    /** Whether that is why a path could not be written. */
    static boolean isReasonOf(IOException refusal, Path path) {
        // In other languages the options of the mount tell; they need not say what the kernel did since.
        return String.valueOf(refusal.getMessage()).contains(REASON) || isMountedSo(path);
    }

    private static boolean isMountedSo(Path path) {
        Path there = path.toAbsolutePath();
        while (there != null && !Files.exists(there)) {
            there = there.getParent();
        }
        try {
            return there != null && Files.getFileStore(there).isReadOnly();
        } catch (IOException notKnown) {
            return false;
        }
    }
}
