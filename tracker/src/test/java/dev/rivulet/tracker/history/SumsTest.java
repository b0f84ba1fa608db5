package dev.rivulet.tracker.history;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class SumsTest {
    @Test
    void offloadCountsWhatEdgesAndTheIndexerCostTheOrigin() {
        Sums sums = sums(Map.of(
                Sum.STORE,
                1000L,
                Sum.PEERS,
                60L,
                Sum.EDGES,
                20L,
                Sum.ORIGIN,
                20L,
                Sum.EDGE_ORIGIN,
                5L,
                Sum.INDEX_ORIGIN,
                15L));

        assertThat(sums.offload()).isEqualTo(0.6);
        assertThat(sums.saved()).isEqualTo(60);
        assertThat(sums.fromOrigins()).isEqualTo(40);
    }

    @Test
    void whereIndexingCostMoreThanItSavedOffloadIsNothing() {
        Sums sums = sums(Map.of(Sum.PEERS, 10L, Sum.INDEX_ORIGIN, 15L));

        assertThat(sums.offload()).isZero();
        assertThat(sums.saved()).isEqualTo(-5);
    }

    @Test
    void nothingIsNoOffload() {
        assertThat(Sums.NOTHING.offload()).isZero();
    }

    private static Sums sums(Map<Sum, Long> values) {
        return Sums.of(sum -> values.getOrDefault(sum, 0L));
    }
}
