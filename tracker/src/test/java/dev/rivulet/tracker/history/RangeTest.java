package dev.rivulet.tracker.history;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RangeTest {
    private static final long NOW = 1_790_000_123;

    @ParameterizedTest
    @EnumSource(Range.class)
    void thePointsOfARangeEndWithThePresentSpan(Range range) {
        for (Step step : new Step[] {range.ofSites(), range.ofEdges(), range.ofContents()}) {
            long last = range.from(step, NOW) + (long) (range.points(step) - 1) * step.seconds();
            assertThat(last).isEqualTo(step.startOf(NOW));
        }
    }

    @ParameterizedTest
    @EnumSource(Range.class)
    void aRangeIsFoundByItsText(Range range) {
        assertThat(Range.of(range.text())).contains(range);
    }

    @ParameterizedTest
    @EnumSource(Range.class)
    void whatARangeAsksForIsKeptForThatLong(Range range) {
        long back = NOW - range.from(range.ofSites(), NOW);
        assertThat(Step.OF_SITES)
                .anyMatch(kept -> kept.step() == range.ofSites() && kept.age().toSeconds() >= back);
        assertThat(Step.OF_EDGES)
                .anyMatch(kept -> kept.step() == range.ofEdges()
                        && kept.age().toSeconds() >= NOW - range.from(range.ofEdges(), NOW));
        assertThat(Step.OF_CONTENTS)
                .anyMatch(kept -> kept.step() == range.ofContents()
                        && kept.age().toSeconds() >= NOW - range.from(range.ofContents(), NOW));
    }
}
