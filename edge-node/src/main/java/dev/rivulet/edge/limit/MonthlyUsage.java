package dev.rivulet.edge.limit;

import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneOffset;

/**
 * What was transferred in a calendar month (UTC), sent and received together.
 *
 * @param bytes 0 or more
 */
public record MonthlyUsage(YearMonth month, long bytes) {
    public MonthlyUsage {
        if (bytes < 0) {
            throw new IllegalArgumentException(bytes + " bytes");
        }
    }

    /** Nothing yet. */
    public static MonthlyUsage none(Instant now) {
        return new MonthlyUsage(monthOf(now), 0);
    }

    /**
     * As it is after some more. A new month begins at nothing; a clock that went back to an earlier month does not, for
     * it would give the same month's transfer twice.
     */
    public MonthlyUsage plus(long more, Instant now) {
        YearMonth current = monthOf(now);
        return new MonthlyUsage(current, (current.isAfter(month) ? 0 : bytes) + more);
    }

    /** When the next month begins. */
    public Instant ends() {
        return month.plusMonths(1).atDay(1).atStartOfDay(ZoneOffset.UTC).toInstant();
    }

    /**
     * How long to wait for the next month because this one's transfer is used up; zero: it is not.
     *
     * @param limitBytes 0: no limit
     */
    public Duration closedFor(long limitBytes, Instant now) {
        boolean usedUp = limitBytes > 0 && bytes >= limitBytes;
        Duration left = Duration.between(now, ends());
        return usedUp && !left.isNegative() ? left : Duration.ZERO;
    }

    private static YearMonth monthOf(Instant now) {
        return YearMonth.from(now.atOffset(ZoneOffset.UTC));
    }
}
