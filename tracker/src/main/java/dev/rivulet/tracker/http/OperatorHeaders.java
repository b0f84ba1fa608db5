package dev.rivulet.tracker.http;

import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;

/**
 * What every answer to operators says: no page of another site may read, embed or frame it, and a page of ours runs
 * nothing but the scripts and styles that this tracker serves.
 */
final class OperatorHeaders implements HttpHandler {
    static final String CONTENT_SECURITY_POLICY = "default-src 'none'; script-src 'self'; style-src 'self';"
            + " img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; base-uri 'none';"
            + " form-action 'none'; frame-ancestors 'none'";

    private static final HttpString RESOURCE_POLICY = new HttpString("Cross-Origin-Resource-Policy");
    private static final HttpString OPENER_POLICY = new HttpString("Cross-Origin-Opener-Policy");
    private static final HttpString REFERRER_POLICY = new HttpString("Referrer-Policy");
    private static final HttpString FRAME_OPTIONS = new HttpString("X-Frame-Options");

    private final HttpHandler next;

    OperatorHeaders(HttpHandler next) {
        this.next = next;
    }

    @Override
    public void handleRequest(HttpServerExchange exchange) throws Exception {
        exchange.getResponseHeaders()
                .put(Headers.CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY)
                .put(Headers.X_CONTENT_TYPE_OPTIONS, "nosniff")
                .put(FRAME_OPTIONS, "DENY")
                .put(RESOURCE_POLICY, "same-origin")
                .put(OPENER_POLICY, "same-origin")
                .put(REFERRER_POLICY, "no-referrer");
        next.handleRequest(exchange);
    }
}
