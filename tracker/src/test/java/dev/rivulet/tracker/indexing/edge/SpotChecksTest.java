package dev.rivulet.tracker.indexing.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class SpotChecksTest {
    private static final int TIMES = 3200;

    private final Random random = new Random(1);

    @Test
    void newcomersAreAlwaysChecked() {
        for (int i = 0; i < TIMES; i++) {
            assertThat(SpotChecks.of(1, SpotChecks.PROBATION - 1, random)).containsExactly(0);
        }
    }

    @Test
    void afterwardsOnePieceInSoManyIsCheckedHoweverSmallTheResources() {
        int checked = 0;
        for (int i = 0; i < TIMES; i++) {
            checked += SpotChecks.of(1, SpotChecks.PROBATION, random).size();
        }

        assertThat(checked).isBetween(TIMES / SpotChecks.ONE_IN / 2, TIMES / SpotChecks.ONE_IN * 2);
    }

    @Test
    void ofLargeResourcesSomeDifferentPiecesAreChecked() {
        Set<Integer> seen = new HashSet<>();
        for (int i = 0; i < TIMES; i++) {
            Set<Integer> pieces = SpotChecks.of(4096, SpotChecks.PROBATION, random);
            assertThat(pieces).hasSize(SpotChecks.MOST).allMatch(piece -> piece >= 0 && piece < 4096);
            seen.addAll(pieces);
        }

        assertThat(seen).hasSizeGreaterThan(2048);
    }
}
