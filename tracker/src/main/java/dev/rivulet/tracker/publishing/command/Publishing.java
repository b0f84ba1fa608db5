package dev.rivulet.tracker.publishing.command;

import dev.rivulet.protocol.DecodeException;
import dev.rivulet.protocol.InvalidValueException;
import dev.rivulet.protocol.catalog.PublishBody.Item;
import dev.rivulet.protocol.id.ResourceUrl;
import dev.rivulet.tracker.publishing.command.FileWalk.Skipped;
import dev.rivulet.tracker.publishing.command.Progress.Totals;
import dev.rivulet.tracker.publishing.command.PublishClient.Done;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** One run of {@code publish}: walks, hashes and sends. */
final class Publishing {
    /** Lines about skipped files; further ones are only counted. */
    private static final int MAX_SKIPPED_LINES = 20;

    private final PublishClient client;
    private final Addresses addresses;
    private final Statement statement;
    private final List<Skipped> skipped = new ArrayList<>();
    private final Batches batch = new Batches();
    private long changed;
    private @Nullable Done last;

    Publishing(PublishClient client, Addresses addresses, Statement statement) {
        this.client = client;
        this.addresses = addresses;
        this.statement = statement;
    }

    @SuppressWarnings("SystemConsoleNull") // Java 22 and later: only Console.isTerminal tells; 17 lacks it
    private static boolean isTerminal() {
        return System.console() != null;
    }

    /** Publishes everything below {@code directory}; returns a line about it. */
    String publish(Path directory, PrintStream log) throws IOException, InterruptedException {
        FileWalk.Found found = FileWalk.in(directory);
        skipped.addAll(found.skipped());
        Map<LocalFile, ResourceUrl> files = admitted(found.files());
        long bytes = files.keySet().stream().mapToLong(LocalFile::size).sum();
        tellSkipped(log);
        Progress progress = new Progress(
                log,
                isTerminal(),
                () -> TimeUnit.NANOSECONDS.toMillis(System.nanoTime()),
                new Totals(files.size(), bytes));
        try {
            for (Map.Entry<LocalFile, ResourceUrl> file : files.entrySet()) {
                add(item(file.getKey(), file.getValue(), progress));
                progress.fileDone();
            }
        } finally {
            progress.finish();
        }
        send();
        return summary(files.size(), bytes);
    }

    private Map<LocalFile, ResourceUrl> admitted(List<LocalFile> files) throws IOException {
        Map<LocalFile, ResourceUrl> admitted = new LinkedHashMap<>();
        for (LocalFile file : files) {
            try {
                ResourceUrl url = addresses.of(file.name());
                if (Playlists.isLive(file)) {
                    skipped.add(new Skipped(file.name(), "the playlist of a stream that goes on changes all the time"));
                } else {
                    admitted.put(file, url);
                }
            } catch (DecodeException e) {
                skipped.add(new Skipped(file.name(), e.reason()));
            }
        }
        return admitted;
    }

    private Item item(LocalFile file, ResourceUrl url, Progress progress) throws IOException {
        try {
            return statement.about(file, url, file.layout(progress::hashed));
        } catch (InvalidValueException e) {
            throw new IOException(file.name() + ": " + e.getMessage(), e);
        }
    }

    private void add(Item item) throws IOException, InterruptedException {
        if (!batch.hasRoomFor(item)) {
            send();
        }
        batch.add(item);
    }

    private void send() throws IOException, InterruptedException {
        if (!batch.isEmpty()) {
            last = client.publish(batch.take(false));
            changed += last.changed();
        }
    }

    private void tellSkipped(PrintStream log) {
        skipped.stream()
                .limit(MAX_SKIPPED_LINES)
                .forEach(file -> log.println("skipped " + file.name() + ": " + file.reason()));
        if (skipped.size() > MAX_SKIPPED_LINES) {
            log.println("skipped " + (skipped.size() - MAX_SKIPPED_LINES) + " more files");
        }
    }

    private String summary(int files, long bytes) {
        return "published " + files + " files (" + Progress.readable(bytes) + "): " + changed + " new or changed, "
                + (files - changed) + " unchanged, " + skipped.size() + " skipped"
                + (last == null ? "" : "; head " + last.epoch() + "." + last.sequence());
    }
}
