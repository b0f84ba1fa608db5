package dev.rivulet.tracker.http;

import dev.rivulet.protocol.Limits;
import dev.rivulet.protocol.settings.ConfigException;
import dev.rivulet.protocol.settings.ListenAddress;
import io.undertow.Undertow;
import io.undertow.UndertowOptions;
import io.undertow.server.HttpHandler;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.nio.channels.UnresolvedAddressException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Undertow on one port. */
public final class HttpServer implements AutoCloseable {
    /** The largest request body: that of a publishing call. */
    public static final int MAX_REQUEST_BYTES = Limits.MAX_PUBLISH_BYTES;

    /** The largest head of a request, above what browsers send. */
    private static final int MAX_HEADER_BYTES = 32 * 1024;
    /** How long the head of a request may take to arrive. */
    private static final int REQUEST_HEAD_MS = 15_000;
    /** How long a connection may be silent; above the WebSocket's own limit, which is the one that should strike. */
    private static final int IDLE_MS = 90_000;

    private static final Logger log = LoggerFactory.getLogger(HttpServer.class);

    private final Undertow undertow;
    private final ListenAddress address;

    private HttpServer(Undertow undertow, ListenAddress address) {
        this.undertow = undertow;
        this.address = address;
    }

    /**
     * Starts to listen.
     *
     * @param upgrade what becomes of requests to speak WebSocket, on whatever path a proxy passes them
     */
    public static HttpServer start(ListenAddress listen, HttpHandler upgrade, List<Routes> routes) {
        Router router = new Router();
        routes.forEach(each -> each.register(router));
        HttpHandler handler = new CommonHeaders(new Guard(new Upgrades(upgrade, router.handler())));
        Undertow undertow = Undertow.builder()
                .addHttpListener(listen.port(), listen.host(), handler)
                .setServerOption(UndertowOptions.MAX_ENTITY_SIZE, (long) MAX_REQUEST_BYTES)
                .setServerOption(UndertowOptions.MAX_HEADER_SIZE, MAX_HEADER_BYTES)
                .setServerOption(UndertowOptions.REQUEST_PARSE_TIMEOUT, REQUEST_HEAD_MS)
                .setServerOption(UndertowOptions.IDLE_TIMEOUT, IDLE_MS)
                .build();
        try {
            undertow.start();
        } catch (RuntimeException e) {
            undertow.stop();
            throw explain(listen, e);
        }
        InetSocketAddress bound =
                (InetSocketAddress) undertow.getListenerInfo().get(0).getAddress();
        return new HttpServer(undertow, listen.withPort(bound.getPort()));
    }

    /** Where it listens, with the real port. */
    public ListenAddress address() {
        return address;
    }

    /** Stops listening and closes every connection. */
    @Override
    public void close() {
        undertow.stop();
        log.debug("stopped listening on {}", address);
    }

    private static RuntimeException explain(ListenAddress listen, RuntimeException e) {
        Throwable cause = e.getCause() == null ? e : e.getCause();
        if (cause instanceof BindException && String.valueOf(cause.getMessage()).contains("in use")) {
            return new ConfigException(
                    "listen", listen.toString(), "is taken by another program; stop that one or choose another port");
        }
        if (cause instanceof IOException || cause instanceof UnresolvedAddressException) {
            return new ConfigException(
                    "listen",
                    listen.toString(),
                    "cannot be listened on (" + cause + "); choose an address of this machine and a port that is free");
        }
        return e;
    }
}
