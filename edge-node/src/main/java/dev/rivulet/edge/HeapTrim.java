package dev.rivulet.edge;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.VMOption;
import dev.rivulet.edge.thread.Threads;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives memory back that only garbage needed. Java's heap grows with the rate of garbage, up to a quarter of the machine,
 * and shrinks after a full collection only; an edge, most of whose objects live for a moment, would never have one: it
 * occupied 650 MB for 25 MB of objects. A collection takes some 50 ms for those, and happens when the heap has become
 * twice of what was needed after the last one, {@link #LEAST_BYTES} at least.
 */
final class HeapTrim implements AutoCloseable {
    /** A smaller heap is left alone. */
    static final long LEAST_BYTES = 128L << 20;

    /** How often is looked. */
    static final Duration PERIOD = Duration.ofSeconds(20);

    /** What is free of the heap after a collection at most, in percent; the rest is given back. */
    static final int MOST_FREE_PERCENT = 40;

    private static final Logger log = LoggerFactory.getLogger(HeapTrim.class);

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
        giveBackMore();
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

    private static void giveBackMore() {
        try {
            HotSpotDiagnosticMXBean java = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
            for (String bound : List.of("MinHeapFreeRatio", "MaxHeapFreeRatio")) {
                // What somebody asked for at the command line stays.
                if (java.getVMOption(bound).getOrigin() == VMOption.Origin.DEFAULT) {
                    int percent = bound.startsWith("Min") ? MOST_FREE_PERCENT / 2 : MOST_FREE_PERCENT;
                    java.setVMOption(bound, String.valueOf(percent));
                }
            }
        } catch (IllegalArgumentException | LinkageError e) {
            log.debug("this Java keeps more of what it does not need", e);
        }
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
