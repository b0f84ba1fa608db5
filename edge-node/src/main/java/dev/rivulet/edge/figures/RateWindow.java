package dev.rivulet.edge.figures;

import java.util.ArrayDeque;
import java.util.Deque;

/** How fast a sum grows, of late. Not for several threads. */
final class RateWindow {
    /** Samples that count; with one a second, the rate is that of the last {@value} seconds. */
    static final int SAMPLES = 10;

    private static final double NANOS_PER_SECOND = 1e9;

    private record Sample(long nanos, long sum) {}

    private final Deque<Sample> samples = new ArrayDeque<>();

    /** Takes note of the sum as it is now. */
    void sample(long nowNanos, long sum) {
        samples.addLast(new Sample(nowNanos, sum));
        if (samples.size() > SAMPLES + 1) {
            samples.removeFirst();
        }
    }

    /** Per second; 0 before there are two samples. */
    long perSecond() {
        if (samples.size() < 2) {
            return 0;
        }
        Sample first = samples.getFirst();
        Sample last = samples.getLast();
        double seconds = (last.nanos() - first.nanos()) / NANOS_PER_SECOND;
        return seconds <= 0 ? 0 : Math.round((last.sum() - first.sum()) / seconds);
    }
}
