package dev.rivulet.tracker.enrolment;

import dev.rivulet.tracker.http.Problem;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import io.undertow.util.StatusCodes;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/** Who can read the data directory, and so the secret of {@link OperatorFile}. */
public final class Operator {
    private final byte[] authorization;

    public Operator(String secret) {
        this.authorization = ("Bearer " + secret).getBytes(StandardCharsets.UTF_8);
    }

    /** Whether the request is the operator's; another is answered. */
    public boolean isAsking(HttpServerExchange exchange) {
        String given = exchange.getRequestHeaders().getFirst(Headers.AUTHORIZATION);
        if (given != null && MessageDigest.isEqual(given.getBytes(StandardCharsets.UTF_8), authorization)) {
            return true;
        }
        exchange.getResponseHeaders().put(Headers.WWW_AUTHENTICATE, "Bearer");
        new Problem(StatusCodes.UNAUTHORIZED, "Use the commands of rivulet-tracker beside the tracker's data.")
                .send(exchange);
        return false;
    }

    /** Answers the operator's request. */
    public void answer(HttpServerExchange exchange, String text) {
        exchange.getResponseHeaders().put(Headers.CONTENT_TYPE, "text/plain; charset=utf-8");
        exchange.getResponseSender().send(text, StandardCharsets.UTF_8);
    }
}
