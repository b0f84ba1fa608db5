package dev.rivulet.tracker.http;

import dev.rivulet.protocol.DecodeException;
import dev.rivulet.protocol.id.ResourceUrl;
import dev.rivulet.tracker.signaling.Arrival;
import inet.ipaddr.IPAddress;
import inet.ipaddr.IPAddressString;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads from a request who comes from where, believing what the operator's own proxies say about it. */
public final class Arrivals {
    private final @Nullable ResourceUrl publicBase;
    private final List<IPAddress> proxies = new ArrayList<>();

    /**
     * Believes {@code proxies}, which are addresses or networks.
     *
     * @param publicBase the tracker's base URL, or null for the one that the client asked at
     */
    public Arrivals(@Nullable ResourceUrl publicBase, List<String> proxies) {
        this.publicBase = publicBase;
        for (String proxy : proxies) {
            IPAddress network = new IPAddressString(proxy).getAddress();
            if (network == null) {
                throw new IllegalArgumentException(proxy + " is no address");
            }
            this.proxies.add(network.toPrefixBlock());
        }
    }

    /** Empty when the request names no host that could be answered at. */
    public Optional<Arrival> of(HttpServerExchange exchange) {
        InetAddress connected = exchange.getSourceAddress().getAddress();
        boolean proxied = isProxy(connected);
        Optional<ResourceUrl> base = publicBase == null ? askedAt(exchange, proxied) : Optional.of(publicBase);
        InetAddress address = proxied ? forwardedFor(exchange, connected) : connected;
        String origin = exchange.getRequestHeaders().getFirst(Headers.ORIGIN);
        return base.map(url -> new Arrival(origin, address, url));
    }

    /** The last address in the chain that no proxy of ours vouches for being a proxy. */
    private InetAddress forwardedFor(HttpServerExchange exchange, InetAddress connected) {
        List<String> chain = new ArrayList<>();
        for (String header : exchange.getRequestHeaders().eachValue(Headers.X_FORWARDED_FOR)) {
            chain.addAll(List.of(header.split(",", -1)));
        }
        InetAddress nearest = connected;
        for (int i = chain.size() - 1; i >= 0; i--) {
            IPAddress next = new IPAddressString(chain.get(i).strip()).getAddress();
            if (next == null || next.isMultiple()) {
                return nearest;
            }
            nearest = next.toInetAddress();
            if (!isProxy(nearest)) {
                return nearest;
            }
        }
        return nearest;
    }

    private Optional<ResourceUrl> askedAt(HttpServerExchange exchange, boolean proxied) {
        String forwarded = proxied ? exchange.getRequestHeaders().getFirst(Headers.X_FORWARDED_PROTO) : null;
        String scheme = forwarded == null ? exchange.getRequestScheme() : forwarded;
        String host = exchange.getRequestHeaders().getFirst(Headers.HOST);
        if (host == null) {
            return Optional.empty();
        }
        String standardPort = scheme.equalsIgnoreCase("https") ? ":443" : ":80";
        String shortHost =
                host.endsWith(standardPort) ? host.substring(0, host.length() - standardPort.length()) : host;
        try {
            String url = scheme + "://" + shortHost + "/";
            return Optional.of(ResourceUrl.parseBase(url.toLowerCase(Locale.ROOT)));
        } catch (DecodeException e) {
            return Optional.empty();
        }
    }

    private boolean isProxy(InetAddress address) {
        IPAddress plain = new IPAddressString(address.getHostAddress()).getAddress();
        return plain != null && proxies.stream().anyMatch(network -> network.contains(plain));
    }
}
