package dev.rivulet.edge.peer;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class OfferBudgetTest {
    private static final int CONNECTIONS = 64;

    private final OfferBudget budget = new OfferBudget(CONNECTIONS, 0);
    private Duration now = Duration.ZERO;

    @Test
    void onePeerIsAnsweredAFewTimesAtOnce() {
        assertThat(answered(1, 100)).isEqualTo(OfferBudget.PEER_BURST);
    }

    @Test
    void thenItIsAnsweredNowAndThen() {
        answered(1, 100);

        now = OfferBudget.PEER_INTERVAL.minusMillis(1);
        assertThat(answered(1, 100)).isZero();
        now = OfferBudget.PEER_INTERVAL.plusMillis(1);
        assertThat(answered(1, 100)).isEqualTo(1);
        now = OfferBudget.PEER_INTERVAL.multipliedBy(100);
        assertThat(answered(1, 100)).isEqualTo(OfferBudget.PEER_BURST);
    }

    @Test
    void othersAreAnsweredAllTheSame() {
        answered(1, 100);

        assertThat(answered(2, 1)).isEqualTo(1);
    }

    @Test
    void aCrowdIsAnsweredUpToAsManyAsMayBeConnected() {
        assertThat(answeredOfDifferent(0, 10 * CONNECTIONS)).isEqualTo(CONNECTIONS);
    }

    @Test
    void thenACrowdIsAnsweredAtARate() {
        answeredOfDifferent(0, CONNECTIONS);

        now = Duration.ofSeconds(1);
        assertThat(answeredOfDifferent(CONNECTIONS, CONNECTIONS)).isEqualTo(OfferBudget.PER_SECOND);
        now = Duration.ofMinutes(1);
        assertThat(answeredOfDifferent(2 * CONNECTIONS, 10 * CONNECTIONS)).isEqualTo(CONNECTIONS);
    }

    @Test
    void whoWasNotAnsweredIsNotHeldBackForThat() {
        answeredOfDifferent(0, CONNECTIONS);
        assertThat(answered(1000, 100)).isZero();

        now = Duration.ofSeconds(1);
        assertThat(answered(1000, 100)).isEqualTo(OfferBudget.PEER_BURST);
    }

    @Test
    void theLongestUnheardOfIsForgotten() {
        OfferBudget large = new OfferBudget(2 * OfferBudget.MAX_PEERS, 0);
        for (int i = 0; i < OfferBudget.PEER_BURST; i++) {
            large.take(TestEdge.peerId(1), 0);
            large.take(TestEdge.peerId(2), 0);
        }
        for (int i = 0; i < OfferBudget.MAX_PEERS - 1; i++) {
            large.take(TestEdge.peerId(3 + i), 0);
        }

        assertThat(large.allows(TestEdge.peerId(1), 0)).isTrue();
        assertThat(large.allows(TestEdge.peerId(2), 0)).isFalse();
    }

    private int answered(long peer, int offers) {
        int answered = 0;
        for (int i = 0; i < offers; i++) {
            answered += answer(peer) ? 1 : 0;
        }
        return answered;
    }

    private int answeredOfDifferent(long first, int peers) {
        int answered = 0;
        for (int i = 0; i < peers; i++) {
            answered += answer(first + i) ? 1 : 0;
        }
        return answered;
    }

    private boolean answer(long peer) {
        boolean allowed = budget.allows(TestEdge.peerId(peer), now.toNanos());
        if (allowed) {
            budget.take(TestEdge.peerId(peer), now.toNanos());
        }
        return allowed;
    }
}
