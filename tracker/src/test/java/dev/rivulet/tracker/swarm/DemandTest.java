package dev.rivulet.tracker.swarm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rivulet.protocol.id.ContentId;
import dev.rivulet.protocol.id.PeerId;
import dev.rivulet.protocol.id.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class DemandTest {
    private static final ContentId FILM = content(-1);

    private final Random random = new Random(3);
    private final Demand demand = new Demand();

    @Test
    void whoAsksAgainCountsOnce() {
        PeerId page = PeerId.random(random);

        demand.asked(FILM, page);
        demand.asked(FILM, page);
        demand.asked(FILM, PeerId.random(random));

        assertThat(demand.of(FILM)).isEqualTo(2);
    }

    @Test
    void moreThanCanBeToldApartCountAllTheSame() {
        IntStream.range(0, 3 * Demand.MAX_ASKERS).forEach(i -> demand.asked(FILM, PeerId.random(random)));

        assertThat(demand.of(FILM)).isEqualTo(3 * Demand.MAX_ASKERS);
    }

    @Test
    void demandHalvesAndIsForgotten() {
        IntStream.range(0, 8).forEach(i -> demand.asked(FILM, PeerId.random(random)));

        rounds(Demand.HALF_LIFE_ROUNDS);
        assertThat(demand.of(FILM)).isEqualTo(4);
        rounds(5 * Demand.HALF_LIFE_ROUNDS);
        assertThat(demand.of(FILM)).isZero();
        assertThat(demand.hottest(10)).isEmpty();
    }

    @Test
    void whoStillAsksAfterAHalfLifeCountsAnew() {
        PeerId page = PeerId.random(random);
        demand.asked(FILM, page);
        demand.asked(FILM, PeerId.random(random));

        rounds(Demand.HALF_LIFE_ROUNDS);
        demand.asked(FILM, page);

        assertThat(demand.of(FILM)).isEqualTo(2);
    }

    @Test
    void theHottestComeFirst() {
        IntStream.range(0, 5).forEach(i -> ask(i, i + 1));

        assertThat(demand.hottest(3)).containsExactly(content(4), content(3), content(2));
    }

    @Test
    void whatWasAskedForLongestAgoIsForgottenFirst() {
        IntStream.rangeClosed(0, Demand.MAX_CONTENTS).forEach(i -> ask(i, 1));

        assertThat(demand.of(content(0))).isZero();
        assertThat(demand.of(content(1))).isEqualTo(1);
    }

    private void ask(int content, int times) {
        IntStream.range(0, times).forEach(i -> demand.asked(content(content), PeerId.random(random)));
    }

    private void rounds(int rounds) {
        IntStream.range(0, rounds).forEach(i -> demand.round());
    }

    private static ContentId content(int number) {
        return new ContentId(Sha256.of(Integer.toString(number).getBytes(StandardCharsets.UTF_8)));
    }
}
