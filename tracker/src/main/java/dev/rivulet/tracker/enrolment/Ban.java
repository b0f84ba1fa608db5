package dev.rivulet.tracker.enrolment;

import dev.rivulet.protocol.Check;
import dev.rivulet.protocol.id.SiteId;
import org.jspecify.annotations.Nullable;

/**
 * Somebody who is kept out, until the ban is lifted or over.
 *
 * @param id by which it is lifted
 * @param peer an edge's fingerprint, or the id of a page, which lasts until that is loaded anew
 * @param edge which of both
 * @param site of a page; null for an edge, which is banned from all
 * @param since seconds since 1970
 * @param until seconds since 1970, or null: until it is lifted
 */
public record Ban(
        String id,
        String peer,
        boolean edge,
        @Nullable SiteId site,
        String reason,
        long since,
        @Nullable Long until) {
    /** Longest reason, in UTF-16 code units. */
    public static final int MAX_REASON_CHARS = 500;

    public Ban {
        Check.line("reason", reason, 1, MAX_REASON_CHARS);
    }

    /** Whether it is over. */
    public boolean isOver(long nowSeconds) {
        return until != null && nowSeconds > until;
    }
}
