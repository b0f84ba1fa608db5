package dev.rivulet.edge.gateway;

import dev.rivulet.protocol.id.ContentId;
import io.undertow.server.HttpServerExchange;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.xnio.IoUtils;

/** Responses that are being sent, by their content, so that they can be broken off. Thread-safe. */
final class OpenResponses {
    private final Map<HttpServerExchange, ContentId> open = new ConcurrentHashMap<>();

    /** Remembers a response until it has ended. */
    void add(HttpServerExchange exchange, ContentId content) {
        open.put(exchange, content);
        exchange.addExchangeCompleteListener((ended, next) -> {
            open.remove(ended);
            next.proceed();
        });
    }

    /** Cuts the connections on which something blocked is being sent: a response that was begun cannot be taken back. */
    void breakOff(Predicate<ContentId> blocked) {
        open.forEach((exchange, content) -> {
            if (blocked.test(content)) {
                IoUtils.safeClose(exchange.getConnection());
            }
        });
    }
}
