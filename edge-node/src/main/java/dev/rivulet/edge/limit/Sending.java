package dev.rivulet.edge.limit;

import java.time.Duration;
import java.util.function.Supplier;

/**
 * What may be sent.
 *
 * @param rate which all payload shares, whoever it goes to
 * @param closedFor how long nothing is served, since the month's transfer is used up or the catalog is stale; zero while
 *     neither is so
 * @param why nothing is served, and what to do about it, for who asks; while nothing is
 */
public record Sending(SharedRate rate, Supplier<Duration> closedFor, Supplier<String> why) {
    /** The month's transfer is used up. */
    public static final String MONTH =
            "this edge's transfer of the month is used up (monthly-transfer), and begins anew"
                    + " at the month's turn (UTC): fetch from the origin meanwhile, or raise monthly-transfer on the edge";

    /** The catalog is stale. */
    public static final String STALE = "this edge's catalog is too old to know what the site has taken down, since its"
            + " tracker cannot be reached: fetch from the origin, or try again when the tracker is back";

    /** No limit. */
    public static final Sending UNLIMITED = new Sending(SharedRate.unlimited(), () -> Duration.ZERO);

    /** With no other reason to serve nothing than the month's transfer. */
    public Sending(SharedRate rate, Supplier<Duration> closedFor) {
        this(rate, closedFor, () -> MONTH);
    }

    /** Whether anything is served at present. */
    public boolean isOpen() {
        return closedFor.get().isZero();
    }
}
