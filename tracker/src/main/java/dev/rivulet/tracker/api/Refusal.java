package dev.rivulet.tracker.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rivulet.protocol.json.Json;
import dev.rivulet.tracker.http.Problem;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import io.undertow.util.StatusCodes;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** A request that is answered with problem details (RFC 9457): the caller has to do something differently. */
public final class Refusal extends Exception {
    /** What every problem's {@code type} begins with; its name follows. */
    public static final String TYPES = "/api/v1/problems/";

    private static final int NOTHING = -1;

    private final int status;
    private final String name;
    private final List<Complaint> complaints;
    private final long retrySeconds;

    private Refusal(int status, String name, String detail, List<Complaint> complaints, long retrySeconds) {
        super(detail);
        this.status = status;
        this.name = name;
        this.complaints = List.copyOf(complaints);
        this.retrySeconds = retrySeconds;
    }

    /**
     * Any refusal.
     *
     * @param name of the problem's type, in lower case with hyphens
     * @param detail a sentence: what is wrong, and what to do
     */
    public static Refusal of(int status, String name, String detail) {
        return new Refusal(status, name, detail, List.of(), NOTHING);
    }

    /** 404: what the path names does not exist. */
    public static Refusal notFound(String detail) {
        return of(StatusCodes.NOT_FOUND, "not-found", detail);
    }

    /** 409: as things are, it cannot be done. */
    public static Refusal conflict(String detail) {
        return of(StatusCodes.CONFLICT, "conflict", detail);
    }

    /** 400: a part of the request other than the body is wrong. */
    public static Refusal malformed(String detail) {
        return of(StatusCodes.BAD_REQUEST, "malformed", detail);
    }

    /** 422: one key of the body. */
    public static Refusal invalid(String key, String text) {
        return invalid(List.of(new Complaint(key, text)));
    }

    /** 422: keys of the body, at least one. */
    public static Refusal invalid(List<Complaint> complaints) {
        Complaint first = complaints.get(0);
        String detail = first.key().isEmpty() ? first.text() : first.key() + ": " + first.text();
        return new Refusal(StatusCodes.UNPROCESSABLE_ENTITY, "invalid", detail, complaints, NOTHING);
    }

    /** 429: not before so many seconds have passed. */
    public static Refusal tooOften(String detail, long retrySeconds) {
        return new Refusal(StatusCodes.TOO_MANY_REQUESTS, "too-often", detail, List.of(), retrySeconds);
    }

    /** 401: no credential was shown, or one that is none. */
    public static Refusal unauthenticated(String detail) {
        return of(StatusCodes.UNAUTHORIZED, "unauthenticated", detail);
    }

    /** The status of the answer. */
    public int status() {
        return status;
    }

    /** What the problem's type ends with. */
    public String name() {
        return name;
    }

    /** Answers with it, and ends the exchange. */
    void send(HttpServerExchange exchange) {
        ObjectNode body = Json.object()
                .put("type", TYPES + name)
                .put("title", StatusCodes.getReason(status))
                .put("status", status)
                .put("detail", getMessage());
        if (!complaints.isEmpty()) {
            ArrayNode problems = body.putArray("problems");
            complaints.forEach(
                    each -> problems.addObject().put("key", each.key()).put("text", each.text()));
        }
        exchange.setStatusCode(status);
        exchange.getResponseHeaders()
                .put(Headers.CONTENT_TYPE, Problem.CONTENT_TYPE)
                .put(Headers.CACHE_CONTROL, "no-store");
        if (retrySeconds != NOTHING) {
            exchange.getResponseHeaders().put(Headers.RETRY_AFTER, retrySeconds);
        }
        if (status == StatusCodes.UNAUTHORIZED) {
            exchange.getResponseHeaders().put(Headers.WWW_AUTHENTICATE, "Bearer");
        }
        exchange.getResponseSender().send(Json.write(body), StandardCharsets.UTF_8);
    }
}
