package dev.rivulet.edge.quota;

import dev.rivulet.edge.limit.MonthlyUsage;
import dev.rivulet.edge.thread.Threads;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts what is transferred in a month, sent and received together, and says when no more may be. The count is written
 * down at intervals: {@code kill -9} forgets what was transferred in the last {@link #WRITE_SECONDS} seconds.
 */
public final class MonthlyQuota implements AutoCloseable {
    /** The count is brought up to date so often: what exceeds the quota is one such span's, and what is under way. */
    static final Duration SAMPLE = Duration.ofSeconds(1);

    /** A changed count is written down after so many seconds: {@value}. */
    public static final int WRITE_SECONDS = 5;

    private static final Logger log = LoggerFactory.getLogger(MonthlyQuota.class);

    /**
     * How the month stands.
     *
     * @param limitBytes 0: no limit
     * @param closedFor how long nothing is served; zero: it is
     */
    public record Standing(MonthlyUsage usage, long limitBytes, Duration closedFor) {}

    private final UsageFile file;
    private final long limitBytes;
    private final LongSupplier total;
    private final InstantSource clock;
    private final ScheduledExecutorService thread = Threads.single("quota");
    private volatile MonthlyCount count;
    private MonthlyCount written;
    private Instant writtenAt;
    private long counted;
    private volatile boolean open = true;
    private boolean writable = true;

    /**
     * Takes up the count of the month.
     *
     * @param path of the file that keeps it
     * @param limitBytes 0: no limit
     * @param total bytes sent and received since the process started
     * @throws dev.rivulet.protocol.settings.ConfigException when the file is damaged
     */
    public MonthlyQuota(Path path, long limitBytes, LongSupplier total, InstantSource clock) {
        this.file = new UsageFile(path);
        this.limitBytes = limitBytes;
        this.total = total;
        this.clock = clock;
        this.writtenAt = clock.instant();
        this.count = file.read().orElseGet(() -> MonthlyCount.none(writtenAt)).plus(0, writtenAt);
        this.written = count;
        judge(writtenAt);
    }

    /** Begins to count. */
    public void start() {
        Threads.repeat(thread, SAMPLE, this::sample);
    }

    /** How the month stands; any thread. */
    public Standing standing() {
        return new Standing(count.current(), limitBytes, closedFor());
    }

    /** How long nothing is served; zero: it is. Any thread. */
    public Duration closedFor() {
        return open ? Duration.ZERO : count.current().closedFor(limitBytes, clock.instant());
    }

    /** Counts what came since the last time. */
    synchronized void sample() {
        Instant now = clock.instant();
        long sum = total.getAsLong();
        count = count.plus(sum - counted, now);
        counted = sum;
        boolean due = Duration.between(writtenAt, now).abs().toSeconds() >= WRITE_SECONDS;
        // Before anybody is refused: a kill may follow at once.
        if (!count.equals(written) && (due || opens(now) != open)) {
            write(now);
        }
        judge(now);
    }

    private boolean opens(Instant now) {
        return count.current().closedFor(limitBytes, now).isZero();
    }

    private void judge(Instant now) {
        boolean opens = opens(now);
        if (opens == open) {
            return;
        }
        open = opens;
        if (opens) {
            log.info("a new month: serving again");
        } else {
            log.warn(
                    "the monthly transfer of {} bytes is used up: nothing is served until {}; see monthly-transfer",
                    limitBytes,
                    count.current().ends());
        }
    }

    private void write(Instant now) {
        writtenAt = now;
        try {
            file.write(count);
            written = count;
            if (!writable) {
                log.info("the month's transfer is written down again");
            }
            writable = true;
        } catch (IOException e) {
            if (writable) {
                log.warn("the month's transfer cannot be written down ({}): a restart would forget it", e.toString());
            }
            writable = false;
        }
    }

    /** Writes the count down. */
    @Override
    public synchronized void close() {
        thread.shutdown();
        sample();
        if (!count.equals(written)) {
            write(clock.instant());
        }
    }
}
