package dev.rivulet.edge.peer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rivulet.edge.transfer.ManualLoop;
import dev.rivulet.protocol.Limits;
import dev.rivulet.protocol.id.ContentId;
import dev.rivulet.protocol.id.PeerId;
import dev.rivulet.protocol.id.Sha256;
import dev.rivulet.protocol.message.ClientMessage.Lookup;
import dev.rivulet.protocol.message.Role;
import dev.rivulet.protocol.message.TrackerMessage.Candidate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

final class LookupsTest {
    private final ManualLoop loop = new ManualLoop();
    private final List<Lookup> sent = new ArrayList<>();
    private final List<PeerId> connected = new ArrayList<>();
    private final Map<ContentId, List<Candidate>> told = new HashMap<>();
    private boolean trackerThere = true;
    private final Lookups lookups = new Lookups(
            loop,
            message -> {
                if (trackerThere && message instanceof Lookup lookup) {
                    sent.add(lookup);
                }
                return trackerThere;
            },
            () -> connected);

    @Test
    void theFirstQuestionIsAskedAtOnce() {
        find(1);

        assertThat(sent).hasSize(1);
        assertThat(sent.get(0).contents()).containsExactly(content(1));
    }

    @Test
    void whatIsAskedInQuickSuccessionSharesAMessage() {
        LongStream.rangeClosed(1, 20).forEach(this::find);
        loop.advance(Lookups.INTERVAL);
        loop.advance(Lookups.INTERVAL);

        assertThat(sent).extracting(lookup -> lookup.contents().size()).containsExactly(1, 16, 3);
    }

    @Test
    void theAnswerIsSharedOutByContent() {
        find(1);
        find(2);
        find(3);
        loop.advance(Lookups.INTERVAL);
        Candidate holder = new Candidate(TestEdge.peerId(9), Role.EDGE, List.of(content(2)), null);

        lookups.answered(sent.get(1).id(), List.of(holder));

        assertThat(told).containsOnly(Map.entry(content(2), List.of(holder)), Map.entry(content(3), List.of()));
    }

    @Test
    void anAnswerThatDoesNotComeIsNotWaitedForForever() {
        find(1);

        loop.advance(Lookups.PATIENCE);

        assertThat(told).containsEntry(content(1), List.of());
        lookups.answered(sent.get(0).id(), List.of());
        assertThat(told).hasSize(1);
    }

    @Test
    void withoutATrackerTheAnswerIsNobodyAtOnce() {
        trackerThere = false;

        find(1);

        assertThat(told).containsEntry(content(1), List.of());
    }

    @Test
    void noMoreIsAskedThanTheTrackerTakes() {
        for (int second = 0; second < 10; second++) {
            for (int i = 0; i < 1000; i++) {
                find(second * 1000L + i);
            }
            loop.advance(Duration.ofSeconds(1));
        }

        assertThat(sent).hasSizeLessThan(10 * Limits.MAX_MESSAGES_PER_SECOND / 4);
        loop.advance(Lookups.PATIENCE.plus(Duration.ofSeconds(1)));
        assertThat(told).hasSize(10_000);
    }

    @Test
    void thoseConnectedAreExcluded() {
        for (int peer = 0; peer < 100; peer++) {
            connected.add(TestEdge.peerId(peer));
        }

        find(1);

        assertThat(sent.get(0).exclude()).hasSize(Limits.MAX_EXCLUDED_PEERS).isSubsetOf(connected);
    }

    private void find(long number) {
        lookups.find(content(number), candidates -> told.put(content(number), candidates));
    }

    private static ContentId content(long number) {
        return new ContentId(new Sha256(number, 0, 0, 0));
    }
}
