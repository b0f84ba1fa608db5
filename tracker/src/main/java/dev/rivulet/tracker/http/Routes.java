package dev.rivulet.tracker.http;

/**
 * The paths that one part of the tracker answers.
 *
 * <p>Handlers run on an I/O thread and must not block there: one that reads a file or the database is given to a worker
 * ({@link RequestReader#onWorker}), and so is one that needs the body of a request ({@link RequestReader#read}), but never
 * before that is there. Bodies are limited to {@link HttpServer#MAX_REQUEST_BYTES}. What a handler throws becomes a 500 problem.
 */
@FunctionalInterface
public interface Routes {
    /** Adds them to the router. */
    void register(Router router);
}
