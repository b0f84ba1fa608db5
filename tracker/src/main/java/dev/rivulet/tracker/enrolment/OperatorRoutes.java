package dev.rivulet.tracker.enrolment;

import dev.rivulet.protocol.DecodeException;
import dev.rivulet.protocol.id.KeyId;
import dev.rivulet.tracker.http.Problem;
import dev.rivulet.tracker.http.Router;
import dev.rivulet.tracker.http.Routes;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.handlers.BlockingHandler;
import io.undertow.util.Headers;
import io.undertow.util.StatusCodes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/** Lists and revokes edges for who can read the data directory, and so the secret of {@link OperatorFile}. */
public final class OperatorRoutes implements Routes {
    static final String LIST = "/api/v1/edges";
    static final String REVOKE = "/api/v1/edges/{fingerprint}/revoke";

    private final Enrolment enrolment;
    private final byte[] authorization;

    public OperatorRoutes(Enrolment enrolment, String secret) {
        this.enrolment = enrolment;
        this.authorization = ("Bearer " + secret).getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void register(Router router) {
        router.get(LIST, new BlockingHandler(this::list));
        router.post(REVOKE, new BlockingHandler(this::revoke));
    }

    private void list(HttpServerExchange exchange) {
        if (isOperator(exchange)) {
            answer(exchange, enrolment.list().text());
        }
    }

    private void revoke(HttpServerExchange exchange) throws IOException {
        if (!isOperator(exchange)) {
            return;
        }
        try {
            KeyId fingerprint = KeyId.parse(Router.parameter(exchange, "fingerprint"));
            enrolment.revoke(fingerprint);
            answer(exchange, "revoked " + fingerprint.text() + "\n");
        } catch (DecodeException e) {
            new Problem(StatusCodes.BAD_REQUEST, e.reason()).send(exchange);
        }
    }

    private boolean isOperator(HttpServerExchange exchange) {
        String given = exchange.getRequestHeaders().getFirst(Headers.AUTHORIZATION);
        if (given != null && MessageDigest.isEqual(given.getBytes(StandardCharsets.UTF_8), authorization)) {
            return true;
        }
        exchange.getResponseHeaders().put(Headers.WWW_AUTHENTICATE, "Bearer");
        new Problem(StatusCodes.UNAUTHORIZED, "Use the command edges of rivulet-tracker beside the tracker's data.")
                .send(exchange);
        return false;
    }

    private static void answer(HttpServerExchange exchange, String text) {
        exchange.getResponseHeaders().put(Headers.CONTENT_TYPE, "text/plain; charset=utf-8");
        exchange.getResponseSender().send(text, StandardCharsets.UTF_8);
    }
}
