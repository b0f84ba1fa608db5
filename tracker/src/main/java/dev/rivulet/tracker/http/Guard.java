package dev.rivulet.tracker.http;

import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.RequestTooBigException;
import io.undertow.util.StatusCodes;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers what handlers throw with a problem, and logs what is our fault. */
final class Guard implements HttpHandler {
    private static final Logger log = LoggerFactory.getLogger(Guard.class);

    private final HttpHandler next;

    Guard(HttpHandler next) {
        this.next = next;
    }

    @Override
    public void handleRequest(HttpServerExchange exchange) throws Exception {
        try {
            next.handleRequest(exchange);
        } catch (RequestTooBigException e) {
            answer(exchange, new Problem(StatusCodes.REQUEST_ENTITY_TOO_LARGE, "The body is too large."));
        } catch (Exception e) {
            log.error("{} {} failed", exchange.getRequestMethod(), exchange.getRequestPath(), e);
            answer(exchange, new Problem(StatusCodes.INTERNAL_SERVER_ERROR, "The tracker failed; its log says why."));
        }
    }

    private static void answer(HttpServerExchange exchange, Problem problem) {
        if (exchange.isResponseStarted()) {
            exchange.endExchange();
        } else {
            problem.send(exchange);
        }
    }
}
