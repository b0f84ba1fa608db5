package dev.rivulet.edge.thread;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class RareLogTest {
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 10);
    private final RareLog rare = new RareLog(nanos::get);

    @Test
    void theFirstIsToldAtOnceAndOthersAreSummedUp() {
        assertThat(rare.next()).hasValue("");
        for (int i = 0; i < 1_000; i++) {
            assertThat(rare.next()).isEmpty();
        }

        nanos.addAndGet(RareLog.PERIOD.toNanos());

        assertThat(rare.next()).hasValue(" (and 1000 more since the last such line)");
        assertThat(rare.next()).isEmpty();
        nanos.addAndGet(2 * RareLog.PERIOD.toNanos());
        assertThat(rare.next()).hasValueSatisfying(more -> assertThat(more).contains("1 more"));
        nanos.addAndGet(RareLog.PERIOD.toNanos());
        assertThat(rare.next()).hasValue("");
    }
}
