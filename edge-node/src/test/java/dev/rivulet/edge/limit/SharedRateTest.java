package dev.rivulet.edge.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rivulet.edge.transfer.ManualLoop;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

public final class SharedRateTest {
    private static final long RATE = 1 << 20;
    private static final int TURN = SharedRate.MAX_TURN_BYTES;

    private final ManualLoop loop = new ManualLoop();
    private final TokenBucket bucket = new TokenBucket(RATE, loop.nanoTime());
    private final SharedRate rate = new SharedRate(bucket, timing(loop));
    private final Map<String, Integer> given = new HashMap<>();

    /** Time as a manual loop has it. */
    public static SharedRate.Timing timing(ManualLoop loop) {
        return new SharedRate.Timing() {
            @Override
            public long nanoTime() {
                return loop.nanoTime();
            }

            @Override
            public void after(Duration delay, Runnable task) {
                loop.after(delay, task);
            }
        };
    }

    /** Wants more as soon as it got some, for ever. */
    private void greedy(String taker, int bytes) {
        while (rate.take(taker, bytes, () -> {
            given.merge(taker, bytes, Integer::sum);
            greedy(taker, bytes);
        })) {
            given.merge(taker, bytes, Integer::sum);
        }
    }

    @Test
    void whoWaitsGetsAsMuchAsAnyOther() {
        for (int i = 0; i < 50; i++) {
            // Each of its requests waits in the queue: fifty times what the others have there.
            greedy("many", TURN);
        }
        greedy("one", TURN);
        greedy("another", TURN);
        given.clear();

        loop.advance(Duration.ofSeconds(30));

        assertThat(given.get("one")).isEqualTo(given.get("another"));
        assertThat(given.get("many")).isBetween(given.get("one") - TURN, given.get("one") + TURN);
        int sum = given.values().stream().mapToInt(Integer::intValue).sum();
        assertThat((long) sum).isBetween(29 * RATE, 30 * RATE + TURN);
    }

    @Test
    void aNewcomerWaitsForOneTurnOfEachOther() {
        greedy("first", TURN);
        greedy("second", TURN);
        given.clear();
        greedy("newcomer", TURN);

        while (!given.containsKey("newcomer")) {
            loop.advance(Duration.ofMillis(1));
        }

        assertThat(given.get("first")).isLessThanOrEqualTo(TURN);
        assertThat(given.get("second")).isLessThanOrEqualTo(TURN);
    }

    @Test
    void whoWithdrawsIsNotGivenAnything() {
        greedy("first", TURN);
        greedy("second", TURN);
        given.clear();
        assertThat(rate.backlog()).isPositive();

        rate.withdraw("first");
        loop.advance(Duration.ofSeconds(1));

        assertThat(given).containsOnlyKeys("second");
        rate.withdraw("second");
        assertThat(rate.backlog()).isZero();
    }

    @Test
    void withoutALimitItIsAlwaysOnesTurn() {
        SharedRate unlimited = SharedRate.unlimited();

        assertThat(unlimited.take("any", TURN, () -> {
                    throw new AssertionError("told");
                }))
                .isTrue();
        assertThat(unlimited.backlog()).isZero();
    }

    @Test
    void aTurnIsShort() {
        assertThatThrownBy(() -> rate.take("any", TURN + 1, () -> {})).isInstanceOf(IllegalArgumentException.class);
    }
}
