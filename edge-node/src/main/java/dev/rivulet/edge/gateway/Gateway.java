package dev.rivulet.edge.gateway;

import dev.rivulet.edge.catalog.SiteCatalog;
import dev.rivulet.edge.limit.MemoryBudget;
import dev.rivulet.edge.limit.Sending;
import dev.rivulet.edge.store.PieceStore;
import dev.rivulet.edge.transfer.TransferCounts;
import dev.rivulet.protocol.message.HttpCheck;
import dev.rivulet.protocol.settings.ListenAddress;
import io.undertow.Handlers;
import io.undertow.Undertow;
import io.undertow.UndertowOptions;
import io.undertow.server.ConnectorStatistics;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.handlers.GracefulShutdownHandler;
import io.undertow.server.handlers.RequestLimit;
import io.undertow.util.Headers;
import io.undertow.util.StatusCodes;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xnio.Options;

/** The edge's HTTP server. */
public final class Gateway implements AutoCloseable {
    /** Requests worked on at a time: {@value}. Each may hold a piece, as far as piece-memory goes. */
    static final int MAX_REQUESTS = 128;
    /** Requests that wait for their turn: {@value}. Further ones get 503. */
    static final int MAX_WAITING_REQUESTS = 256;
    /** Bytes of a request's line and headers together: {@value}. Room for the longest URL, percent-encoded. */
    static final int MAX_HEADER_BYTES = 16 << 10;
    /** Header fields of a request: {@value}. */
    static final int MAX_HEADERS = 64;
    /** Query parameters of a request: {@value}. */
    static final int MAX_PARAMETERS = 8;
    /** How long the head of a request may take to arrive, and a client may read nothing. */
    static final Duration CLIENT_TIMEOUT = Duration.ofSeconds(30);
    /** How long a connection may stay idle between requests. */
    static final Duration IDLE_TIMEOUT = Duration.ofSeconds(60);
    /** How long responses under way may take to end when the server stops. */
    static final Duration STOP_TIMEOUT = Duration.ofSeconds(3);

    private static final Logger log = LoggerFactory.getLogger(Gateway.class);

    private final ListenAddress listen;
    private final Stock stock;
    private final TrackerCheck check;
    private final PieceHandler pieces;
    private final GracefulShutdownHandler handler;
    private final Undertow server;
    private volatile boolean ready;

    /**
     * What the gateway serves from.
     *
     * @param catalog what may be served at all
     * @param store what is held
     * @param elsewhere the rest
     * @param counts what goes out, and what was held
     * @param sending how much may go out
     * @param memory for what is going out
     */
    public record Stock(
            SiteCatalog catalog,
            PieceStore store,
            PieceSource elsewhere,
            TransferCounts counts,
            Sending sending,
            MemoryBudget memory) {}

    /**
     * Waits for {@link #start}.
     *
     * @param connections at a time; further ones wait until others end
     * @param check which tokens the tracker has it serve
     */
    public Gateway(ListenAddress listen, int connections, Stock stock, TrackerCheck check) {
        this.listen = listen;
        this.stock = stock;
        this.check = check;
        this.pieces = new PieceHandler(stock);
        RequestLimit requests = new RequestLimit(MAX_REQUESTS, MAX_WAITING_REQUESTS);
        requests.setFailureHandler(PieceHandler::refuseAnother);
        HttpHandler routes = Handlers.path(Gateway::notFound)
                .addExactPath("/healthz", this::health)
                .addPrefixPath("/" + HttpCheck.PATH, this::token)
                .addPrefixPath("/pieces", Handlers.requestLimitingHandler(requests, pieces));
        this.handler = Handlers.gracefulShutdown(new CorsHandler(routes));
        this.server = Undertow.builder()
                .addHttpListener(listen.port(), listen.host())
                .setHandler(handler)
                .setServerOption(UndertowOptions.MAX_HEADER_SIZE, MAX_HEADER_BYTES)
                .setServerOption(UndertowOptions.MAX_HEADERS, MAX_HEADERS)
                .setServerOption(UndertowOptions.MAX_PARAMETERS, MAX_PARAMETERS)
                .setServerOption(UndertowOptions.REQUEST_PARSE_TIMEOUT, millis(CLIENT_TIMEOUT))
                .setServerOption(UndertowOptions.NO_REQUEST_TIMEOUT, millis(IDLE_TIMEOUT))
                .setSocketOption(Options.CONNECTION_HIGH_WATER, connections)
                .setSocketOption(Options.CONNECTION_LOW_WATER, connections)
                .setServerOption(UndertowOptions.ENABLE_STATISTICS, true)
                .setSocketOption(Options.WRITE_TIMEOUT, millis(CLIENT_TIMEOUT))
                .build();
    }

