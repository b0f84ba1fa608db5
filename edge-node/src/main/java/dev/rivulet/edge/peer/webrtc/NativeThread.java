package dev.rivulet.edge.peer.webrtc;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * The one thread that calls into the native library. Native calls wait for the library's own threads, so a callback on
 * one of those must never wait for this one; handing work over with {@link #run} does not.
 */
final class NativeThread {
    private static final Duration STOP_PATIENCE = Duration.ofSeconds(5);

    private final ScheduledThreadPoolExecutor executor;

    NativeThread() {
        executor = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "rivulet-webrtc");
            thread.setDaemon(true);
            return thread;
        });
        executor.setRemoveOnCancelPolicy(true);
        executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    /** Something to do on this thread. */
    interface Work {
        void run() throws Exception;
    }

    /**
     * Does it later on this thread.
     *
     * @param failed takes what {@code work} throws
     * @return whether it will be done; false once stopped
     */
    boolean run(Work work, Consumer<Throwable> failed) {
        return runAfter(Duration.ZERO, work, failed);
    }

    /** As {@link #run}, after a delay; what is still delayed when this thread stops is not done. */
    boolean runAfter(Duration delay, Work work, Consumer<Throwable> failed) {
        try {
            Future<?> accepted = executor.schedule(guarded(work, failed), delay.toNanos(), TimeUnit.NANOSECONDS);
            return !accepted.isCancelled();
        } catch (RejectedExecutionException stopped) {
            return false;
        }
    }

    /** Runs a task and waits for it, however long it takes. */
    <T> T call(Callable<T> task) throws ExecutionException, InterruptedException {
        return executor.submit(task).get();
    }

    /** Runs a last task, waits for it within bounds, and ends the thread. */
    void stop(Runnable last) {
        Future<?> done = executor.submit(last);
        executor.shutdown();
        try {
            done.get(STOP_PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            executor.shutdownNow();
        }
    }

    private static Runnable guarded(Work work, Consumer<Throwable> failed) {
        return () -> {
            try {
                work.run();
            } catch (Throwable e) {
                failed.accept(e);
            }
        };
    }
}
