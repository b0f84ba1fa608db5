package dev.rivulet.tracker.http;

import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import io.undertow.util.Methods;
import io.undertow.util.StatusCodes;

/** What every answer says about who may read it and how it is to be taken; answers CORS preflights itself. */
final class CommonHeaders implements HttpHandler {
    private static final HttpString ALLOW_ORIGIN = new HttpString("Access-Control-Allow-Origin");
    private static final HttpString ALLOW_METHODS = new HttpString("Access-Control-Allow-Methods");
    private static final HttpString EXPOSE_HEADERS = new HttpString("Access-Control-Expose-Headers");
    private static final HttpString RESOURCE_POLICY = new HttpString("Cross-Origin-Resource-Policy");
    private static final HttpString TIMING_ALLOW_ORIGIN = new HttpString("Timing-Allow-Origin");
    private static final HttpString CONTENT_TYPE_OPTIONS = new HttpString("X-Content-Type-Options");
    private static final HttpString REFERRER_POLICY = new HttpString("Referrer-Policy");

    private final HttpHandler next;

    CommonHeaders(HttpHandler next) {
        this.next = next;
    }

    @Override
    public void handleRequest(HttpServerExchange exchange) throws Exception {
        boolean read = exchange.getRequestMethod().equals(Methods.GET)
                || exchange.getRequestMethod().equals(Methods.HEAD);
        boolean preflight = exchange.getRequestMethod().equals(Methods.OPTIONS);
        if (read || preflight) {
            exchange.getResponseHeaders()
                    .put(ALLOW_ORIGIN, "*")
                    .put(EXPOSE_HEADERS, "ETag")
                    .put(RESOURCE_POLICY, "cross-origin")
                    .put(TIMING_ALLOW_ORIGIN, "*");
        }
        exchange.getResponseHeaders().put(CONTENT_TYPE_OPTIONS, "nosniff").put(REFERRER_POLICY, "no-referrer");
        if (preflight) {
            // Others than these are for programs, not for pages.
            exchange.getResponseHeaders().put(ALLOW_METHODS, "GET, HEAD").put(Headers.ALLOW, "GET, HEAD, OPTIONS");
            exchange.setStatusCode(StatusCodes.NO_CONTENT);
            exchange.endExchange();
            return;
        }
        next.handleRequest(exchange);
    }
}
