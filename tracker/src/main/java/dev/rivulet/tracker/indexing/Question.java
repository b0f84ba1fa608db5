package dev.rivulet.tracker.indexing;

import dev.rivulet.protocol.http.Validators;
import dev.rivulet.protocol.id.ContentId;
import dev.rivulet.tracker.catalog.CatalogEntry;
import org.jspecify.annotations.Nullable;

/**
 * What an origin is asked about a resource.
 *
 * @param before its entry in the catalog, or the one suspended from it; null when there is none
 * @param isConditional whether the answer may be that it still is what its entry says; else its bytes have to be seen
 */
record Question(@Nullable CatalogEntry before, boolean isConditional) {
    /** What is asked of that which has no entry. */
    static final Question OF_WHAT_IS_UNKNOWN = new Question(null, false);

    /** The validators to send, none unless conditional. */
    Validators known() {
        return isConditional && before != null ? before.entry().validators() : Validators.NONE;
    }

    /** The content that the site itself published, whatever the origin's caching headers say; null when it did not. */
    @Nullable
    ContentId vouchedFor() {
        return before != null && before.source().isSite() ? before.entry().content() : null;
    }
}
