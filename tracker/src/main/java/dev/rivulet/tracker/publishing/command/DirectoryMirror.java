package dev.rivulet.tracker.publishing.command;

import dev.rivulet.protocol.DecodeException;
import dev.rivulet.protocol.InvalidValueException;
import dev.rivulet.protocol.catalog.PublishBody;
import dev.rivulet.protocol.catalog.PublishBody.Item;
import dev.rivulet.tracker.playlist.Manifests;
import dev.rivulet.tracker.publishing.command.PublishClient.Done;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a site's catalog in step with a directory, one look after the other: what is complete is published, the newest
 * first, what is deleted is withdrawn, and playlists, which change, are left to the origin. Not thread-safe.
 */
final class DirectoryMirror {
    /** How long a withdrawal waits for others, or for something to publish, in milliseconds. */
    static final long WITHDRAW_MS = 10_000;
    /** After so many bytes of files are hashed, the directory is looked at again: something newer may be there. */
    static final long STRETCH_BYTES = 256L * 1024 * 1024;

    /** Shortest time after which an entry is said again, in milliseconds, however short it is fresh. */
    static final long LEAST_AGAIN_MS = 60_000;
    /** The tracker takes a longer freshness for this one (a year), in seconds. */
    private static final long MAX_AGE_SECONDS = 365L * 24 * 3600;

    private final Path directory;
    private final Addresses addresses;
    private final Statement statement;
    private final Tracker tracker;
    private final PrintStream log;

    private final Completeness completeness = new Completeness();
    private final Playlists playlists;
    /** What the catalog has of the directory, by name. */
    private final Map<String, Published> published = new HashMap<>();
    /** What cannot be published as it is. */
    private final Map<String, LocalFile> unfit = new HashMap<>();
    /** What the catalog need not have any more, and since when, in milliseconds. */
    private final Map<String, Long> gone = new LinkedHashMap<>();
    /** Playlists that are surely not in the catalog. */
    private final Set<String> retired = new HashSet<>();

    private final Batches batch = new Batches();
    private final Map<String, Published> batched = new LinkedHashMap<>();
    private final List<String> withdrawing = new ArrayList<>();

    /** An entry, and when it was said, in milliseconds. */
    private record Published(LocalFile file, Item item, long atMs) {}

    /** Takes what is published, however long that takes. */
    @FunctionalInterface
    interface Tracker {
        Done publish(PublishBody body) throws IOException, InterruptedException;
    }

    DirectoryMirror(Path directory, Addresses addresses, Statement statement, Tracker tracker, PrintStream log) {
        this.directory = directory;
        this.addresses = addresses;
        this.statement = statement;
        this.tracker = tracker;
        this.log = log;
        this.playlists = new Playlists(addresses.base());
    }

    /**
     * What a look saw.
     *
     * @param isDone whether all that was due is published
     * @param directories where was looked
     */
    record Seen(boolean isDone, List<Path> directories) {}

    /**
     * Looks once, and publishes what is due.
     *
     * @param nowMs milliseconds since whenever, never going back
     * @param isLast whether nothing should be put off
     */
    Seen look(Instant now, long nowMs, boolean isLast) throws IOException, InterruptedException {
        FileWalk.Found found = FileWalk.in(directory);
        playlists.look(found.files());
        List<LocalFile> due = completeness.of(found.files(), playlists::vouchFor, now, nowMs).stream()
                .filter(file -> isDue(file, nowMs))
                .sorted(Comparator.comparing(LocalFile::modified).reversed())
                .toList();
        noteGone(found.files(), nowMs);
        boolean isTime =
                !due.isEmpty() || isLast || gone.values().stream().anyMatch(sinceMs -> nowMs - sinceMs >= WITHDRAW_MS);
        if (isTime) {
            withdraw();
        }
        boolean isDone = publish(due, nowMs);
        send();
        return new Seen(isDone, found.directories());
    }

