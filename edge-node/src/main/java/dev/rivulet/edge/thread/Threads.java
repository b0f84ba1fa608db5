package dev.rivulet.edge.thread;

import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Daemon threads with names, so that none keeps a stopping process alive and a thread dump can be read. */
public final class Threads {
    private static final long STOP_MILLIS = 1000;
    private static final Logger log = LoggerFactory.getLogger(Threads.class);

    private Threads() {}

    /** Makes threads called {@code name-1}, {@code name-2} and so on. */
    public static ThreadFactory named(String name) {
        AtomicInteger count = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, name + "-" + count.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
    }

    /** One thread for tasks in order, at once or later; once shut down it takes tasks and does nothing. */
    public static ScheduledExecutorService single(String name) {
        ScheduledThreadPoolExecutor thread =
                new ScheduledThreadPoolExecutor(1, named(name), new ThreadPoolExecutor.DiscardPolicy());
        thread.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        return thread;
    }

    /** Lets the task under way finish, a moment at most, and drops the others. */
    public static void stop(ScheduledExecutorService thread) {
        thread.shutdown();
        try {
            if (!thread.awaitTermination(STOP_MILLIS, TimeUnit.MILLISECONDS)) {
                thread.shutdownNow();
            }
        } catch (InterruptedException e) {
            thread.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }

    /** Runs a task again and again until the thread is shut down, whatever the task throws. */
    public static void repeat(ScheduledExecutorService thread, Duration pause, Runnable task) {
        RareLog failures = new RareLog();
        Runnable tireless = () -> {
            try {
                task.run();
            } catch (RuntimeException | Error e) {
                failures.next().ifPresent(more -> log.error("a periodic task failed{}", more, e));
            }
        };
        var unused = thread.scheduleWithFixedDelay(tireless, pause.toMillis(), pause.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Runs a task once, later. */
    public static void after(ScheduledExecutorService thread, Duration pause, Runnable task) {
        var unused = thread.schedule(task, pause.toMillis(), TimeUnit.MILLISECONDS);
    }
}
