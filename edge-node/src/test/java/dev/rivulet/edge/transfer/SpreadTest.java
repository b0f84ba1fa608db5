package dev.rivulet.edge.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rivulet.protocol.id.ContentId;
import dev.rivulet.protocol.id.Sha256;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SpreadTest {
    private static final ContentId CONTENT = new ContentId(Sha256.of(new byte[] {1}));

    private final AtomicLong nanos = new AtomicLong();
    private final Spread spread = new Spread(nanos::get);

    @Test
    void whatNothingIsKnownOfCountsOnce() {
        assertThat(spread.uses(CONTENT)).isEqualTo(1);
    }

    @Test
    void theFewerHoldAContentTheMoreAUseOfItCounts() {
        spread.amongNeighbours(CONTENT, 0);
        assertThat(spread.uses(CONTENT)).isEqualTo(4);

        spread.amongNeighbours(CONTENT, 1);
        assertThat(spread.uses(CONTENT)).isEqualTo(2);

        spread.amongNeighbours(CONTENT, 2);
        assertThat(spread.uses(CONTENT)).isEqualTo(1);

        spread.amongNeighbours(CONTENT, 300);
        assertThat(spread.uses(CONTENT)).isEqualTo(1);
    }

    @Test
    void whoKnowsOfMoreHoldersIsBelieved() {
        spread.amongNeighbours(CONTENT, 0);
        spread.byTracker(CONTENT, 5);
        assertThat(spread.uses(CONTENT)).isEqualTo(1);

        spread.byTracker(CONTENT, 0);
        assertThat(spread.uses(CONTENT)).isEqualTo(4);

        spread.amongNeighbours(CONTENT, 1);
        assertThat(spread.uses(CONTENT)).isEqualTo(2);
    }

    @Test
    void whatWasHeardLongAgoIsNotBelieved() {
        spread.byTracker(CONTENT, 0);
        nanos.addAndGet(Spread.BELIEVED.toNanos() - 1);
        assertThat(spread.uses(CONTENT)).isEqualTo(4);

        nanos.addAndGet(1);

        assertThat(spread.uses(CONTENT)).isEqualTo(1);
    }
}
