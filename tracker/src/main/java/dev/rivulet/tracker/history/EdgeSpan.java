package dev.rivulet.tracker.history;

import dev.rivulet.protocol.id.KeyId;
import dev.rivulet.protocol.id.SiteId;

/**
 * Bytes of an edge in a span of time.
 *
 * @param up sent
 * @param down received from peers
 * @param origin received from origins
 */
public record EdgeSpan(SiteId site, KeyId fingerprint, long up, long down, long origin) {}
