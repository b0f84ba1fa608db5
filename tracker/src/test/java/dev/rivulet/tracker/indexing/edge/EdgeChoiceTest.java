package dev.rivulet.tracker.indexing.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rivulet.protocol.DecodeException;
import dev.rivulet.protocol.id.PeerId;
import dev.rivulet.protocol.id.ResourceUrl;
import dev.rivulet.tracker.indexing.edge.EdgeChoice.Option;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class EdgeChoiceTest {
    private static final int URLS = 300;

    private final Random random = new Random(1);
    private final List<Option> edges = new ArrayList<>();

    EdgeChoiceTest() {
        for (int i = 0; i < 3; i++) {
            edges.add(new Option(PeerId.random(random), 0, 8));
        }
    }

    @Test
    void aUrlFallsToTheSameEdgeInWhateverOrderTheyAreAndAllHaveAShare() throws Exception {
        Map<PeerId, Integer> shares = new HashMap<>();
        for (int i = 0; i < URLS; i++) {
            PeerId chosen = choose(edges, i);
            Collections.shuffle(edges, random);
            assertThat(choose(edges, i)).isEqualTo(chosen);
            shares.merge(chosen, 1, Integer::sum);
        }

        assertThat(shares).hasSize(3).allSatisfy((edge, share) -> assertThat(share)
                .isGreaterThan(URLS / 6));
    }

    @Test
    void whoLeavesTakesOnlyItsOwnUrlsAlong() throws Exception {
        PeerId left = edges.get(0).id();
        List<Option> rest = edges.subList(1, 3);
        for (int i = 0; i < URLS; i++) {
            PeerId before = choose(edges, i);
            if (!before.equals(left)) {
                assertThat(choose(rest, i)).isEqualTo(before);
            }
        }
    }

    @Test
    void busyEdgesAreNotAskedAndThoseWithoutRoomForVisitorsLast() throws Exception {
        PeerId busy = edges.get(0).id();
        List<Option> some = List.of(
                new Option(busy, EdgeChoice.MAX_UNDER_WAY, 8),
                new Option(edges.get(1).id(), EdgeChoice.MAX_UNDER_WAY - 1, 0),
                new Option(edges.get(2).id(), 0, 1));
        for (int i = 0; i < URLS; i++) {
            assertThat(choose(some, i)).isEqualTo(edges.get(2).id());
            assertThat(choose(some.subList(0, 2), i)).isEqualTo(edges.get(1).id());
        }

        assertThat(EdgeChoice.choose(some.subList(0, 1), url(1))).isEmpty();
    }

    private static PeerId choose(List<Option> options, int url) throws DecodeException {
        return EdgeChoice.choose(options, url(url)).orElseThrow();
    }

    private static ResourceUrl url(int number) throws DecodeException {
        return ResourceUrl.parse("https://example.org/" + number);
    }
}
