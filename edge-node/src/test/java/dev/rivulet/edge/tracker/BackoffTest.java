package dev.rivulet.edge.tracker;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

final class BackoffTest {
    @Test
    void waitsDoubleUpToTheLongest() {
        Backoff backoff = new Backoff(always(1.0 - 0x1p-53));

        long[] millis =
                LongStream.generate(() -> backoff.next().toMillis()).limit(9).toArray();

        assertThat(millis).containsExactly(1000, 2000, 4000, 8000, 16000, 32000, 60000, 60000, 60000);
    }

    @Test
    void whoIsRefusedWaitsLonger() {
        Backoff backoff = new Backoff(always(1.0 - 0x1p-53));

        long[] seconds = LongStream.generate(
                        () -> backoff.next(Backoff.LONGEST_REFUSED).toSeconds())
                .limit(12)
                .toArray();

        assertThat(seconds).containsExactly(1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900);
    }

    @Test
    void chanceHalvesTheWaitAtMost() {
        assertThat(new Backoff(always(0)).next().toMillis()).isEqualTo(500);
    }

    @Test
    void successStartsOver() {
        Backoff backoff = new Backoff(always(0));
        IntStream.range(0, 100).forEach(unused -> assertThat(backoff.next()).isPositive());

        backoff.reset();

        assertThat(backoff.next().toMillis()).isEqualTo(500);
    }

    private static java.util.random.RandomGenerator always(double chance) {
        return new java.util.random.RandomGenerator() {
            @Override
            public long nextLong() {
                throw new UnsupportedOperationException();
            }

            @Override
            public double nextDouble() {
                return chance;
            }
        };
    }
}
