package dev.rivulet.edge.peer.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rivulet.edge.peer.PeerLink;
import org.junit.jupiter.api.Test;

final class SentAccountTest {
    private static final int FRAME = PeerLink.DRAINED_BYTES / 4;

    private final SentAccount account = new SentAccount();

    @Test
    void whatIsAcceptedCountsUntilItHasLeft() {
        accept(3);

        assertThat(account.buffered()).isEqualTo(3 * FRAME);
        assertThat(account.left(FRAME)).isFalse();
        assertThat(account.buffered()).isEqualTo(2 * FRAME);
    }

    @Test
    void creditIsBackOnceTheBufferHasDrained() {
        accept(6);

        assertThat(account.left(FRAME)).isFalse();
        assertThat(account.left(2 * FRAME)).isTrue();
        assertThat(account.left(3 * FRAME)).isFalse();
    }

    @Test
    void whatIsOnItsWayToTheProcessKeepsCreditBack() {
        accept(5);
        accept(5);

        assertThat(account.left(5 * FRAME)).isFalse();
        assertThat(account.left(10 * FRAME)).isTrue();
    }

    @Test
    void anotherMarkHoldsFromThenOn() {
        accept(3);
        account.drainedAt(FRAME);

        assertThat(account.left(FRAME)).isFalse();
        assertThat(account.left(2 * FRAME)).isTrue();
    }

    private void accept(int frames) {
        for (int i = 0; i < frames; i++) {
            account.accept(FRAME);
        }
    }
}
