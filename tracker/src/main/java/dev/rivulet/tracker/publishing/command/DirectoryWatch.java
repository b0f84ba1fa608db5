package dev.rivulet.tracker.publishing.command;

import java.io.IOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Wakes whoever waits when something changes in some directories. It may miss changes, as on network file systems, or be
 * out of order altogether: who relies on it looks for himself now and then. Closing wakes, and may be done by any thread.
 */
final class DirectoryWatch implements AutoCloseable {
    /** Directories watched; the system has a limit for all programs together. */
    static final int MAX_DIRECTORIES = 1000;

    private final WatchService service;
    private final Set<Path> watched = new HashSet<>();
    /** Why not everything is watched; null when it is. */
    private @Nullable String gap;

    private DirectoryWatch(WatchService service) {
        this.service = service;
    }

    static DirectoryWatch open() throws IOException {
        return new DirectoryWatch(FileSystems.getDefault().newWatchService());
    }

    /** Watches these as well; true when some are new, so that something may have changed in them already. */
    boolean watch(Collection<Path> directories) {
        boolean someAreNew = false;
        for (Path directory : directories) {
            if (watched.contains(directory)) {
                continue;
            }
            if (watched.size() >= MAX_DIRECTORIES) {
                gap = "there are more than " + MAX_DIRECTORIES + " directories";
                break;
            }
            someAreNew |= register(directory);
        }
        return someAreNew;
    }

    private boolean register(Path directory) {
        try {
            directory.register(
                    service,
                    StandardWatchEventKinds.ENTRY_CREATE,
                    StandardWatchEventKinds.ENTRY_MODIFY,
                    StandardWatchEventKinds.ENTRY_DELETE);
            return watched.add(directory);
        } catch (IOException e) {
            gap = e.getMessage() == null ? e.toString() : e.getMessage();
            return false;
        } catch (ClosedWatchServiceException e) {
            return false;
        }
    }

    /** Why changes in some directories are not noticed; null when all are. */
    @Nullable
    String gap() {
        return gap;
    }

    /** Waits until something changed, but not longer than {@code ms} milliseconds. */
    void await(long ms) throws InterruptedException {
        try {
            WatchKey key = service.poll(ms, TimeUnit.MILLISECONDS);
            while (key != null) {
                key.pollEvents();
                if (!key.reset() && key.watchable() instanceof Path gone) {
                    watched.remove(gone);
                }
                key = service.poll();
            }
        } catch (ClosedWatchServiceException e) {
            // Whoever closed it wants the wait to end.
        }
    }

    @Override
    public void close() throws IOException {
        service.close();
    }
}
