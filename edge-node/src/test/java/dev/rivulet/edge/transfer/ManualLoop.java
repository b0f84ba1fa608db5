package dev.rivulet.edge.transfer;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.Queue;

/** A loop whose thread is the test's and whose clock the test turns. */
public final class ManualLoop implements EventLoop {
    private record Pending(long dueNanos, long order, Runnable task) {}

    private final Queue<Runnable> due = new ArrayDeque<>();
    private final PriorityQueue<Pending> later =
            new PriorityQueue<>(Comparator.comparingLong(Pending::dueNanos).thenComparingLong(Pending::order));
    private long nowNanos = 1_000_000_007;
    private long order;

    @Override
    public void execute(Runnable task) {
        due.add(task);
    }

    @Override
    public Timer after(Duration delay, Runnable task) {
        Pending pending = new Pending(nowNanos + delay.toNanos(), order++, task);
        later.add(pending);
        return () -> later.remove(pending);
    }

    @Override
    public long nanoTime() {
        return nowNanos;
    }

    /** Runs what is due, and what that makes due. */
    public void run() {
        advance(Duration.ZERO);
    }

    /** Lets time pass, running everything in its order. */
    public void advance(Duration time) {
        long end = nowNanos + time.toNanos();
        while (true) {
            while (!due.isEmpty()) {
                due.remove().run();
            }
            Pending next = later.peek();
            if (next == null || next.dueNanos() > end) {
                nowNanos = end;
                return;
            }
            later.remove();
            nowNanos = Math.max(nowNanos, next.dueNanos());
            next.task().run();
        }
    }
}
