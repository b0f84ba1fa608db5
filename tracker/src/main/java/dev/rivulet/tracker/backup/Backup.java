package dev.rivulet.tracker.backup;

import dev.rivulet.protocol.settings.ConfigException;
import dev.rivulet.tracker.database.TrackerDatabase;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/** Makes one file of a data directory: keys, catalogs, and all else that a restored tracker needs. */
public final class Backup {
    private static final String DATABASE_ZIP = "database.zip";
    /** Copies that nobody came for in this time are left over from a command that was killed. */
    private static final Duration LEFT_OVER = Duration.ofHours(1);

    /**
     * What was made.
     *
     * @param files how many files are in it
     * @param bytes its size
     */
    public record Made(int files, long bytes) {}

    private Backup() {}

    /**
     * Copies the database, which may be in use, into a new directory below {@code data} that only its owner can enter.
     *
     * @return the directory's name
     */
    public static String copy(TrackerDatabase database, Path data, Instant now) throws IOException {
        deleteLeftOver(data, now);
        Path directory = newDirectory(data, DataFiles.COPY);
        database.backUpTo(directory.resolve(DATABASE_ZIP));
        return directory.getFileName().toString();
    }

    /**
     * Writes the backup. Throws {@link ConfigException} when there is nothing to back up, or {@code target} exists.
     *
     * @param copied the name that {@link #copy} returned in the running tracker; empty when none runs
     */
    public static Made write(Path data, Optional<String> copied, Path target, String label) throws IOException {
        Path directory = copied.isPresent() ? data.resolve(copied.get()) : newDirectory(data, DataFiles.COPY);
        try {
            if (copied.isEmpty()) {
                TrackerDatabase.backUp(data, directory.resolve(DATABASE_ZIP));
            }
            Path database = unpacked(directory);
            Map<String, Path> files = DataFiles.kept(data);
            files.put(DataFiles.DATABASE, database);
            Archive.write(target, label, files);
            // What cannot be read again is no backup.
            Archive.open(target).close();
            return new Made(files.size(), Files.size(target));
        } finally {
            DataFiles.delete(directory);
        }
    }

    private static Path unpacked(Path directory) throws IOException {
        Path database = directory.resolve(DataFiles.DATABASE);
        try (ZipFile zip = new ZipFile(directory.resolve(DATABASE_ZIP).toFile())) {
            ZipEntry entry = zip.getEntry(DataFiles.DATABASE);
            if (entry == null) {
                throw new IOException("H2 left the database out of its copy");
            }
            try (InputStream in = zip.getInputStream(entry)) {
                Files.copy(in, database);
            }
        }
        return database;
    }

    private static void deleteLeftOver(Path data, Instant now) throws IOException {
        for (Path each : DataFiles.top(data)) {
            if (each.getFileName().toString().startsWith(DataFiles.COPY)
                    && Files.getLastModifiedTime(each).toInstant().isBefore(now.minus(LEFT_OVER))) {
                DataFiles.delete(each);
            }
        }
    }

    /** A directory that only its owner can enter. */
    static Path newDirectory(Path parent, String prefix) throws IOException {
        return parent.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? Files.createTempDirectory(
                        parent,
                        prefix,
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")))
                : Files.createTempDirectory(parent, prefix);
    }
}
