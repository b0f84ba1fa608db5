package dev.rivulet.tracker.backup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What is in a data directory, and what of it is worth keeping. */
final class DataFiles {
    /** The database's file. */
    static final String DATABASE = "tracker.mv.db";

    /** Pieces that the tracker fetched: a cache. */
    static final String PIECES = "pieces";

    /** Begins the name of a directory with a copy of the database, while a backup is made. */
    static final String COPY = "backup-";

    /** Begins the name of a directory that is being restored. */
    static final String STAGED = "restore-";

    /** Begins the name of a directory that is taking the place of what was there. */
    static final String SWAPPED = "swap-";

    /** Begins the name of a directory with what was there before. */
    static final String REPLACED = "replaced-";

    /** Made anew by every start, or by the file system. */
    private static final Set<String> TRANSIENT = Set.of("operator", "tracker.trace.db", PIECES, "lost+found");

    private DataFiles() {}

    /** The files that are worth keeping besides the database, by their paths within {@code data}. */
    static Map<String, Path> kept(Path data) throws IOException {
        Map<String, Path> kept = new TreeMap<>();
        for (Path top : top(data)) {
            if (isKept(top.getFileName().toString())) {
                collect(data, top, kept);
            }
        }
        return kept;
    }

    private static void collect(Path data, Path tree, Map<String, Path> kept) throws IOException {
        try (Stream<Path> files = Files.walk(tree)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String path = data.relativize(file).toString().replace('\\', '/');
                if (!path.endsWith(".tmp") && Archive.takes(path)) {
                    kept.put(path, file);
                }
            }
        }
    }

    private static boolean isKept(String top) {
        return !TRANSIENT.contains(top)
                && !top.equals(DATABASE)
                && Stream.of(COPY, STAGED, SWAPPED, REPLACED).noneMatch(top::startsWith);
    }

    /** What is at the top of a directory; nothing where there is none. */
    static List<Path> top(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.sorted().toList();
        }
    }

    /** Deletes a directory and all that is in it, if it is there. */
    static void delete(Path directory) throws IOException {
        if (Files.isDirectory(directory)) {
            for (Path each : top(directory)) {
                delete(each);
            }
        }
        Files.deleteIfExists(directory);
    }
}
