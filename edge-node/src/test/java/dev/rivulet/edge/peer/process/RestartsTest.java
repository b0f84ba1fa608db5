package dev.rivulet.edge.peer.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class RestartsTest {
    private static final Duration SHORT = Duration.ofSeconds(3);

    private final Restarts restarts = new Restarts();

    @Test
    void theFirstDeathsAreAnsweredAtOnce() {
        for (int i = 0; i < Restarts.AT_ONCE; i++) {
            assertThat(restarts.afterDeath(SHORT)).isZero();
        }
    }

    @Test
    void whoDiesAgainAndAgainIsStartedLaterAndLater() {
        dieAtOnce();

        assertThat(restarts.afterDeath(SHORT)).isEqualTo(Restarts.FIRST);
        assertThat(restarts.afterDeath(Duration.ZERO)).isEqualTo(Restarts.FIRST.multipliedBy(2));
        assertThat(restarts.afterDeath(SHORT)).isEqualTo(Restarts.FIRST.multipliedBy(4));
        for (int i = 0; i < 100; i++) {
            assertThat(restarts.afterDeath(SHORT)).isLessThanOrEqualTo(Restarts.LONGEST);
        }
        assertThat(restarts.afterDeath(SHORT)).isEqualTo(Restarts.LONGEST);
    }

    @Test
    void aLongLifeMakesUpForEarlierDeaths() {
        dieAtOnce();
        assertThat(restarts.afterDeath(SHORT)).isPositive();

        assertThat(restarts.afterDeath(Restarts.LONG_LIFE)).isZero();
        assertThat(restarts.afterDeath(SHORT)).isZero();
    }

    @Test
    void whatCannotBeStartedIsTriedLaterAndLaterUntilSomethingCould() {
        assertThat(restarts.afterObstacle()).isEqualTo(Restarts.FIRST);
        assertThat(restarts.afterObstacle()).isEqualTo(Restarts.FIRST.multipliedBy(2));
        for (int i = 0; i < 100; i++) {
            assertThat(restarts.afterObstacle()).isLessThanOrEqualTo(Restarts.LONGEST_OBSTACLE);
        }
        assertThat(restarts.afterObstacle()).isEqualTo(Restarts.LONGEST_OBSTACLE);

        assertThat(restarts.afterDeath(SHORT)).isZero();
        assertThat(restarts.afterObstacle()).isEqualTo(Restarts.FIRST);
    }

    private void dieAtOnce() {
        for (int i = 0; i < Restarts.AT_ONCE; i++) {
            assertThat(restarts.afterDeath(SHORT)).isZero();
        }
    }
}
