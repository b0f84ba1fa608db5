package dev.rivulet.edge.peer.process;

import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;

/** Does as much work as it was given permits for, and the rest when there are more. */
final class Permits implements Executor {
    private final Executor workers;
    private final Semaphore permits;

    Permits(Executor workers, int permits) {
        this.workers = workers;
        this.permits = new Semaphore(permits);
    }

    void release() {
        permits.release(1 << 20);
    }

    @Override
    public void execute(Runnable task) {
        workers.execute(() -> {
            permits.acquireUninterruptibly();
            task.run();
        });
    }
}
