package dev.rivulet.edge.gateway;

import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import io.undertow.util.Methods;
import io.undertow.util.StatusCodes;

/** Lets pages of any origin read everything, answers their preflight requests, and refuses other methods. */
final class CorsHandler implements HttpHandler {
    private static final HttpString ALLOW_ORIGIN = new HttpString("Access-Control-Allow-Origin");
    private static final HttpString ALLOW_METHODS = new HttpString("Access-Control-Allow-Methods");
    private static final HttpString ALLOW_HEADERS = new HttpString("Access-Control-Allow-Headers");
    private static final HttpString EXPOSE_HEADERS = new HttpString("Access-Control-Expose-Headers");
    private static final HttpString MAX_AGE = new HttpString("Access-Control-Max-Age");
    private static final String METHODS = "GET, HEAD";
    private static final int PREFLIGHT_SECONDS = 86400;

    private final HttpHandler next;

    CorsHandler(HttpHandler next) {
        this.next = next;
    }

    @Override
    public void handleRequest(HttpServerExchange exchange) throws Exception {
        exchange.getResponseHeaders()
                .put(ALLOW_ORIGIN, "*")
                .put(EXPOSE_HEADERS, "Accept-Ranges, Content-Length, Content-Range, ETag, Retry-After");
        HttpString method = exchange.getRequestMethod();
        if (method.equals(Methods.GET) || method.equals(Methods.HEAD)) {
            next.handleRequest(exchange);
        } else if (method.equals(Methods.OPTIONS)) {
            exchange.getResponseHeaders()
                    .put(ALLOW_METHODS, METHODS)
                    .put(ALLOW_HEADERS, "Range, If-Range, If-None-Match")
                    .put(MAX_AGE, PREFLIGHT_SECONDS);
            exchange.setStatusCode(StatusCodes.NO_CONTENT).endExchange();
        } else {
            exchange.getResponseHeaders().put(Headers.ALLOW, METHODS + ", OPTIONS");
            new Problem(StatusCodes.METHOD_NOT_ALLOWED, "only " + METHODS).send(exchange);
        }
    }
}
