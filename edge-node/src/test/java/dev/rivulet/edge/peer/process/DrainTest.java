package dev.rivulet.edge.peer.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rivulet.edge.peer.process.Drain.Step;
import org.junit.jupiter.api.Test;

final class DrainTest {
    private static final long START = Long.MAX_VALUE - 5; // System.nanoTime may overflow
    private static final long PATIENCE = Drain.PATIENCE.toNanos();
    private static final long FINISHING = Drain.FINISHING.toNanos();

    private final Drain drain = new Drain(START);

    @Test
    void itEndsWithTheLastLink() {
        assertThat(drain.next(START, 3, false)).isEqualTo(Step.WAIT);
        assertThat(drain.next(START + 1, 0, false)).isEqualTo(Step.END);
    }

    @Test
    void afterItsPatienceLinksAreRetiredOnceAndThenCut() {
        assertThat(drain.next(START + PATIENCE - 1, 3, false)).isEqualTo(Step.WAIT);
        assertThat(drain.next(START + PATIENCE, 3, false)).isEqualTo(Step.RETIRE);
        assertThat(drain.next(START + PATIENCE + FINISHING - 1, 3, false)).isEqualTo(Step.WAIT);
        assertThat(drain.next(START + PATIENCE + FINISHING, 1, false)).isEqualTo(Step.END);
    }

    @Test
    void aSuccessorThatHasToGoTooDoesNotWaitForVisitorsToLeave() {
        assertThat(drain.next(START + 1, 3, true)).isEqualTo(Step.RETIRE);
        assertThat(drain.next(START + 2, 3, true)).isEqualTo(Step.WAIT);
        assertThat(drain.next(START + 1 + FINISHING, 3, true)).isEqualTo(Step.END);
    }
}
