package dev.rivulet.edge.figures;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class RateWindowTest {
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    private final RateWindow window = new RateWindow();

    @Test
    void oneSampleIsNoRate() {
        assertThat(window.perSecond()).isZero();
        window.sample(0, 1000);
        assertThat(window.perSecond()).isZero();
    }

    @Test
    void theLastSamplesCount() {
        long sum = 0;
        for (int second = 0; second < 100; second++) {
            sum += second < 50 ? 1_000_000 : 7;
            window.sample(second * SECOND, sum);
        }

        assertThat(window.perSecond()).isEqualTo(7);
    }
}
