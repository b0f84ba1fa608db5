package dev.rivulet.edge.quota;

import dev.rivulet.edge.limit.MonthlyUsage;
import java.time.Instant;
import java.time.YearMonth;
import org.jspecify.annotations.Nullable;

/**
 * The month's transfer, and that of the month that was counted before. A clock may be wrong for a while, as that of a
 * machine that boots in 1970 until it has asked for the time: when it is right again the month goes on with what it had,
 * rather than at nothing.
 *
 * @param current the month that it is, as the clock says
 * @param left the month that it was before; later, if the clock was set back
 */
record MonthlyCount(MonthlyUsage current, @Nullable MonthlyUsage left) {
    /** Nothing yet. */
    static MonthlyCount none(Instant now) {
        return new MonthlyCount(MonthlyUsage.none(now), null);
    }

    /** As it is after some more. While the clock is behind, that counts for the later month as well. */
    MonthlyCount plus(long more, Instant now) {
        MonthlyUsage next = current.plus(more, now);
        boolean sameMonth = next.month().equals(current.month());
        MonthlyUsage other = sameMonth ? left : current;
        if (!sameMonth && left != null && left.month().equals(next.month())) {
            next = goesOn(left.bytes() + more, next);
        }
        return new MonthlyCount(next, other != null && isAfter(other, next.month()) ? plus(other, more) : other);
    }

    /** Back in a month that was counted; an earlier one has at least what the later one has. */
    private MonthlyUsage goesOn(long known, MonthlyUsage next) {
        boolean goesBack = isAfter(current, next.month());
        return new MonthlyUsage(next.month(), goesBack ? Math.max(known, next.bytes()) : known);
    }

    private static boolean isAfter(MonthlyUsage usage, YearMonth month) {
        return usage.month().isAfter(month);
    }

    private static MonthlyUsage plus(MonthlyUsage usage, long more) {
        return new MonthlyUsage(usage.month(), usage.bytes() + more);
    }
}
