package dev.rivulet.edge.store;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a store of a former version left, until it is taken over; until then it takes its share of the size bound. */
final class FormerStore {
    private static final Logger log = LoggerFactory.getLogger(FormerStore.class);

    private final FormerFiles files;
    private final Deque<FormerFiles.Content> left = new ArrayDeque<>();
    private final AtomicLong bytes = new AtomicLong();

    /** Finds and counts it; {@link #takeOver} does the rest. */
    FormerStore(Disk disk, Path root) throws IOException {
        this.files = new FormerFiles(disk, root, freed -> bytes.addAndGet(-freed));
        left.addAll(files.find());
        if (!left.isEmpty()) {
            bytes.set(FormerFiles.FIXED_BYTES
                    + left.stream().mapToLong(FormerFiles.Content::bytes).sum());
            log.info("taking over {} contents of a store of the former version", left.size());
        }
    }

    /** What is left of it takes on the disk. Any thread may ask. */
    long bytes() {
        return bytes.get();
    }

    /**
     * Takes over the next content. Blocks on the disk. Not for several threads.
     *
     * @return whether there was one
     */
    boolean takeOver(DiskHealth health, FormerFiles.Taker taker) {
        FormerFiles.Content next = left.poll();
        try {
            if (next != null) {
                files.takeOver(next, taker);
            } else if (bytes.get() != 0) {
                files.tidyUp();
                bytes.set(0);
                log.info("took over the store of the former version");
            }
        } catch (IOException e) {
            health.failed("take over " + (next == null ? "the former store" : next.directory()), e);
        }
        return next != null;
    }
}
