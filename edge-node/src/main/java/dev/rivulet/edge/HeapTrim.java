package dev.rivulet.edge;

import dev.rivulet.edge.thread.Threads;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;

/**
 * Gives memory back that only garbage needed. Java's heap grows with the rate of garbage, up to a quarter of the machine,
 * and shrinks after a full collection only; an edge, most of whose objects live for a moment, would never have one: it
 * occupied 650 MB for 25 MB of objects. A collection takes some 50 ms for those, and happens when the heap has become
 * twice of what was needed after the last one, {@link #LEAST_BYTES} at least.
 */
final class HeapTrim implements AutoCloseable {
    /** A smaller heap is left alone. */
    static final long LEAST_BYTES = 192L << 20;

    /** How often is looked. */
    static final Duration PERIOD = Duration.ofSeconds(20);

    /** The heap of a Java process. */
    interface Heap {
        /** Bytes that it has taken from the system. */
        long committedBytes();

        /** Finds all garbage, and gives back what is free then, as far as the process was told to. */
        void collect();
    }

    private final Heap heap;
    private final ScheduledExecutorService thread = Threads.single("heap-trim");
    private long largestBytes = LEAST_BYTES;

    HeapTrim(Heap heap) {
        this.heap = heap;
    }

    /** Looks after the heap of this process, until closed. */
    static HeapTrim ofThisProcess() {
        HeapTrim trim = new HeapTrim(new Heap() {
            @Override
            public long committedBytes() {
                return Runtime.getRuntime().totalMemory();
            }

            @Override
            public void collect() {
                System.gc();
            }
        });
        Threads.repeat(trim.thread, PERIOD, trim::look);
        return trim;
    }

    /** Collects if the heap has become too large. */
    void look() {
        if (heap.committedBytes() > largestBytes) {
            heap.collect();
            largestBytes = Math.max(LEAST_BYTES, 2 * heap.committedBytes());
        }
    }

    @Override
    public void close() {
        Threads.stop(thread);
    }
}
