package dev.rivulet.tracker.api;

import io.undertow.server.HttpServerExchange;

/** Knows callers by what they show. */
@FunctionalInterface
public interface Gate {
    /** The header in which a browser proves that the page that asks is the dashboard. */
    String CSRF_HEADER = "X-Rivulet-Csrf";

    /**
     * Who asks: {@link Caller#NOBODY} where no credential is shown. Runs on a worker thread and may block.
     *
     * @throws Refusal when a credential is shown that is none
     */
    Caller of(HttpServerExchange exchange) throws Refusal;
}
