package dev.rivulet.tracker.http;

import io.undertow.util.Headers;

/** {@code /healthz}: that it is answered is the answer, since the tracker listens only once it is ready. */
public final class Health implements Routes {
    @Override
    public void register(Router router) {
        router.get("/healthz", exchange -> {
            exchange.getResponseHeaders()
                    .put(Headers.CONTENT_TYPE, "text/plain; charset=utf-8")
                    .put(Headers.CACHE_CONTROL, "no-store");
            exchange.getResponseSender().send("ok\n");
        });
    }
}
