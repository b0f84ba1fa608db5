package dev.rivulet.edge.gateway;

import io.undertow.server.HttpServerExchange;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;

/** Whose turn it is when the upload rate is shared: connections from one place share one turn. */
final class Client {
    /** Bytes of an IPv6 address that are one household's or server's: {@value}. */
    private static final int IPV6_PREFIX_BYTES = 8;

    private Client() {}

    /**
     * Equal for connections of one client. Those from this machine come from a proxy, on behalf of anybody, and count each
     * for itself.
     */
    static Object of(HttpServerExchange exchange) {
        InetSocketAddress peer = exchange.getConnection().getPeerAddress(InetSocketAddress.class);
        InetAddress address = peer == null ? null : peer.getAddress();
        if (address == null || address.isLoopbackAddress()) {
            return exchange.getConnection();
        }
        return address instanceof Inet6Address
                ? Arrays.toString(Arrays.copyOf(address.getAddress(), IPV6_PREFIX_BYTES))
                : address;
    }
}
