package dev.rivulet.edge.tracker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rivulet.edge.tracker.HoldingsDelta.Delta;
import dev.rivulet.protocol.id.ContentId;
import dev.rivulet.protocol.id.Sha256;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class HoldingsDeltaTest {
    private final List<ContentId> ids = IntStream.range(0, 30)
            .mapToObj(i -> new ContentId(Sha256.of(new byte[] {(byte) i})))
            .toList();
    private final HoldingsDelta delta = new HoldingsDelta(100);

    @Test
    void aChangeIsToldOnce() {
        delta.update(ids.get(0), true);

        assertThat(delta.next(10)).isEqualTo(new Delta(List.of(ids.get(0)), List.of()));
        assertThat(delta.next(10).isEmpty()).isTrue();
        delta.update(ids.get(0), true);
        assertThat(delta.next(10).isEmpty()).isTrue();
    }

    @Test
    void whatComesAndGoesBeforeItWasToldIsNotWorthTelling() {
        delta.update(ids.get(0), true);
        delta.update(ids.get(0), false);

        assertThat(delta.next(10).isEmpty()).isTrue();
    }

    @Test
    void anAnnouncementIsBoundedAndTheRestFollows() {
        delta.restart(new HashSet<>(ids));

        assertThat(delta.next(20).have()).hasSize(20);
        assertThat(delta.next(20).have()).hasSize(10);
        assertThat(delta.next(20).isEmpty()).isTrue();
    }

    @Test
    void afterANewWelcomeEverythingHeldIsToldAgainAndNothingDropped() {
        delta.update(ids.get(0), true);
        delta.next(10);

        delta.restart(Set.of(ids.get(1)));

        assertThat(delta.next(10)).isEqualTo(new Delta(List.of(ids.get(1)), List.of()));
    }

    @Test
    void noMoreIsToldThanTheTrackerTakes() {
        HoldingsDelta small = new HoldingsDelta(5);
        small.restart(new HashSet<>(ids));

        assertThat(small.next(100).have()).hasSize(5);
        assertThat(small.next(100).isEmpty()).isTrue();
    }

    @Test
    void aReviewFindsWhatChangedUnnoticed() {
        delta.update(ids.get(0), true);
        delta.update(ids.get(1), true);
        delta.next(10);

        delta.review(Set.of(ids.get(2)), id -> !id.equals(ids.get(0)));

        assertThat(delta.next(10)).isEqualTo(new Delta(List.of(ids.get(2)), List.of(ids.get(0))));
    }

    @Test
    void whatTheTrackerHasHeardIsWhatIsHeldInTheEnd() {
        Random random = new Random(3);
        Set<ContentId> held = new HashSet<>();
        Set<ContentId> heard = new HashSet<>();

        for (int round = 0; round < 2000; round++) {
            ContentId id = ids.get(random.nextInt(ids.size()));
            boolean now = random.nextBoolean();
            if (now) {
                held.add(id);
            } else {
                held.remove(id);
            }
            delta.update(id, now);
            if (random.nextInt(5) == 0) {
                hear(heard, delta.next(4));
            }
        }
        for (Delta next = delta.next(4); !next.isEmpty(); next = delta.next(4)) {
            hear(heard, next);
        }

        assertThat(heard).isEqualTo(held);
    }

    private static void hear(Set<ContentId> heard, Delta next) {
        assertThat(heard).containsAll(next.drop());
        next.drop().forEach(heard::remove);
        assertThat(next.have().stream().filter(heard::contains).collect(Collectors.toSet()))
                .isEmpty();
        heard.addAll(next.have());
    }
}
