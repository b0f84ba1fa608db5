package dev.rivulet.edge.gateway;

import dev.rivulet.protocol.json.Json;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import io.undertow.util.StatusCodes;

/**
 * An error as problem details (RFC 9457).
 *
 * @param status of the response
 * @param detail a sentence for whoever debugs the request
 */
record Problem(int status, String detail) {
    /** Ends the exchange with this problem. */
    void send(HttpServerExchange exchange) {
        exchange.setStatusCode(status);
        exchange.getResponseHeaders()
                .put(Headers.CONTENT_TYPE, "application/problem+json")
                .put(Headers.CACHE_CONTROL, "no-store");
        exchange.getResponseSender()
                .send(Json.write(Json.object()
                        .put("type", "about:blank")
                        .put("title", StatusCodes.getReason(status))
                        .put("status", status)
                        .put("detail", detail)));
    }
}
