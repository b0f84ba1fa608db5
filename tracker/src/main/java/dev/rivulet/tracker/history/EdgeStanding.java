package dev.rivulet.tracker.history;

import dev.rivulet.protocol.id.KeyId;
import dev.rivulet.protocol.id.SiteId;
import dev.rivulet.protocol.message.ClientMessage.Share;
import org.jspecify.annotations.Nullable;

/**
 * How an edge was when it was last heard of.
 *
 * @param agent in its own words
 * @param lastSeen seconds since 1970
 */
public record EdgeStanding(
        SiteId site,
        KeyId fingerprint,
        @Nullable String name,
        @Nullable String region,
        String agent,
        long lastSeen,
        Share store,
        Share quota) {}
