package dev.rivulet.edge.indexing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class PaceTest {
    private static final int RATE = 1_000_000;

    @Test
    void aReaderThatWaitsAsLongAsItIsToldKeepsToTheRate() {
        long now = 0;
        Pace pace = new Pace(RATE, now);
        for (int i = 0; i < 10; i++) {
            now += pace.read(RATE / 10, now);
        }

        assertThat(TimeUnit.NANOSECONDS.toMillis(now)).isEqualTo(1000);
    }

    @Test
    void afterASlowStretchLittleIsMadeUpFor() {
        long later = TimeUnit.SECONDS.toNanos(100);
        Pace pace = new Pace(RATE, 0);

        assertThat(TimeUnit.NANOSECONDS.toMillis(pace.read(RATE, later))).isEqualTo(1000 - Pace.BURST_MS);
    }
}
