package dev.rivulet.tracker.signaling;

import dev.rivulet.protocol.id.ContentId;
import dev.rivulet.protocol.id.SiteId;

/** What the tracker itself offers over HTTP, because it fetched it. */
@FunctionalInterface
public interface HttpHoldings {
    /** Whether {@code /pieces/{contentId}/…} has every piece; from memory. */
    boolean holds(SiteId site, ContentId content);
}
