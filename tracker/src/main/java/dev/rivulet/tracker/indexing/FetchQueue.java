package dev.rivulet.tracker.indexing;

import dev.rivulet.tracker.indexing.FetchTask.Reason;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Which resource to fetch when: one fetch per URL however many ask, a bounded number at once over all and per origin,
 * and a bounded rate of requests per origin. Not thread-safe.
 */
final class FetchQueue {
    /** Fetches under way at one origin. */
    static final int MAX_PER_ORIGIN = 2;

    private static final long SECOND_MS = 1000;
    private static final Comparator<FetchTask> EARLIEST_FIRST = Comparator.comparingLong(FetchTask::notBeforeMs)
            .thenComparing(task -> task.url().url())
            .thenComparing(task -> task.url().site());

    private final Bounds bounds;
    private final Map<SiteUrl, FetchTask> waiting = new HashMap<>();
    private final TreeSet<FetchTask> inOrder = new TreeSet<>(EARLIEST_FIRST);
    /** The tasks under way; the value is what to do afterwards. */
    private final Map<SiteUrl, @Nullable FetchTask> running = new HashMap<>();

    private final Map<String, Origin> origins = new LinkedHashMap<>();

    FetchQueue(Bounds bounds) {
        this.bounds = bounds;
    }

    /**
     * How much at once.
     *
     * @param concurrency fetches under way
     * @param requestsPerSecond fetches begun per second at one origin
     * @param waiting tasks that wait
     */
    record Bounds(int concurrency, int requestsPerSecond, int waiting) {}

    /** What to do now. */
    sealed interface Next {
        /** Fetch this; {@link #finished} has to be called afterwards. */
        record Start(FetchTask task) implements Next {}

        /** Ask again at this time, or when a task finished or was added. */
        record Wait(long untilMs) implements Next {}

        /** Ask again when a task finished or was added. */
        record Idle() implements Next {}
    }

    /** Adds a task, or joins it with the one for the same URL; false when there is no room. */
    boolean add(FetchTask task) {
        if (running.containsKey(task.url())) {
            // What is under way answers the same question, unless bytes were seen that contradict it.
            if (task.reason() == Reason.CONTRADICTED) {
                running.put(task.url(), task);
            }
            return true;
        }
        FetchTask before = waiting.get(task.url());
        if (before == null && waiting.size() >= bounds.waiting()) {
            return false;
        }
        put(before == null ? task : before.mergedWith(task));
        return true;
    }

    /** Whether the URL waits or is being fetched. */
    boolean contains(SiteUrl url) {
        return waiting.containsKey(url) || running.containsKey(url);
    }

    /** Takes the next task that may begin. */
    Next next(long nowMs) {
        if (running.size() >= bounds.concurrency()) {
            return new Next.Idle();
        }
        long earliestMs = Long.MAX_VALUE;
        for (FetchTask task : inOrder) {
            if (task.notBeforeMs() > nowMs) {
                earliestMs = Math.min(earliestMs, task.notBeforeMs());
                break;
            }
            Origin origin = origins.computeIfAbsent(task.url().url().origin(), name -> new Origin());
            if (origin.running >= MAX_PER_ORIGIN) {
                continue;
            }
            if (origin.nextMs <= nowMs) {
                return start(task, origin, nowMs);
            }
            earliestMs = Math.min(earliestMs, origin.nextMs);
        }
        return earliestMs == Long.MAX_VALUE ? new Next.Idle() : new Next.Wait(earliestMs);
    }

    /** What {@link #next} gave has been done. */
    void finished(FetchTask task, long nowMs) {
        FetchTask afterwards = running.remove(task.url());
        String name = task.url().url().origin();
        Origin origin = origins.get(name);
        if (origin != null) {
            origin.running--;
        }
        if (afterwards != null) {
            put(afterwards);
        }
        origins.values().removeIf(each -> each.running == 0 && each.nextMs <= nowMs);
    }

    private Next start(FetchTask task, Origin origin, long nowMs) {
        waiting.remove(task.url());
        inOrder.remove(task);
        running.put(task.url(), null);
        origin.running++;
        origin.nextMs = nowMs + Math.max(1, SECOND_MS / bounds.requestsPerSecond());
        return new Next.Start(task);
    }

    private void put(FetchTask task) {
        FetchTask before = waiting.put(task.url(), task);
        if (before != null) {
            inOrder.remove(before);
        }
        inOrder.add(task);
    }

    private static final class Origin {
        private int running;
        private long nextMs = Long.MIN_VALUE;
    }
}
