package dev.rivulet.tracker.signaling;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class TokenBucketTest {
    private final TokenBucket bucket = new TokenBucket(100, 5, 0);

    @Test
    void burstsUpToItsCapacity() {
        assertThat(taken(0, 10)).isEqualTo(5);
    }

    @Test
    void refillsAtItsRate() {
        taken(0, 10);

        assertThat(taken(9, 10)).isZero();
        assertThat(taken(10, 10)).isEqualTo(1);
        assertThat(taken(35, 10)).isEqualTo(2);
        assertThat(taken(40, 10)).isEqualTo(1);
    }

    @Test
    void neverHoldsMoreThanItsCapacity() {
        assertThat(taken(1_000_000, 10)).isEqualTo(5);
    }

    private int taken(long nowMs, int attempts) {
        int taken = 0;
        for (int i = 0; i < attempts; i++) {
            taken += bucket.take(nowMs) ? 1 : 0;
        }
        return taken;
    }
}
