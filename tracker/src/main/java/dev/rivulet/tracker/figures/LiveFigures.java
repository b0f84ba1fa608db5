package dev.rivulet.tracker.figures;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.rivulet.protocol.id.SiteId;
import dev.rivulet.tracker.api.Call;
import dev.rivulet.tracker.api.Nothing;
import dev.rivulet.tracker.api.Refusal;
import dev.rivulet.tracker.history.Event;
import dev.rivulet.tracker.history.Range;
import io.undertow.server.handlers.sse.ServerSentEventConnection;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells operators who watch what happens, as it does. Each is told of its site, or of all. */
final class LiveFigures {
    /** How often an overview is sent. */
    static final int PERIOD_SECONDS = 2;
    /** How many may watch at a time; who comes later is not served. */
    static final int MAX_WATCHERS = 200;

    /** How many messages may wait to be read. */
    static final int MAX_UNREAD = 32;

    private static final Logger log = LoggerFactory.getLogger(LiveFigures.class);

    private final Figures figures;
    private final Queries queries;
    private final JsonMapper json = JsonMapper.builder().build();
    private final Map<ServerSentEventConnection, Optional<SiteId>> watchers = new ConcurrentHashMap<>();
    private final Map<ServerSentEventConnection, Integer> unread = new ConcurrentHashMap<>();

    LiveFigures(Figures figures, Queries queries) {
        this.figures = figures;
        this.queries = queries;
        figures.onEvent(this::happened);
        figures.every(PERIOD_SECONDS, this::tell);
    }

    void opened(Call<Nothing> call, ServerSentEventConnection connection) {
        try {
            SiteId site = FigureEndpoints.site(call);
            if (watchers.size() >= MAX_WATCHERS) {
                connection.shutdown();
                return;
            }
            watchers.put(connection, Optional.ofNullable(site));
            connection.addCloseTask(closed -> {
                watchers.remove(closed);
                unread.remove(closed);
            });
            figures.soon(() -> tell(connection, Optional.ofNullable(site), new HashMap<>()));
        } catch (Refusal e) {
            connection.shutdown();
        }
    }

    private void tell() {
        Map<Optional<SiteId>, String> texts = new HashMap<>();
        watchers.forEach((connection, site) -> tell(connection, site, texts));
    }

    /** @param texts made so far, by the site */
    private void tell(
            ServerSentEventConnection connection, Optional<SiteId> site, Map<Optional<SiteId>, String> texts) {
        String text = texts.computeIfAbsent(site, each -> overview(each.orElse(null)));
        if (!text.isEmpty()) {
            send(connection, text, "overview");
        }
    }

    private String overview(@Nullable SiteId site) {
        try {
            return json.writeValueAsString(new Views.Live(queries.overview(site, Range.QUARTER), queries.newest(site)));
        } catch (IOException e) {
            log.error("figures could not be read", e);
            return "";
        }
    }

    private void happened(Event event) {
        try {
            String text = json.writeValueAsString(Queries.event(event));
            watchers.forEach((connection, site) -> {
                if (site.isEmpty() || event.site() == null || site.get().equals(event.site())) {
                    send(connection, text, "event");
                }
            });
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private void send(ServerSentEventConnection connection, String text, String kind) {
        if (!connection.isOpen()) {
            return;
        }
        // Undertow queues what is not read; who has read nothing for a while is cut before that costs memory.
        if (unread.merge(connection, 1, Integer::sum) > MAX_UNREAD) {
            connection.shutdown();
            return;
        }
        connection.send(text, kind, null, new Sent());
    }

    private final class Sent implements ServerSentEventConnection.EventCallback {
        @Override
        public void done(
                ServerSentEventConnection connection,
                @Nullable String data,
                @Nullable String event,
                @Nullable String id) {
            unread.computeIfPresent(connection, (known, count) -> count > 1 ? count - 1 : null);
        }

        @Override
        public void failed(
                ServerSentEventConnection connection,
                @Nullable String data,
                @Nullable String event,
                @Nullable String id,
                IOException e) {
            connection.shutdown();
        }
    }
}
