package dev.rivulet.tracker.http;

import io.undertow.server.DefaultResponseListener;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.RequestTooBigException;
import io.undertow.util.StatusCodes;

/**
 * Gives a problem as body to every error that ends without one: what handlers throw, on whichever thread, and what
 * Undertow itself refuses. Undertow logs what was thrown.
 */
final class Guard implements HttpHandler {
    private final HttpHandler next;

    Guard(HttpHandler next) {
        this.next = next;
    }

    @Override
    public void handleRequest(HttpServerExchange exchange) throws Exception {
        exchange.addDefaultResponseListener(Guard::explain);
        next.handleRequest(exchange);
    }

    private static boolean explain(HttpServerExchange exchange) {
        if (!exchange.isResponseChannelAvailable() || exchange.getStatusCode() < StatusCodes.BAD_REQUEST) {
            return false;
        }
        if (exchange.getAttachment(DefaultResponseListener.EXCEPTION) instanceof RequestTooBigException) {
            exchange.setStatusCode(StatusCodes.REQUEST_ENTITY_TOO_LARGE);
        }
        new Problem(exchange.getStatusCode(), detail(exchange.getStatusCode())).send(exchange);
        return true;
    }

    private static String detail(int status) {
        return switch (status) {
            case StatusCodes.REQUEST_ENTITY_TOO_LARGE -> "The body is too large.";
            case StatusCodes.INTERNAL_SERVER_ERROR -> "The tracker failed; its log says why.";
            default -> "The request cannot be answered.";
        };
    }
}
