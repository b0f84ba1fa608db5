package dev.rivulet.tracker.http;

import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;

/**
 * Closes the connection of a request whose body is not there after more than {@link RequestReader} waits for it: one that
 * was answered before, as it was refused or needs none, is let come so that its sender reads the answer.
 */
final class Overdue implements HttpHandler {
    /** Beyond what the body may take; meanwhile the answer says why. */
    private static final int GRACE_MS = 5_000;

    private final HttpHandler next;

    Overdue(HttpHandler next) {
        this.next = next;
    }

    @Override
    public void handleRequest(HttpServerExchange exchange) throws Exception {
        if (!exchange.isRequestComplete()) {
            long length = exchange.getRequestContentLength();
            boolean known = length >= 0 && length <= HttpServer.MAX_REQUEST_BYTES;
            RequestReader.expect(
                    exchange, RequestReader.patienceMs(known ? length : HttpServer.MAX_REQUEST_BYTES) + GRACE_MS);
        }
        next.handleRequest(exchange);
    }
}
