package dev.rivulet.tracker.signaling;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one thread of signalling: beats once a second, and tells everybody of a site what is new, in order. */
public final class Heartbeat implements Executor, AutoCloseable {
    private static final long BEAT_MS = 1000;

    private static final Logger log = LoggerFactory.getLogger(Heartbeat.class);

    private final ScheduledThreadPoolExecutor thread =
            new ScheduledThreadPoolExecutor(1, task -> new Thread(task, "signaling"));

    private @Nullable ScheduledFuture<?> beating;

    /** Milliseconds since whenever, never going back. */
    public static long nowMs() {
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
    }

    /** Beats for {@code signaling} from now on. */
    public void drive(Signaling signaling) {
        beating = thread.scheduleAtFixedRate(() -> guarded(signaling::beat), BEAT_MS, BEAT_MS, TimeUnit.MILLISECONDS);
    }

    /** After closing, news reaches nobody, since all connections are closed. */
    @Override
    public void execute(Runnable news) {
        try {
            thread.execute(() -> guarded(news));
        } catch (RejectedExecutionException e) {
            log.debug("news after closing", e);
        }
    }

    @Override
    public void close() {
        if (beating != null) {
            beating.cancel(false);
        }
        thread.shutdownNow();
    }

    /** An exception would end the beating for good. */
    private static void guarded(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            log.error("signalling failed at something that nobody asked for", e);
        }
    }
}