    private boolean isDue(LocalFile file, long nowMs) {
        if (Manifests.isManifest(file.name())) {
            return false;
        }
        LocalFile unfitBefore = unfit.get(file.name());
        if (unfitBefore != null && file.isUnchangedFrom(unfitBefore)) {
            return false;
        }
        Published before = published.get(file.name());
        return before == null || !file.isUnchangedFrom(before.file()) || isFading(before, nowMs);
    }

    /** Entries end with their freshness; those of files that stay are said again when half of it is over. */
    private static boolean isFading(Published before, long nowMs) {
        long maxAgeMs = TimeUnit.SECONDS.toMillis(Math.min(before.item().maxAge(), MAX_AGE_SECONDS));
        return maxAgeMs > 0 && nowMs - before.atMs() >= Math.max(maxAgeMs / 2, LEAST_AGAIN_MS);
    }

    private void noteGone(List<LocalFile> found, long nowMs) {
        Set<String> present = found.stream().map(LocalFile::name).collect(Collectors.toSet());
        gone.keySet().removeAll(present);
        published.keySet().stream()
                .filter(name -> !present.contains(name))
                .forEach(name -> gone.putIfAbsent(name, nowMs));
        // A playlist that was published before, as a file like others, would stay as it was then.
        present.stream()
                .filter(name -> Manifests.isManifest(name) && retired.add(name))
                .forEach(name -> gone.put(name, nowMs));
        retired.retainAll(present);
        unfit.keySet().retainAll(present);
    }

    private void withdraw() throws IOException, InterruptedException {
        for (String name : List.copyOf(gone.keySet())) {
            if (!batch.hasRoomForRemoval()) {
                send();
            }
            withdrawing.add(name);
            try {
                batch.remove(addresses.of(name));
            } catch (DecodeException e) {
                // A playlist that could not have been published.
            }
        }
    }

    /** False when it left some for the next look. */
    private boolean publish(List<LocalFile> due, long nowMs) throws IOException, InterruptedException {
        long bytes = 0;
        for (LocalFile file : due) {
            if (bytes >= STRETCH_BYTES) {
                return false;
            }
            Published before = published.get(file.name());
            Item item;
            if (before != null && file.isUnchangedFrom(before.file())) {
                item = before.item();
            } else {
                item = itemOf(file);
                bytes += file.size();
            }
            if (item != null) {
                if (!batch.hasRoomFor(item)) {
                    send();
                }
                batch.add(item);
                batched.put(file.name(), new Published(file, item, nowMs));
            }
        }
        return true;
    }

    /** Null when it cannot be published as it is. */
    private @Nullable Item itemOf(LocalFile file) {
        try {
            return statement.about(file, addresses.of(file.name()), file.layout(bytes -> {}));
        } catch (NoSuchFileException e) {
            return null;
        } catch (DecodeException e) {
            leave(file, e.reason());
        } catch (IOException | InvalidValueException e) {
            leave(file, String.valueOf(e.getMessage()));
        }
        return null;
    }

    private void leave(LocalFile file, String reason) {
        unfit.put(file.name(), file);
        log.println("publish: left out " + file.name() + ": " + reason);
    }

    private void send() throws IOException, InterruptedException {
        if (!batch.isEmpty()) {
            PublishBody body = batch.take(true);
            Done done = tracker.publish(body);
            log.println(summary(body, done));
        }
        published.putAll(batched);
        unfit.keySet().removeAll(batched.keySet());
        batched.clear();
        published.keySet().removeAll(withdrawing);
        gone.keySet().removeAll(withdrawing);
        withdrawing.clear();
    }

    private String summary(PublishBody body, Done done) {
        long bytes =
                batched.values().stream().mapToLong(each -> each.file().size()).sum();
        String newest =
                batched.keySet().stream().findFirst().map(name -> ", " + name).orElse("");
        return "published " + body.entries().size() + " files (" + Progress.readable(bytes) + newest + "), withdrew "
                + body.removed().size() + "; head " + done.epoch() + "." + done.sequence();
    }
}
