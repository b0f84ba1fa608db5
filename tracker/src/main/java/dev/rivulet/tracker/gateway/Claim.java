package dev.rivulet.tracker.gateway;

import dev.rivulet.protocol.id.PeerId;
import dev.rivulet.protocol.id.ResourceUrl;
import dev.rivulet.protocol.id.SiteId;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * What an edge says of itself.
 *
 * @param base URL where it says that it serves pieces
 * @param from where its connection comes from; null where that is not known for sure
 */
public record Claim(
        SiteId site,
        PeerId edge,
        ResourceUrl base,
        @Nullable InetAddress from) {}
