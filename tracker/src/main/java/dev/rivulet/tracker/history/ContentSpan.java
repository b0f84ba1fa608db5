package dev.rivulet.tracker.history;

import dev.rivulet.protocol.id.ContentId;
import dev.rivulet.protocol.id.SiteId;

/**
 * Bytes of a content in a span of time.
 *
 * @param used by pages, wherever from, verified
 * @param origin those of them that came from the origin
 */
public record ContentSpan(SiteId site, ContentId content, long used, long origin) {}
