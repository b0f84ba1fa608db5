package dev.rivulet.tracker.api;

import dev.rivulet.protocol.DecodeException;
import dev.rivulet.tracker.http.Router;
import dev.rivulet.tracker.signaling.Arrival;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.handlers.Cookie;
import io.undertow.util.HttpString;
import java.util.Deque;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One request to an endpoint, admitted and checked. */
public final class Call<B> {
    /** Items of a page unless the caller says. */
    public static final int DEFAULT_ITEMS = 100;
    /** Most items of a page. */
    public static final int MAX_ITEMS = 1000;

    private static final int MAX_PARAMETER_CHARS = 2048;

    private final HttpServerExchange exchange;
    private final Caller caller;
    private final Arrival arrival;
    private final B body;
    private String detail = "";
    private @Nullable String who;

    Call(HttpServerExchange exchange, Caller caller, Arrival arrival, B body) {
        this.exchange = exchange;
        this.caller = caller;
        this.arrival = arrival;
        this.body = body;
    }

    /** Reads text. */
    @FunctionalInterface
    public interface Parser<T> {
        T parse(String text) throws DecodeException;
    }

    /** What was sent. */
    public B body() {
        return body;
    }

    /** Who calls. */
    public Caller caller() {
        return caller;
    }

    /** From where, and under which base URL, proxies heard. */
    public Arrival arrival() {
        return arrival;
    }

    /** What stands in the path for {@code {name}}. */
    public String path(String name) {
        return Router.parameter(exchange, name);
    }

    /** What stands in the path for {@code {name}}; 404 where it is no such value, since then it names nothing. */
    public <T> T path(String name, Parser<T> parser) throws Refusal {
        try {
            return parser.parse(path(name));
        } catch (DecodeException e) {
            throw Refusal.notFound(name + ": " + e.reason());
        }
    }

    /** A declared key of the query. */
    public Optional<String> query(String name) {
        Deque<String> values = exchange.getQueryParameters().get(name);
        return values == null ? Optional.empty() : Optional.of(values.getFirst());
    }

    /** A declared key of the query; 400 where it is no such value. */
    public <T> Optional<T> query(String name, Parser<T> parser) throws Refusal {
        Optional<String> text = query(name);
        try {
            return text.isPresent() ? Optional.of(parser.parse(text.get())) : Optional.empty();
        } catch (DecodeException e) {
            throw Refusal.malformed("The query's " + name + ": " + e.reason());
        }
    }

    /** How many items the page may have. */
    public int limit() {
        return query(Parameter.LIMIT.name()).map(Integer::parseInt).orElse(DEFAULT_ITEMS);
    }

    /** The {@code next} of the page before; null for the first. */
    public @Nullable String after() {
        return query(Parameter.AFTER.name()).orElse(null);
    }

    /** Adds to what the audit log says of this; nothing secret. */
    public void note(String text) {
        detail = detail.isEmpty() ? text : detail + "; " + text;
    }

    /** Says in the audit log that {@code name} did it, where a credential is what is asked for. */
    public void by(String name) {
        who = name;
    }

    /** Adds a header to the answer. */
    public void header(String name, String value) {
        exchange.getResponseHeaders().put(new HttpString(name), value);
    }

    /** A cookie of the request. */
    public Optional<String> cookie(String name) {
        Cookie cookie = exchange.getRequestCookie(name);
        return cookie == null ? Optional.empty() : Optional.of(cookie.getValue());
    }

    String detail() {
        return detail;
    }

    String who() {
        return who == null ? caller.name() : who;
    }

    /** Refuses a query that says what {@code endpoint} does not declare, or not what it needs. */
    static void checkQuery(Endpoint endpoint, HttpServerExchange exchange) throws Refusal {
        for (String name : exchange.getQueryParameters().keySet()) {
            if (endpoint.pathParameters().contains(name)) {
                // Undertow adds them.
                continue;
            }
            Parameter parameter = endpoint.parameters.stream()
                    .filter(each -> each.name().equals(name))
                    .findAny()
                    .orElseThrow(() -> Refusal.malformed("The query's " + name + " is no key here; write "
                            + (endpoint.parameters.isEmpty() ? "no query." : "one of " + names(endpoint) + ".")));
            checkValue(parameter, exchange.getQueryParameters().get(name));
        }
        for (Parameter parameter : endpoint.parameters) {
            if (parameter.required() && !exchange.getQueryParameters().containsKey(parameter.name())) {
                throw Refusal.malformed("The query's " + parameter.name() + " is missing: " + parameter.help());
            }
        }
    }

    private static void checkValue(Parameter parameter, Deque<String> values) throws Refusal {
        String value = values.getFirst();
        String key = "The query's " + parameter.name();
        if (values.size() > 1) {
            throw Refusal.malformed(key + " is there twice; write it once.");
        }
        if (value.length() > MAX_PARAMETER_CHARS) {
            throw Refusal.malformed(key + " is longer than " + MAX_PARAMETER_CHARS + " characters.");
        }
        if (!parameter.choices().isEmpty() && !parameter.choices().contains(value)) {
            throw Refusal.malformed(key + ": write one of " + String.join(", ", parameter.choices()) + ".");
        }
        if (parameter.equals(Parameter.LIMIT) && !isLimit(value)) {
            throw Refusal.malformed(key + ": write a whole number of 1 to " + MAX_ITEMS + ".");
        }
    }

    private static boolean isLimit(String text) {
        return text.matches("[1-9][0-9]{0,3}") && Integer.parseInt(text) <= MAX_ITEMS;
    }

    private static String names(Endpoint endpoint) {
        return String.join(
                ", ", endpoint.parameters.stream().map(Parameter::name).toList());
    }
}
