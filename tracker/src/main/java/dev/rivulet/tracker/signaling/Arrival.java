package dev.rivulet.tracker.signaling;

import dev.rivulet.protocol.id.ResourceUrl;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * What the opening handshake said.
 *
 * @param origin of the page, absent where no browser speaks
 * @param address of the client, behind any proxies that are believed
 * @param direct whether nobody else is known to be at that address, such as a proxy that is not believed
 * @param base under which the client reached the tracker
 */
public record Arrival(@Nullable String origin, InetAddress address, boolean direct, ResourceUrl base) {}
