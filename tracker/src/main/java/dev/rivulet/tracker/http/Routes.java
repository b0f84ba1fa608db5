package dev.rivulet.tracker.http;

/**
 * The paths that one part of the tracker answers.
 *
 * <p>Handlers run on an I/O thread and must not block there: one that reads a file or the database dispatches itself
 * ({@code io.undertow.server.handlers.BlockingHandler}). Bodies of requests are limited to
 * {@link HttpServer#MAX_REQUEST_BYTES}. What a handler throws becomes a 500 problem.
 */
@FunctionalInterface
public interface Routes {
    /** Adds them to the router. */
    void register(Router router);
}
