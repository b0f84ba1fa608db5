package dev.rivulet.tracker.keys;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipal;
import java.util.stream.Stream;

/** Whose files are. */
public final class Ownership {
    private Ownership() {}

    /** Gives {@code tree} to the owner of {@code directory}: what root makes for a service has to be the service's. */
    public static void handOver(Path tree, Path directory) throws IOException {
        UserPrincipal owner = Files.getOwner(directory);
        try (Stream<Path> files = Files.walk(tree)) {
            for (Path file : files.toList()) {
                if (!Files.getOwner(file).equals(owner)) {
                    Files.setOwner(file, owner);
                }
            }
        }
    }
}
