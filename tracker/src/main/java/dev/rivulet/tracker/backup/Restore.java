package dev.rivulet.tracker.backup;

import dev.rivulet.protocol.id.SiteId;
import dev.rivulet.protocol.settings.ConfigException;
import dev.rivulet.tracker.catalog.CatalogPosition;
import dev.rivulet.tracker.database.CatalogTables;
import dev.rivulet.tracker.database.TrackerDatabase;
import dev.rivulet.tracker.keys.Ownership;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Puts a backup into a data directory, with a new epoch of every site's catalog. */
public final class Restore {
    /** What stays where it is: the cache, and what belongs to the file system. */
    private static final Set<String> STAYING = Set.of(DataFiles.PIECES, "lost+found");

    /**
     * A site whose catalog goes on in a new epoch.
     *
     * @param former the epoch in the backup
     */
    public record Raised(SiteId site, long epoch, long former) {}

    /**
     * What was done.
     *
     * @param aside where what was in the directory is now; null where there was nothing
     */
    public record Restored(List<Raised> sites, @Nullable Path aside) {}

    private final Path data;
    private final Instant now;

    private Restore(Path data, Instant now) {
        this.data = data;
        this.now = now;
    }

    /**
     * Restores {@code backup} into {@code data}. Throws {@link ConfigException}, with nothing changed, when the backup is
     * not whole, or the directory is in use, or holds something and {@code replace} is false.
     */
    public static Restored into(Path data, Path backup, boolean replace, Instant now) throws IOException {
        try (Archive archive = Archive.open(backup)) {
            return new Restore(data, now).restore(archive, replace);
        }
    }

    /** Throws {@link ConfigException} when a restore of {@code data} was broken off half-way. */
    public static void refuseHalfDone(Path data) {
        try {
            for (Path each : DataFiles.top(data)) {
                if (each.getFileName().toString().startsWith(DataFiles.SWAPPED)) {
                    throw new ConfigException(
                            "data",
                            data.toString(),
                            "a restore was broken off half-way (" + each.getFileName()
                                    + "); run it again, with --replace");
                }
            }
        } catch (IOException e) {
            throw new ConfigException("data", data.toString(), "cannot be read: " + e);
        }
    }

    @SuppressWarnings("try") // The lock is only held.
    private Restored restore(Archive archive, boolean replace) throws IOException {
        List<Path> present = DataFiles.top(data).stream()
                .filter(each -> !STAYING.contains(each.getFileName().toString()))
                .toList();
        if (!present.isEmpty() && !replace) {
            throw new ConfigException(
                    "data",
                    data.toString(),
                    "is not empty; name another directory, or say --replace to put aside what it holds");
        }
        Files.createDirectories(data);
        // Nobody can open the former database meanwhile.
        try (FileChannel former = lock()) {
            Path staged = Backup.newDirectory(data, DataFiles.STAGED);
            try {
                archive.extract(staged);
                List<Raised> raised = raise(staged);
                return new Restored(raised, swap(staged, present));
            } finally {
                DataFiles.delete(staged);
            }
        }
    }

    /** The former database's file, locked as H2 locks it; null where there is none. */
    private @Nullable FileChannel lock() throws IOException {
        Path file = data.resolve(DataFiles.DATABASE);
        if (!Files.exists(file)) {
            return null;
        }
        FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
        try {
            if (channel.tryLock() != null) {
                return channel;
            }
        } catch (OverlappingFileLockException e) {
            // In this very process.
        }
        channel.close();
        throw new ConfigException("data", data.toString(), "another process uses this directory; stop it first");
    }

    /**
     * Clients refuse a catalog that is older than what they have seen, unless its epoch is newer. How far the lost catalog
     * had come is not known here, nor how often this backup was restored before; but no epoch is ahead of the clock.
     */
    private List<Raised> raise(Path staged) throws IOException {
        List<Raised> raised = new ArrayList<>();
        try (TrackerDatabase database = TrackerDatabase.open(staged)) {
            CatalogTables tables = new CatalogTables(database);
            for (SiteId site : tables.sites()) {
                CatalogPosition kept = tables.position(site);
                long epoch = Math.max(kept.epoch() + 1, now.getEpochSecond());
                tables.advance(site, kept.inEpoch(epoch));
                raised.add(new Raised(site, epoch, kept.epoch()));
            }
            tables.sync();
        }
        return raised;
    }

    /** Puts what is staged in the place of what is there, and that aside. */
    private @Nullable Path swap(Path staged, List<Path> present) throws IOException {
        Ownership.handOver(staged, data);
        Path swapped = data.resolve(DataFiles.SWAPPED + staged.getFileName());
        // From here on a start of the tracker is refused until all is done.
        Files.move(staged, swapped);
        Path aside = null;
        if (!present.isEmpty()) {
            aside = Backup.newDirectory(data, DataFiles.REPLACED);
            Ownership.handOver(aside, data);
            for (Path each : present) {
                Files.move(each, aside.resolve(each.getFileName()));
            }
        }
        for (Path each : DataFiles.top(swapped)) {
            Files.move(each, data.resolve(each.getFileName()));
        }
        Files.delete(swapped);
        return aside;
    }
}
