package dev.rivulet.tracker.http;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import io.undertow.util.StatusCodes;
import java.nio.charset.StandardCharsets;

/** An error answer as problem details (RFC 9457), its type always {@code about:blank}. */
public record Problem(int status, String detail) {
    /** The media type of problem details. */
    public static final String CONTENT_TYPE = "application/problem+json";

    /** Answers with it, and ends the exchange. */
    public void send(HttpServerExchange exchange) {
        String body = JsonNodeFactory.instance
                .objectNode()
                .put("type", "about:blank")
                .put("title", StatusCodes.getReason(status))
                .put("status", status)
                .put("detail", detail)
                .toString();
        exchange.setStatusCode(status);
        exchange.getResponseHeaders().put(Headers.CONTENT_TYPE, CONTENT_TYPE).put(Headers.CACHE_CONTROL, "no-store");
        exchange.getResponseSender().send(body, StandardCharsets.UTF_8);
    }
}
