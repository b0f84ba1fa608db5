package dev.rivulet.edge;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.rivulet.edge.config.EdgeSettings;
import dev.rivulet.edge.limit.OpenFiles;
import dev.rivulet.edge.limit.PieceMemory;
import dev.rivulet.edge.limit.Sending;
import dev.rivulet.edge.limit.SharedRate;
import dev.rivulet.edge.limit.TokenBucket;
import dev.rivulet.edge.quota.MonthlyQuota;
import dev.rivulet.edge.thread.Threads;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How much this edge may move.
 *
 * @param downloads charged for everything fetched
 * @param sending asked before anything is sent
 * @param memory for pieces on their way
 */
record EdgeLimits(TokenBucket downloads, Sending sending, MonthlyQuota quota, PieceMemory memory) {
    private static final Logger log = LoggerFactory.getLogger(EdgeLimits.class);

    /** After which somebody who is refused because of a stale catalog may ask again. */
    private static final Duration STALE_PAUSE = Duration.ofMinutes(1);

    /** Turns are given out no more often than this, several at a time. */
    private static final Duration LEAST_PAUSE = Duration.ofMillis(1);

    /**
     * Sets the limits up.
     *
     * @param usage of the file that keeps the month's transfer
     * @param total bytes sent and received since the process started
     * @param stale whether nothing may be given because it is not known what is taken down
     */
    static EdgeLimits of(EdgeSettings settings, Closers closers, Path usage, LongSupplier total, BooleanSupplier stale)
            throws IOException {
        long now = System.nanoTime();
        ScheduledExecutorService thread = Threads.single("rates");
        closers.add(thread::shutdownNow);
        TokenBucket uploads = new TokenBucket(settings.uploadRate().bytes(), now);
        MonthlyQuota quota =
                closers.add(new MonthlyQuota(usage, settings.monthlyTransfer().bytes(), total, InstantSource.system()));
        Sending sending = new Sending(
                new SharedRate(uploads, new SystemTiming(thread)),
                () -> closedFor(quota, stale),
                () -> quota.closedFor().isZero() ? Sending.STALE : Sending.MONTH);
        return new EdgeLimits(
                new TokenBucket(settings.downloadRate().bytes(), now), sending, quota, pieceMemory(settings));
    }

    private static PieceMemory pieceMemory(EdgeSettings settings) {
        long heap = heapBytes();
        PieceMemory memory = PieceMemory.within(settings.pieceMemory().bytes(), heap);
        if (settings.pieceMemory().bytes() > heap / PieceMemory.HEAP_SHARE) {
            log.warn(
                    "piece-memory is {}, but Java has {} MiB of heap, half of which pieces may take: raise -Xmx, or lower"
                            + " piece-memory",
                    settings.pieceMemory(),
                    heap >> 20);
        }
        return memory;
    }

    /** What this process's heap may grow to. */
    static long heapBytes() {
        return Runtime.getRuntime().maxMemory();
    }

    private static Duration closedFor(MonthlyQuota quota, BooleanSupplier stale) {
        Duration month = quota.closedFor();
        return month.isZero() && stale.getAsBoolean() ? STALE_PAUSE : month;
    }

    /** Files that may be open at a time; {@link Long#MAX_VALUE} where that is not known. */
    static long openFiles() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean unix
                ? unix.getMaxFileDescriptorCount()
                : Long.MAX_VALUE;
    }

    /** Says so when fewer files may be open than the configured connections can need. */
    static void checkOpenFiles(EdgeSettings settings) {
        int http = settings.http() == null ? 0 : settings.httpConnections();
        int needed = OpenFiles.needed(http, settings.originConnections(), settings.maxPeers());
        long allowed = openFiles();
        if (allowed < needed) {
            log.warn(
                    "{} files may be open, and the configured connections can need {}: raise it (LimitNOFILE={} in the"
                            + " systemd unit, or ulimit -n {}), or lower http-connections or max-peers",
                    allowed,
                    needed,
                    needed,
                    needed);
        }
    }

    private record SystemTiming(ScheduledExecutorService thread) implements SharedRate.Timing {
        @Override
        public long nanoTime() {
            return System.nanoTime();
        }

        @Override
        public void after(Duration delay, Runnable task) {
            long nanos = Math.max(delay.toNanos(), LEAST_PAUSE.toNanos());
            var unused = thread.schedule(task, nanos, TimeUnit.NANOSECONDS);
        }
    }
}
