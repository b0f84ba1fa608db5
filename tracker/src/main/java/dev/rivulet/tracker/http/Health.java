package dev.rivulet.tracker.http;

import io.undertow.util.Headers;
import io.undertow.util.StatusCodes;
import java.util.function.BooleanSupplier;

/**
 * {@code /healthz}: 200 when new clients should come, which the tracker is ready for as soon as it listens; 503 while it
 * is drained.
 */
public final class Health implements Routes {
    private final BooleanSupplier draining;

    public Health(BooleanSupplier draining) {
        this.draining = draining;
    }

    @Override
    public void register(Router router) {
        router.get("/healthz", exchange -> {
            boolean leaving = draining.getAsBoolean();
            exchange.setStatusCode(leaving ? StatusCodes.SERVICE_UNAVAILABLE : StatusCodes.OK);
            exchange.getResponseHeaders()
                    .put(Headers.CONTENT_TYPE, "text/plain; charset=utf-8")
                    .put(Headers.CACHE_CONTROL, "no-store");
            exchange.getResponseSender().send(leaving ? "draining\n" : "ok\n");
        });
    }
}
