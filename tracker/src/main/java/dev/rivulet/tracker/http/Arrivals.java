package dev.rivulet.tracker.http;

import dev.rivulet.protocol.DecodeException;
import dev.rivulet.protocol.id.ResourceUrl;
import dev.rivulet.tracker.signaling.Arrival;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.HeaderMap;
import io.undertow.util.HeaderValues;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import java.net.InetAddress;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Reads from a request who comes from where, believing what the operator's own proxies say about it. */
public final class Arrivals {
    /** What proxies write besides, in which nothing is believed. */
    private static final List<HttpString> OF_PROXIES = List.of(
            Headers.VIA,
            Headers.X_FORWARDED_HOST,
            Headers.X_FORWARDED_PORT,
            Headers.X_FORWARDED_SERVER,
            new HttpString("X-Real-IP"));

    private final @Nullable ResourceUrl publicBase;
    private final Forwarding forwarding;
    private final Supplier<@Nullable ResourceUrl> elsewhere;

    /**
     * Believes {@code proxies}, which are addresses or networks.
     *
     * @param publicBase the tracker's base URL, or null for the one that the client asked at
     */
    public Arrivals(@Nullable ResourceUrl publicBase, List<String> proxies) {
        this(publicBase, proxies, () -> null);
    }

    /**
     * Believes {@code proxies}, which are addresses or networks.
     *
     * @param publicBase the tracker's base URL, or null for the one that the client asked at
     * @param elsewhere in place of the one asked at, where that is {@link HttpServer#localAddress} alone
     */
    public Arrivals(@Nullable ResourceUrl publicBase, List<String> proxies, Supplier<@Nullable ResourceUrl> elsewhere) {
        this.publicBase = publicBase;
        this.forwarding = new Forwarding(proxies);
        this.elsewhere = elsewhere;
    }

    /** Empty when the request names no host that could be answered at. */
    public Optional<Arrival> of(HttpServerExchange exchange) {
        HeaderMap headers = exchange.getRequestHeaders();
        InetAddress connected = exchange.getSourceAddress().getAddress();
        Forwarding.Lines lines = new Forwarding.Lines(
                lines(headers, Headers.FORWARDED),
                lines(headers, Headers.X_FORWARDED_FOR),
                lines(headers, Headers.X_FORWARDED_PROTO),
                OF_PROXIES.stream().anyMatch(headers::contains));
        Forwarding.Seen seen = forwarding.of(connected, lines);
        String scheme = seen.scheme() == null ? exchange.getRequestScheme() : seen.scheme();
        ResourceUrl known =
                publicBase == null && exchange.getAttachment(HttpServer.LOCAL) != null ? elsewhere.get() : publicBase;
        Optional<ResourceUrl> base =
                known == null ? askedAt(scheme, headers.getFirst(Headers.HOST)) : Optional.of(known);
        return base.map(url -> new Arrival(
                headers.getFirst(Headers.ORIGIN), seen.address(), forwarding.isDirect(connected, lines), url));
    }

    private static List<String> lines(HeaderMap headers, HttpString name) {
        HeaderValues values = headers.get(name);
        return values == null ? List.of() : List.copyOf(values);
    }

    private static Optional<ResourceUrl> askedAt(String scheme, @Nullable String host) {
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
}
