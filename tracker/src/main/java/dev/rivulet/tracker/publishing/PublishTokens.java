package dev.rivulet.tracker.publishing;

import dev.rivulet.protocol.id.SiteId;

/** Knows who may publish for whom. */
@FunctionalInterface
public interface PublishTokens {
    /** Whether the bearer of {@code token} may publish entries of {@code site}. */
    boolean mayPublish(SiteId site, String token);
}
