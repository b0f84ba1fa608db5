package dev.rivulet.edge.limit;

import java.util.ArrayDeque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Who is next: takers in turn, what one taker asked for in order. A taker with much in the queue so waits no less, and
 * makes the others wait no longer, than one with little. Not for several threads.
 */
final class FairQueue<T> {
    private final Map<Object, Queue<T>> takers = new LinkedHashMap<>();

    boolean isEmpty() {
        return takers.isEmpty();
    }

    void add(Object taker, T item) {
        takers.computeIfAbsent(taker, unused -> new ArrayDeque<>()).add(item);
    }

    /** What is next; null: nothing waits. */
    @Nullable
    T peek() {
        return isEmpty() ? null : takers.values().iterator().next().peek();
    }

    /** Removes what is next, after which its taker is the last. */
    @Nullable
    T poll() {
        if (isEmpty()) {
            return null;
        }
        Iterator<Map.Entry<Object, Queue<T>>> first = takers.entrySet().iterator();
        Map.Entry<Object, Queue<T>> entry = first.next();
        Object taker = entry.getKey();
        Queue<T> waiting = entry.getValue();
        T next = waiting.poll();
        first.remove();
        if (!waiting.isEmpty()) {
            takers.put(taker, waiting);
        }
        return next;
    }

    /** Forgets everything of a taker. */
    Iterable<T> remove(Object taker) {
        Queue<T> waiting = takers.remove(taker);
        return waiting == null ? new ArrayDeque<>() : waiting;
    }
}
