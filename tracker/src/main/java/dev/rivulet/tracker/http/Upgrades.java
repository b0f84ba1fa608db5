package dev.rivulet.tracker.http;

import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;

/** Tells requests to speak WebSocket from the others. */
final class Upgrades implements HttpHandler {
    private final HttpHandler upgrade;
    private final HttpHandler others;

    Upgrades(HttpHandler upgrade, HttpHandler others) {
        this.upgrade = upgrade;
        this.others = others;
    }

    @Override
    public void handleRequest(HttpServerExchange exchange) throws Exception {
        if ("websocket".equalsIgnoreCase(exchange.getRequestHeaders().getFirst(Headers.UPGRADE))) {
            upgrade.handleRequest(exchange);
        } else {
            others.handleRequest(exchange);
        }
    }
}
