package dev.rivulet.edge.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class TokenBucketTest {
    private static final long RATE = 1 << 20;
    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    @Test
    void neverGivesOutMoreThanTheRateAndTheBurst() {
        TokenBucket bucket = new TokenBucket(RATE, 0);
        Random random = new Random(1);
        long taken = 0;
        long now = 0;
        while (now < 20 * SECOND) {
            now += random.nextLong(SECOND / 20);
            int bytes = random.nextInt(TokenBucket.LEAST_BURST_BYTES) + 1;
            taken += bucket.tryTake(bytes, now) ? bytes : 0;

            assertThat((double) taken).isLessThanOrEqualTo(bucket.burstBytes() + (double) RATE * now / SECOND);
        }
        assertThat(taken).isGreaterThan(18 * RATE);
    }

    @Test
    void saysHowLongToWaitForWhatIsNotThere() {
        TokenBucket bucket = new TokenBucket(RATE, 0);
        assertThat(bucket.take(bucket.burstBytes(), 0)).isZero();

        Duration wait = bucket.until(1 << 15, 0);

        assertThat(bucket.tryTake(1 << 15, wait.toNanos() - 1000)).isFalse();
        assertThat(bucket.tryTake(1 << 15, wait.toNanos())).isTrue();
    }

    @Test
    void whoTakesWhatIsNotThereWaitsUntilItWouldHaveBeen() {
        TokenBucket bucket = new TokenBucket(RATE, 0);
        assertThat(bucket.take(bucket.burstBytes(), 0)).isZero();

        assertThat(bucket.take(RATE, 0)).isEqualTo(Duration.ofSeconds(1));
        assertThat(bucket.take(RATE, 0)).isEqualTo(Duration.ofSeconds(2));
        assertThat(bucket.take(RATE, 2 * SECOND)).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void aRestFillsItNoFurtherThanTheBurst() {
        TokenBucket bucket = new TokenBucket(RATE, 0);

        assertThat(bucket.take(bucket.burstBytes() + RATE, 1000 * SECOND)).isEqualTo(Duration.ofSeconds(1));
    }

    @Test
    void aClockThatGoesBackGivesNothing() {
        TokenBucket bucket = new TokenBucket(RATE, SECOND);
        assertThat(bucket.take(bucket.burstBytes(), SECOND)).isZero();

        assertThat(bucket.tryTake(1, 0)).isFalse();
    }

    @Test
    void withoutALimitEverythingIsThere() {
        TokenBucket bucket = TokenBucket.unlimited();

        assertThat(bucket.isUnlimited()).isTrue();
        assertThat(bucket.tryTake(Integer.MAX_VALUE, 0)).isTrue();
        assertThat(bucket.take(Long.MAX_VALUE, 0)).isZero();
        assertThat(bucket.until(Integer.MAX_VALUE, 0)).isZero();
    }
}
