package dev.rivulet.tracker.http;

import dev.rivulet.protocol.Limits;
import dev.rivulet.protocol.settings.ConfigException;
import dev.rivulet.protocol.settings.ListenAddress;
import io.undertow.Undertow;
import io.undertow.UndertowOptions;
import io.undertow.server.HttpHandler;
import io.undertow.util.AttachmentKey;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.nio.channels.UnresolvedAddressException;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xnio.Options;
import org.xnio.Sequence;

/** Undertow on one port, or on two where operators have one of their own; with TLS or without. */
public final class HttpServer implements AutoCloseable {
    /** The largest request body: that of a publishing call. */
    public static final int MAX_REQUEST_BYTES = Limits.MAX_PUBLISH_BYTES;

    /** The largest head of a request, above what browsers send. */
    private static final int MAX_HEADER_BYTES = 32 * 1024;
    /** How long the head of a request may take to arrive. */
    private static final int REQUEST_HEAD_MS = 15_000;
    /** How long a connection may be silent; above the WebSocket's own limit, which is the one that should strike. */
    private static final int IDLE_MS = 90_000;

    /** Requests at once on a connection of HTTP/2; browsers ask for no more either. */
    private static final int MAX_STREAMS = 128;

    /** On requests that came to the port for this machine's commands, which is nobody else's to ask at. */
    static final AttachmentKey<Boolean> LOCAL = AttachmentKey.create(Boolean.class);

    private static final String LOOPBACK = "127.0.0.1";
    private static final Sequence<String> PROTOCOLS = Sequence.of("TLSv1.3", "TLSv1.2");
    /** Those with forward secrecy and authenticated encryption (RFC 9325 section 4.2). */
    private static final Sequence<String> CIPHER_SUITES = Sequence.of(
            "TLS_AES_128_GCM_SHA256",
            "TLS_AES_256_GCM_SHA384",
            "TLS_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
            "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
            "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
            "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");

    private static final Logger log = LoggerFactory.getLogger(HttpServer.class);

    private final Undertow undertow;
    private final ListenAddress address;
    private final ListenAddress operatorAddress;
    private final ListenAddress localAddress;

    private HttpServer(Undertow undertow, ListenAddress listen, @Nullable ListenAddress operatorListen) {
        this.undertow = undertow;
        this.address = bound(undertow, 0, listen);
        this.operatorAddress = operatorListen == null ? address : bound(undertow, 1, operatorListen);
        int last = undertow.getListenerInfo().size() - 1;
        boolean hasLocal = last > (operatorListen == null ? 0 : 1);
        this.localAddress = hasLocal ? bound(undertow, last, new ListenAddress(LOOPBACK, 0)) : operatorAddress;
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
        return start(listen, operatorListen, null, served);
    }

    /**
     * Starts to listen.
     *
     * @param operatorListen where operators are served and nobody else; null for the same address as everybody
     * @param tls what to show clients, who then have to speak TLS, with HTTP/2 or 1.1; null for neither. Commands on this
     *     machine are answered without, at {@link #localAddress}
     */
    public static HttpServer start(
            ListenAddress listen, @Nullable ListenAddress operatorListen, @Nullable SSLContext tls, Served served) {
        HttpHandler visitors =
                new CommonHeaders(new Guard(new Overdue(new Upgrades(served.upgrade(), router(served.visitors())))));
        HttpHandler operators = new OperatorHeaders(new Guard(new Overdue(router(served.operators()))));
        Undertow.Builder builder = Undertow.builder()
                .setServerOption(UndertowOptions.MAX_ENTITY_SIZE, (long) MAX_REQUEST_BYTES)
                .setServerOption(UndertowOptions.MAX_HEADER_SIZE, MAX_HEADER_BYTES)
                .setServerOption(UndertowOptions.REQUEST_PARSE_TIMEOUT, REQUEST_HEAD_MS)
                .setServerOption(UndertowOptions.IDLE_TIMEOUT, IDLE_MS)
                .setServerOption(UndertowOptions.ENABLE_HTTP2, tls != null)
                .setServerOption(UndertowOptions.HTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, MAX_STREAMS)
                .setSocketOption(Options.SSL_ENABLED_PROTOCOLS, PROTOCOLS)
                .setSocketOption(Options.SSL_ENABLED_CIPHER_SUITES, CIPHER_SUITES);
        if (operatorListen == null) {
            listen(builder, listen, tls, new OperatorPaths(operators, visitors));
        } else {
            listen(builder, listen, tls, visitors);
            listen(builder, operatorListen, tls, operators);
        }
        if (tls != null) {
            builder.addHttpListener(0, LOOPBACK, exchange -> {
                exchange.putAttachment(LOCAL, true);
                operators.handleRequest(exchange);
            });
        }
        Undertow undertow = builder.build();
        try {
            undertow.start();
        } catch (RuntimeException e) {
            undertow.stop();
            throw explain(listen, operatorListen, e);
        }
        return new HttpServer(undertow, listen, operatorListen);
    }

    private static void listen(
            Undertow.Builder builder, ListenAddress listen, @Nullable SSLContext tls, HttpHandler handler) {
        if (tls == null) {
            builder.addHttpListener(listen.port(), listen.host(), handler);
        } else {
            builder.addHttpsListener(listen.port(), listen.host(), tls, handler);
        }
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

    /** Where it answers commands on this machine, as {@code http}: TLS would need another name there. */
    public ListenAddress localAddress() {
        return localAddress;
    }

    /** Shows clients who connect from now on something else; connections stay. */
    public void renew(SSLContext tls) {
        undertow.getListenerInfo().stream()
                .filter(listener -> listener.getSslContext() != null)
                .forEach(listener -> listener.setSslContext(tls));
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
