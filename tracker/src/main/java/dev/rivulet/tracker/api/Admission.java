package dev.rivulet.tracker.api;

import io.undertow.server.HttpServerExchange;
import io.undertow.util.StatusCodes;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/** Decides who may call an endpoint. */
final class Admission {
    private Admission() {}

    /** Who calls, if he may. */
    static Caller admit(Endpoint endpoint, Gate gate, HttpServerExchange exchange) throws Refusal {
        if (endpoint.isChange() && Dispatch.isForeign(exchange)) {
            throw Refusal.of(StatusCodes.FORBIDDEN, "foreign-page", "A page of another site asks for this.");
        }
        Caller caller = gate.of(exchange);
        check(endpoint, caller, exchange.getRequestHeaders().getFirst(Gate.CSRF_HEADER));
        return caller;
    }

    /** Whether who was let in to read may go on. */
    static boolean mayStay(Endpoint endpoint, Gate gate, HttpServerExchange exchange) {
        try {
            check(endpoint, gate.still(exchange), null);
            return true;
        } catch (Refusal e) {
            return false;
        }
    }

    /** Refuses a caller whose role is too small, or whose browser may have been made to ask. */
    static void check(Endpoint endpoint, Caller caller, @Nullable String csrf) throws Refusal {
        if (endpoint.least == Role.ANYONE) {
            return;
        }
        if (caller.role() == Role.ANYONE) {
            throw Refusal.unauthenticated("Sign in, or send an API token as Authorization: Bearer TOKEN.");
        }
        if (endpoint.isChange() && caller.csrf() != null && (csrf == null || !same(caller.csrf(), csrf))) {
            throw Refusal.of(
                    StatusCodes.FORBIDDEN,
                    "csrf",
                    "Send " + Gate.CSRF_HEADER + " with the value that GET /session answers as csrf.");
        }
        if (!caller.role().covers(endpoint.least)) {
            throw Refusal.of(
                    StatusCodes.FORBIDDEN,
                    "role",
                    "This takes the role " + endpoint.least.text() + "; yours is "
                            + caller.role().text() + ".");
        }
    }

    private static boolean same(String expected, String given) {
        return MessageDigest.isEqual(expected.getBytes(StandardCharsets.UTF_8), given.getBytes(StandardCharsets.UTF_8));
    }
}
