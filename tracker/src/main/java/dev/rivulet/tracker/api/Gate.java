package dev.rivulet.tracker.api;

import io.undertow.server.HttpServerExchange;

/** Knows callers by what they show. */
public interface Gate {
    /** The header in which a browser proves that the page that asks is the dashboard. */
    String CSRF_HEADER = "X-Rivulet-Csrf";

    /**
     * Who asks: {@link Caller#NOBODY} where no credential is shown. Runs on a worker thread and may block.
     *
     * @throws Refusal when a credential is shown that is none
     */
    Caller of(HttpServerExchange exchange) throws Refusal;

    /**
     * Who has been asking since {@link #of} said so, by what counts now; this is no use of a credential that would keep it
     * from expiring. Runs on a worker thread and may block.
     *
     * @throws Refusal when the credential is none any more
     */
    Caller still(HttpServerExchange exchange) throws Refusal;
}
