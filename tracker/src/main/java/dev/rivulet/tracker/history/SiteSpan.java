package dev.rivulet.tracker.history;

import dev.rivulet.protocol.id.SiteId;

/**
 * What happened on a site in a span of time.
 *
 * @param viewers pages connected, the most at one time
 * @param edges likewise
 */
public record SiteSpan(SiteId site, Sums sums, long viewers, long edges) {}
