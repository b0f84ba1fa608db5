package dev.rivulet.edge.figures;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import dev.rivulet.protocol.settings.ListenAddress;
import io.undertow.Handlers;
import io.undertow.Undertow;
import io.undertow.UndertowOptions;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import io.undertow.util.Methods;
import io.undertow.util.StatusCodes;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Set;
import java.util.function.Supplier;

/** Tells this machine how the edge is: a page, the same as JSON, metrics, and whether it is ready. */
public final class StatusServer implements AutoCloseable {
    /** What reports are written and read with. */
    public static final ObjectMapper JSON = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .build();

    private static final String METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8";
    /** RFC 9110 §15.5.20. */
    private static final int MISDIRECTED_REQUEST = 421;

    private static final int MAX_HEADER_BYTES = 8 << 10;
    private static final Set<String> OWN_NAMES = Set.of("localhost", "127.0.0.1", "[::1]");
    private static final HttpString POLICY = new HttpString("Content-Security-Policy");
    private static final HttpString NOSNIFF = new HttpString("X-Content-Type-Options");

    private final ListenAddress listen;
    private final Undertow server;

    /**
     * What there is to tell.
     *
     * @param report how the edge is now
     * @param metrics as Prometheus reads them
     */
    public record Source(Supplier<StatusReport> report, Supplier<String> metrics) {}

    public StatusServer(ListenAddress listen, Source source) {
        this.listen = listen;
        HttpHandler routes = Handlers.path(exchange -> answer(exchange, StatusCodes.NOT_FOUND, "no such page\n"))
                .addExactPath("/", exchange -> page(exchange, source.report().get()))
                .addExactPath(
                        "/status.json",
                        exchange -> json(exchange, source.report().get()))
                .addExactPath(
                        "/metrics",
                        exchange ->
                                send(exchange, METRICS_TYPE, source.metrics().get()))
                .addExactPath(
                        "/healthz", exchange -> health(exchange, source.report().get()));
        this.server = Undertow.builder()
                .addHttpListener(listen.port(), listen.host())
                .setIoThreads(1)
                .setWorkerThreads(1)
                .setServerOption(UndertowOptions.MAX_HEADER_SIZE, MAX_HEADER_BYTES)
                .setHandler(exchange -> guard(exchange, routes))
                .build();
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
        } catch (RuntimeException e) {
            // Undertow wraps what bind() threw.
            throw new IOException(
                    String.valueOf(e.getCause() == null ? e : e.getCause().getMessage()), e);
        }
        InetSocketAddress bound =
                (InetSocketAddress) server.getListenerInfo().get(0).getAddress();
        return listen.withPort(bound.getPort());
    }

    /** A page that a browser here shows must not read this under a name of its own (DNS rebinding). */
    private static void guard(HttpServerExchange exchange, HttpHandler next) throws Exception {
        exchange.getResponseHeaders().put(Headers.CACHE_CONTROL, "no-store").put(NOSNIFF, "nosniff");
        boolean own = OWN_NAMES.contains(exchange.getHostName().replaceFirst("^::1$", "[::1]"));
        if (!own) {
            answer(exchange, MISDIRECTED_REQUEST, "ask for localhost\n");
        } else if (!exchange.getRequestMethod().equals(Methods.GET)) {
            answer(exchange, StatusCodes.METHOD_NOT_ALLOWED, "only GET\n");
        } else {
            next.handleRequest(exchange);
        }
    }

    private static void page(HttpServerExchange exchange, StatusReport report) {
        exchange.getResponseHeaders()
                .put(
                        POLICY,
                        "default-src 'none'; style-src 'sha256-" + hash(StatusPage.style())
                                + "'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
        send(exchange, "text/html; charset=utf-8", StatusPage.of(report));
    }

    private static String hash(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder().encodeToString(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static void json(HttpServerExchange exchange, StatusReport report) throws JsonProcessingException {
        send(exchange, "application/json", JSON.writeValueAsString(report));
    }

    private static void health(HttpServerExchange exchange, StatusReport report) {
        boolean serves = report.ready() && report.notServing() == null;
        answer(
                exchange,
                serves ? StatusCodes.OK : StatusCodes.SERVICE_UNAVAILABLE,
                (serves ? "ok" : StatusLines.headline(report)) + "\n");
    }

    private static void answer(HttpServerExchange exchange, int status, String text) {
        exchange.setStatusCode(status);
        send(exchange, "text/plain; charset=utf-8", text);
    }

    private static void send(HttpServerExchange exchange, String type, String text) {
        exchange.getResponseHeaders().put(Headers.CONTENT_TYPE, type);
        exchange.getResponseSender().send(text, StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        server.stop();
    }
}
