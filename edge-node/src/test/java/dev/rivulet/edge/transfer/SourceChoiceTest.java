package dev.rivulet.edge.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rivulet.protocol.id.PeerId;
import dev.rivulet.protocol.message.Role;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class SourceChoiceTest {
    private static final int PIECE = 262144;

    @Test
    void nobodyWithRoomMeansNobody() {
        assertThat(SourceChoice.best(List.of(source(1, Role.EDGE, 0, 0, 0)), PIECE))
                .isEmpty();
        assertThat(SourceChoice.best(List.of(), PIECE)).isEmpty();
    }

    @Test
    void theFasterOfTwoIsAsked() {
        PeerSource slow = source(1, Role.PAGE, 8, 0, 100_000);
        PeerSource fast = source(2, Role.PAGE, 8, 0, 9_000_000);

        assertThat(SourceChoice.best(List.of(slow, fast), PIECE)).contains(fast);
    }

    @Test
    void aFarFasterPageIsAskedBeforeASlowEdge() {
        PeerSource edge = source(1, Role.EDGE, 8, 0, 100_000);
        PeerSource page = source(2, Role.PAGE, 8, 0, 9_000_000);

        assertThat(SourceChoice.best(List.of(edge, page), PIECE)).contains(page);
    }

    @Test
    void manyPiecesAreSpreadOverAllSources() {
        Map<Integer, Integer> asked = new HashMap<>();
        for (int piece = 0; piece < 30; piece++) {
            PeerSource best = SourceChoice.best(
                            List.of(
                                    queued(1, Role.EDGE, asked),
                                    queued(2, Role.EDGE, asked),
                                    queued(3, Role.PAGE, asked)),
                            PIECE)
                    .orElseThrow();
            asked.merge((int) best.peer().low(), 1, Integer::sum);
        }

        assertThat(asked.get(1)).isEqualTo(12);
        assertThat(asked.get(2)).isEqualTo(12);
        assertThat(asked.get(3)).isEqualTo(6);
    }

    @Test
    void equalSourcesAreToldApartByTheirIds() {
        PeerSource one = source(1, Role.EDGE, 8, 0, 0);
        PeerSource two = source(2, Role.EDGE, 8, 0, 0);

        assertThat(SourceChoice.best(List.of(two, one), PIECE)).contains(one);
    }

    private static PeerSource queued(int id, Role role, Map<Integer, Integer> asked) {
        return source(id, role, 64, (long) asked.getOrDefault(id, 0) * PIECE, 0);
    }

    private static PeerSource source(int id, Role role, int room, long queued, double rate) {
        return new PeerSource(new PeerId(id, id), role, room, queued, rate, false, 0);
    }
}
