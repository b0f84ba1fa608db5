package dev.rivulet.edge.limit;

import java.time.Duration;
import java.util.function.Supplier;

/**
 * What may be sent.
 *
 * @param rate which all payload shares, whoever it goes to
 * @param closedFor how long nothing is served, since the month's transfer is used up or the catalog is stale; zero while
 *     neither is so
 */
public record Sending(SharedRate rate, Supplier<Duration> closedFor) {
    /** No limit. */
    public static final Sending UNLIMITED = new Sending(SharedRate.unlimited(), () -> Duration.ZERO);

    /** Whether anything is served at present. */
    public boolean isOpen() {
        return closedFor.get().isZero();
    }
}
