package dev.rivulet.edge.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import org.junit.jupiter.api.Test;

final class MonthlyUsageTest {
    private static final Instant NOVEMBER = Instant.parse("2026-11-30T23:59:50Z");
    private static final Instant DECEMBER = Instant.parse("2026-12-01T00:00:00Z");

    private final MonthlyUsage usage = new MonthlyUsage(YearMonth.of(2026, 11), 100);

    @Test
    void aMonthAddsUpAndTheNextBeginsAtNothing() {
        assertThat(usage.plus(5, NOVEMBER)).isEqualTo(new MonthlyUsage(YearMonth.of(2026, 11), 105));
        assertThat(usage.plus(5, DECEMBER)).isEqualTo(new MonthlyUsage(YearMonth.of(2026, 12), 5));
        assertThat(usage.plus(5, Instant.parse("2031-02-01T00:00:00Z")))
                .isEqualTo(new MonthlyUsage(YearMonth.of(2031, 2), 5));
    }

    @Test
    void aClockThatGoesBackAMonthForgivesNothing() {
        MonthlyUsage back = usage.plus(5, Instant.parse("2026-10-31T12:00:00Z"));

        assertThat(back).isEqualTo(new MonthlyUsage(YearMonth.of(2026, 10), 105));
    }

    @Test
    void usedUpItIsClosedUntilTheMonthsTurn() {
        assertThat(usage.closedFor(101, NOVEMBER)).isZero();
        assertThat(usage.closedFor(100, NOVEMBER)).isEqualTo(Duration.ofSeconds(10));
        assertThat(usage.closedFor(100, DECEMBER)).isZero();
        assertThat(usage.ends()).isEqualTo(DECEMBER);
    }

    @Test
    void withoutALimitItIsNeverClosed() {
        assertThat(usage.closedFor(0, NOVEMBER)).isZero();
    }
}
