package dev.rivulet.edge.transfer;

import java.time.Duration;
import java.util.concurrent.Executor;

/**
 * One thread and one clock for all that concerns peers. What is said to belong to the loop is touched by its tasks
 * only, and so needs no locks; tasks must not block.
 */
public interface EventLoop extends Executor {
    /** A task that has not run yet. */
    interface Timer {
        /** The task will not run, unless it is running already. */
        void cancel();
    }

    /** Runs a task later, on the loop. */
    Timer after(Duration delay, Runnable task);

    /** The loop's clock, in nanoseconds since any fixed moment; any thread. */
    long nanoTime();
}
