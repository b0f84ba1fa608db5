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
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Undertow on one port, or on two where operators have one of their own. */
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
    private final ListenAddress operatorAddress;

    private HttpServer(Undertow undertow, ListenAddress address, ListenAddress operatorAddress) {
        this.undertow = undertow;
        this.address = address;
        this.operatorAddress = operatorAddress;
    }

    /**
     * What is served.
     *
     * @param upgrade what becomes of requests to speak WebSocket, on whatever path a proxy passes them
     * @param visitors for everybody
     * @param operators for operators; every path begins as {@link OperatorPaths} says
     */
    public record Served(HttpHandler upgrade, List<Routes> visitors, List<Routes> operators) {}

    /**
     * Starts to listen.
     *
     * @param operatorListen where operators are served and nobody else; null for the same address as everybody
     */
    public static HttpServer start(ListenAddress listen, @Nullable ListenAddress operatorListen, Served served) {
        HttpHandler visitors = new CommonHeaders(new Guard(new Upgrades(served.upgrade(), router(served.visitors()))));
        HttpHandler operators = new OperatorHeaders(new Guard(router(served.operators())));
        Undertow.Builder builder = Undertow.builder()
                .setServerOption(UndertowOptions.MAX_ENTITY_SIZE, (long) MAX_REQUEST_BYTES)
                .setServerOption(UndertowOptions.MAX_HEADER_SIZE, MAX_HEADER_BYTES)
                .setServerOption(UndertowOptions.REQUEST_PARSE_TIMEOUT, REQUEST_HEAD_MS)
                .setServerOption(UndertowOptions.IDLE_TIMEOUT, IDLE_MS);
        if (operatorListen == null) {
            builder.addHttpListener(listen.port(), listen.host(), new OperatorPaths(operators, visitors));
        } else {
            builder.addHttpListener(listen.port(), listen.host(), visitors);
            builder.addHttpListener(operatorListen.port(), operatorListen.host(), operators);
        }
        Undertow undertow = builder.build();
        try {
            undertow.start();
        } catch (RuntimeException e) {
            undertow.stop();
            throw explain(listen, operatorListen, e);
        }
        ListenAddress bound = bound(undertow, 0, listen);
        return new HttpServer(undertow, bound, operatorListen == null ? bound : bound(undertow, 1, operatorListen));
    }

    private static HttpHandler router(List<Routes> routes) {
        Router router = new Router();
        routes.forEach(each -> each.register(router));
        return router.handler();
    }

    private static ListenAddress bound(Undertow undertow, int index, ListenAddress wanted) {
        InetSocketAddress bound =
                (InetSocketAddress) undertow.getListenerInfo().get(index).getAddress();
        return wanted.withPort(bound.getPort());
    }

    /** Where it listens, with the real port. */
    public ListenAddress address() {
        return address;
    }

    /** Where it listens for operators, with the real port. */
    public ListenAddress operatorAddress() {
        return operatorAddress;
    }

    /** Stops listening and closes every connection. */
    @Override
    public void close() {
        undertow.stop();
        log.debug("stopped listening on {}", address);
    }

    private static RuntimeException explain(
            ListenAddress listen, @Nullable ListenAddress operatorListen, RuntimeException e) {
        String key = operatorListen == null ? "listen" : "listen or operator-listen";
        String value = operatorListen == null ? listen.toString() : listen + ", " + operatorListen;
        Throwable cause = e.getCause() == null ? e : e.getCause();
        if (cause instanceof BindException && String.valueOf(cause.getMessage()).contains("in use")) {
            return new ConfigException(key, value, "is taken by another program; stop that one or choose another port");
        }
        if (cause instanceof IOException || cause instanceof UnresolvedAddressException) {
            return new ConfigException(
                    key,
                    value,
                    "cannot be listened on (" + cause + "); choose an address of this machine and a port that is free");
        }
        return e;
    }
}
