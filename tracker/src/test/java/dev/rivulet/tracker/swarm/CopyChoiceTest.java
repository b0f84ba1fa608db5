package dev.rivulet.tracker.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rivulet.protocol.id.PeerId;
import dev.rivulet.tracker.swarm.CopyChoice.Option;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class CopyChoiceTest {
    private final Random random = new Random(5);

    @Test
    void whatOneVisitorAskedForNeedsNoCopy() {
        assertThat(CopyChoice.copies(CopyChoice.LEAST_DEMAND - 1)).isZero();
        assertThat(CopyChoice.copies(CopyChoice.LEAST_DEMAND)).isEqualTo(1);
    }

    @Test
    void copiesGrowWithDemandUpToABound() {
        assertThat(CopyChoice.copies(2 * CopyChoice.DEMAND_PER_COPY)).isEqualTo(3);
        assertThat(CopyChoice.copies(1_000_000)).isEqualTo(CopyChoice.MAX_COPIES);
    }

    @Test
    void whoHoldsItComesFirstThenTheHighestScore() {
        Option low = option(false, 4, 1);
        Option high = option(false, 4, 2);
        Option holder = option(true, 0, 0);

        assertThat(CopyChoice.choose(2, List.of(low, high, holder))).containsExactly(holder.edge());
        assertThat(CopyChoice.choose(CopyChoice.DEMAND_PER_COPY, List.of(low, high, holder)))
                .containsExactly(holder.edge(), high.edge());
    }

    @Test
    void whoHasNoRoomForPeersComesLast() {
        Option full = option(false, 0, 9);
        Option roomy = option(false, 1, 1);

        assertThat(CopyChoice.choose(2, List.of(full, roomy))).containsExactly(roomy.edge());
        assertThat(CopyChoice.choose(2, List.of(full))).containsExactly(full.edge());
    }

    @Test
    void thereAreNoMoreCopiesThanEdges() {
        List<Option> two =
                IntStream.range(0, 2).mapToObj(i -> option(false, 1, i)).toList();

        assertThat(CopyChoice.choose(1000, two)).hasSize(2);
    }

    private Option option(boolean holds, int slots, long rendezvous) {
        Traits edge = new Traits(true, false, new Network(1, 1), null);
        return new Option(new Member(PeerId.random(random), edge), holds, slots, rendezvous);
    }
}
