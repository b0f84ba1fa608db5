package dev.rivulet.tracker.catalog;

import dev.rivulet.protocol.id.Sha256;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * How far a site's catalog has come; none of it ever goes back.
 *
 * @param epoch raised when a backup was restored
 * @param sequence of the last head of the epoch; 0 when it has none yet
 * @param batch of the last batch that extends that head; 0 when none does
 * @param head the JWS text of that head; null when the epoch has none yet
 */
public record CatalogPosition(
        long epoch, long sequence, long batch, @Nullable String head) {
    /** Of a new catalog. */
    public static final CatalogPosition START = new CatalogPosition(1, 0, 0, null);

    /** After another head. */
    public CatalogPosition withHead(String text) {
        return new CatalogPosition(epoch, sequence + 1, 0, text);
    }

    /** After another batch. */
    public CatalogPosition withBatch() {
        return new CatalogPosition(epoch, sequence, batch + 1, head);
    }

    /**
     * In a later epoch, which has no head yet.
     *
     * @throws IllegalArgumentException when {@code later} is none
     */
    public CatalogPosition inEpoch(long later) {
        if (later <= epoch) {
            throw new IllegalArgumentException("epoch " + later + " after " + epoch);
        }
        return new CatalogPosition(later, 0, 0, null);
    }

    /** What the next head names as its previous one. */
    public @Nullable Sha256 previous() {
        return head == null ? null : Sha256.of(head.getBytes(StandardCharsets.US_ASCII));
    }
}
