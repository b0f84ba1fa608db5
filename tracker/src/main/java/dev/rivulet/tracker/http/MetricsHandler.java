package dev.rivulet.tracker.http;

import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;

/**
 * Answers with metrics.
 *
 * @param text in the text format of Prometheus
 */
public record MetricsHandler(Supplier<String> text) implements HttpHandler {
    private static final String TYPE = "text/plain; version=0.0.4; charset=utf-8";

    @Override
    public void handleRequest(HttpServerExchange exchange) {
        exchange.getResponseHeaders().put(Headers.CONTENT_TYPE, TYPE).put(Headers.CACHE_CONTROL, "no-store");
        exchange.getResponseSender().send(text.get(), StandardCharsets.UTF_8);
    }
}
