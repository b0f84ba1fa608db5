package dev.rivulet.edge.peer.webrtc;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class DrainEstimateTest {
    private final DrainEstimate estimate = new DrainEstimate();

    @Test
    void nothingKnownIsAskedSoon() {
        assertThat(estimate.untilGone(1 << 20)).isEqualTo(DrainEstimate.SHORTEST_WAIT);
    }

    @Test
    void aSteadyRateSaysWhenTheExcessIsGone() {
        estimate.drained(1_000_000, Duration.ofSeconds(1).toNanos());

        assertThat(estimate.untilGone(10_000)).isEqualTo(Duration.ofMillis(10));
    }

    @Test
    void aStalledConnectionIsAskedRarelyButAsked() {
        estimate.drained(0, Duration.ofSeconds(1).toNanos());
        estimate.drained(1, Duration.ofSeconds(1).toNanos());

        assertThat(estimate.untilGone(1 << 20)).isEqualTo(DrainEstimate.LONGEST_WAIT);
    }

    @Test
    void aFastConnectionIsNotAskedWithoutPause() {
        estimate.drained(1 << 30, Duration.ofSeconds(1).toNanos());

        assertThat(estimate.untilGone(1)).isEqualTo(DrainEstimate.SHORTEST_WAIT);
    }

    @Test
    void theNewestRateCountsMostInTheLongRun() {
        estimate.drained(1_000_000, Duration.ofSeconds(1).toNanos());
        for (int i = 0; i < 40; i++) {
            estimate.drained(2_000_000, Duration.ofSeconds(1).toNanos());
        }

        assertThat(estimate.untilGone(10_000)).isBetween(Duration.ofNanos(4_990_000), Duration.ofNanos(5_010_000));
    }
}
