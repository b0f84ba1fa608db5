package dev.rivulet.tracker.http;

import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.RoutingHandler;
import io.undertow.util.HttpString;
import io.undertow.util.Methods;
import io.undertow.util.PathTemplateMatch;
import io.undertow.util.StatusCodes;

/** The tracker's paths, such as {@code /sites/{site}/catalog}, and who answers them. */
public final class Router {
    private final RoutingHandler routing = new RoutingHandler()
            .setFallbackHandler(new Problem(StatusCodes.NOT_FOUND, "Nothing is served under this path.")::send)
            .setInvalidMethodHandler(new Problem(StatusCodes.METHOD_NOT_ALLOWED, "Not with this method.")::send);

    Router() {}

    /** Answers GET and, without a body, HEAD. */
    public Router get(String path, HttpHandler handler) {
        routing.get(path, handler);
        routing.add(Methods.HEAD, path, handler);
        return this;
    }

    /** Answers POST. */
    public Router post(String path, HttpHandler handler) {
        routing.post(path, handler);
        return this;
    }

    /** Answers another method. */
    public Router add(HttpString method, String path, HttpHandler handler) {
        routing.add(method, path, handler);
        return this;
    }

    /** What stands in the path for {@code {name}}. */
    public static String parameter(HttpServerExchange exchange, String name) {
        String value = exchange.getAttachment(PathTemplateMatch.ATTACHMENT_KEY)
                .getParameters()
                .get(name);
        if (value == null) {
            throw new IllegalArgumentException("the path has no {" + name + "}");
        }
        return value;
    }

    HttpHandler handler() {
        return routing;
    }
}
