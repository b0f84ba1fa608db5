package dev.rivulet.edge.peer.webrtc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rivulet.edge.peer.PeerLink;
import org.junit.jupiter.api.Test;

final class SendCreditTest {
    private static final int FRAME = PeerLink.DRAINED_BYTES / 4;

    private final SendCredit credit = new SendCredit();

    @Test
    void whatIsAcceptedCountsUntilItHasLeft() {
        send(3);

        assertThat(credit.buffered()).isEqualTo(3 * FRAME);
        assertThat(credit.beginWatch(0)).isFalse();
    }

    @Test
    void aFilledBufferIsWatchedByOne() {
        send(5);

        assertThat(credit.beginWatch(0)).isTrue();
        assertThat(credit.beginWatch(0)).isFalse();
    }

    @Test
    void creditIsBackOnceTheBufferHasDrained() {
        send(6);
        assertThat(credit.beginWatch(0)).isTrue();

        assertThat(credit.look(5 * FRAME, 1)).isFalse();
        assertThat(credit.look(4 * FRAME, 2)).isTrue();
        assertThat(credit.buffered()).isEqualTo(4 * FRAME);
    }

    @Test
    void anotherMarkIsWatchedForFromThenOn() {
        send(2);
        assertThat(credit.beginWatch(0)).isFalse();

        credit.drainedAt(0);

        assertThat(credit.beginWatch(1)).isTrue();
        assertThat(credit.look(FRAME, 2)).isFalse();
        assertThat(credit.look(0, 3)).isTrue();
        assertThat(credit.buffered()).isZero();
        assertThat(credit.beginWatch(4)).isFalse();
    }

    @Test
    void aBufferFilledAgainIsWatchedAgain() {
        send(5);
        assertThat(credit.beginWatch(0)).isTrue();
        assertThat(credit.look(0, 1)).isTrue();

        send(5);

        assertThat(credit.beginWatch(2)).isTrue();
    }

    @Test
    void whatWasAcceptedButNotHandedOverCountsAsBuffered() {
        send(5);
        credit.accept(FRAME);
        assertThat(credit.beginWatch(0)).isTrue();

        assertThat(credit.look(0, 1)).isTrue();

        assertThat(credit.buffered()).isEqualTo(FRAME);
    }

    private void send(int frames) {
        for (int i = 0; i < frames; i++) {
            credit.accept(FRAME);
            credit.handOver(FRAME);
        }
    }
}