    private static int millis(Duration duration) {
        return Math.toIntExact(duration.toMillis());
    }

    /**
     * Binds the port and answers from now on.
     *
     * @return the address with the real port
     * @throws IOException when the address cannot be listened at
     */
    public ListenAddress start() throws IOException {
        try {
            server.start();
        } catch (UnresolvedAddressException e) {
            throw new IOException("no such host", e);
        } catch (RuntimeException e) {
            // Undertow wraps what bind() threw.
            if (e.getCause() instanceof IOException cause) {
                throw new IOException(String.valueOf(cause.getMessage()), e);
            }
            throw e;
        }
        InetSocketAddress bound =
                (InetSocketAddress) server.getListenerInfo().get(0).getAddress();
        return listen.withPort(bound.getPort());
    }

    /** Connections now; any thread. */
    public long connections() {
        return statistics().map(ConnectorStatistics::getActiveConnections).orElse(0L);
    }

    /** The most connections there were at a time; any thread. */
    long mostConnections() {
        return statistics().map(ConnectorStatistics::getMaxActiveConnections).orElse(0L);
    }

    private Optional<ConnectorStatistics> statistics() {
        return server.getListenerInfo().stream().findFirst().map(Undertow.ListenerInfo::getConnectorStatistics);
    }

    /** From now on {@code /healthz} says that the edge is ready, as long as it can serve anything. */
    public void ready() {
        ready = true;
    }

    /** Breaks off responses whose content was taken down. */
    public void breakOffBlocked() {
        pieces.breakOffBlocked();
    }

    private void health(HttpServerExchange exchange) {
        exchange.getResponseHeaders().put(Headers.CACHE_CONTROL, "no-store");
        Optional<String> why = notServing();
        if (why.isPresent()) {
            new Problem(StatusCodes.SERVICE_UNAVAILABLE, why.get()).send(exchange);
            return;
        }
        exchange.getResponseHeaders().put(Headers.CONTENT_TYPE, "text/plain; charset=utf-8");
        exchange.getResponseSender().send("ok\n");
    }

    private void token(HttpServerExchange exchange) {
        exchange.getResponseHeaders().put(Headers.CACHE_CONTROL, "no-store");
        Optional<String> token = check.token(exchange.getRelativePath().replaceFirst("^/", ""));
        if (token.isEmpty()) {
            new Problem(StatusCodes.NOT_FOUND, "this edge's tracker has it show nothing of that name").send(exchange);
            return;
        }
        exchange.getResponseHeaders()
                .put(Headers.CONTENT_TYPE, "text/plain; charset=us-ascii")
                .put(PieceResponse.NOSNIFF, "nosniff");
        exchange.getResponseSender().send(token.get());
    }

    private Optional<String> notServing() {
        if (!ready) {
            return Optional.of("starting");
        }
        if (stock.catalog().head().isEmpty()) {
            return Optional.of("this edge has not had the site's catalog from its tracker yet");
        }
        return stock.sending().isOpen()
                ? Optional.empty()
                : Optional.of(stock.sending().why().get());
    }

    private static void notFound(HttpServerExchange exchange) {
        new Problem(StatusCodes.NOT_FOUND, "there are only /healthz and /pieces/{contentId}/{index}").send(exchange);
    }

    /** Answers new requests with 503, waits a while for those under way, and closes the port. */
    @Override
    public void close() {
        handler.shutdown();
        try {
            if (!handler.awaitShutdown(STOP_TIMEOUT.toMillis())) {
                log.info("breaking off responses under way");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        server.stop();
    }
}
