package dev.rivulet.edge.peer.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rivulet.edge.peer.process.Drain.Step;
import org.junit.jupiter.api.Test;

final class DrainTest {
    private static final long START = Long.MAX_VALUE - 5; // System.nanoTime may overflow
    private static final long LONGEST = Drain.LONGEST.toNanos();

    private final Drain drain = new Drain(START);

    @Test
    void itEndsWithTheLastLink() {
        assertThat(drain.next(START + 1, 1)).isEqualTo(Step.RETIRE);
        assertThat(drain.next(START + 2, 0)).isEqualTo(Step.END);
    }

    @Test
    void linksAreToldToEndAtOnce() {
        assertThat(drain.next(START, 3)).isEqualTo(Step.RETIRE);
    }

    @Test
    void linksMadeMeanwhileAreToldToo() {
        assertThat(drain.next(START, 3)).isEqualTo(Step.RETIRE);
        assertThat(drain.next(START + 1, 4)).isEqualTo(Step.RETIRE);
    }

    @Test
    void whatHasNotEndedInTimeIsCut() {
        assertThat(drain.next(START + LONGEST - 1, 3)).isEqualTo(Step.RETIRE);
        assertThat(drain.next(START + LONGEST, 1)).isEqualTo(Step.END);
    }
}
