package dev.rivulet.tracker.enrolment;

import dev.rivulet.protocol.DecodeException;
import dev.rivulet.protocol.id.KeyId;
import dev.rivulet.tracker.http.Problem;
import dev.rivulet.tracker.http.Router;
import dev.rivulet.tracker.http.Routes;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.handlers.BlockingHandler;
import io.undertow.util.StatusCodes;
import java.io.IOException;

/** Lists and revokes edges for the operator. */
public final class OperatorRoutes implements Routes {
    static final String LIST = "/api/v1/edges";
    static final String REVOKE = "/api/v1/edges/{fingerprint}/revoke";

    private final Enrolment enrolment;
    private final Operator operator;

    public OperatorRoutes(Enrolment enrolment, Operator operator) {
        this.enrolment = enrolment;
        this.operator = operator;
    }

    @Override
    public void register(Router router) {
        router.get(LIST, new BlockingHandler(this::list));
        router.post(REVOKE, new BlockingHandler(this::revoke));
    }

    private void list(HttpServerExchange exchange) {
        if (operator.isAsking(exchange)) {
            operator.answer(exchange, enrolment.list().text());
        }
    }

    private void revoke(HttpServerExchange exchange) throws IOException {
        if (!operator.isAsking(exchange)) {
            return;
        }
        try {
            KeyId fingerprint = KeyId.parse(Router.parameter(exchange, "fingerprint"));
            enrolment.revoke(fingerprint);
            operator.answer(exchange, "revoked " + fingerprint.text() + "\n");
        } catch (DecodeException e) {
            new Problem(StatusCodes.BAD_REQUEST, e.reason()).send(exchange);
        }
    }
}
