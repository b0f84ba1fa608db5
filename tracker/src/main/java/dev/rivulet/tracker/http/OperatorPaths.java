package dev.rivulet.tracker.http;

import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;

/**
 * Tells operators' paths from everybody's where both are served at one address: the API, the dashboard and the metrics.
 */
final class OperatorPaths implements HttpHandler {
    private static final String API = "/api/v1/";
    /** Publishers, who are no operators, send entries here (docs/protocol.md, section 4.6). */
    private static final String ENTRIES = "/api/v1/sites/[^/]+/entries";

    private final HttpHandler operators;
    private final HttpHandler others;

    OperatorPaths(HttpHandler operators, HttpHandler others) {
        this.operators = operators;
        this.others = others;
    }

    @Override
    public void handleRequest(HttpServerExchange exchange) throws Exception {
        (isOperators(exchange.getRequestPath()) ? operators : others).handleRequest(exchange);
    }

    static boolean isOperators(String path) {
        return path.equals("/metrics")
                || path.equals("/dashboard")
                || path.startsWith("/dashboard/")
                || (path.startsWith(API) && !path.matches(ENTRIES));
    }
}
