package dev.rivulet.tracker.http;

import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import io.undertow.util.StatusCodes;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * The dashboard below {@code /dashboard}, from the jar. Its own build puts it there, with names that hold a hash of their
 * content ({@code app-3F2AQ1C0.js}), which are kept for good; the page itself is asked for each time.
 */
public final class DashboardFiles implements Routes {
    private static final String FOLDER = "/dev/rivulet/tracker/dashboard/";
    private static final String INDEX = "index.html";
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]*(\\.[A-Za-z0-9_-]+)+");
    private static final Pattern HASHED = Pattern.compile(".*-[A-Z0-9]{8}\\.\\w+");
    private static final Map<String, String> TYPES = Map.of(
            "html", "text/html; charset=utf-8",
            "js", "text/javascript; charset=utf-8",
            "css", "text/css; charset=utf-8",
            "svg", "image/svg+xml",
            "png", "image/png",
            "ico", "image/x-icon",
            "json", "application/json",
            "woff2", "font/woff2",
            "webmanifest", "application/manifest+json");

    private final Map<String, Optional<Answer>> answers = new ConcurrentHashMap<>();

    @Override
    public void register(Router router) {
        router.get("/dashboard", exchange -> serve(exchange, INDEX));
        // Relative names in the page begin beside /dashboard, so that it also works below a proxy's path.
        router.get("/dashboard/{name}", exchange -> serve(exchange, Router.parameter(exchange, "name")));
    }

    private void serve(HttpServerExchange exchange, String name) {
        Optional<Answer> answer = NAME.matcher(name).matches() ? find(name) : Optional.empty();
        if (answer.isPresent()) {
            answer.get().send(exchange);
        } else if (name.equals(INDEX)) {
            exchange.setStatusCode(StatusCodes.NOT_FOUND);
            exchange.getResponseHeaders()
                    .put(Headers.CONTENT_TYPE, "text/plain; charset=utf-8")
                    .put(Headers.CACHE_CONTROL, "no-store");
            exchange.getResponseSender()
                    .send("This tracker was built without the dashboard (-Dskip.js?). Its API is at /api/v1,"
                            + " described by /api/v1/openapi.json; the command rivulet-tracker admin uses that.\n");
        } else {
            new Problem(StatusCodes.NOT_FOUND, "The dashboard has no such file.").send(exchange);
        }
    }

    private Optional<Answer> find(String name) {
        Optional<Answer> known = answers.get(name);
        if (known != null) {
            return known;
        }
        Optional<Answer> loaded = load(name);
        // Only what there is, so that nobody fills the memory by asking.
        loaded.ifPresent(answer -> answers.put(name, loaded));
        return loaded;
    }

    /** From the jar, which is open and small: this blocks no longer than it takes to unpack it. */
    private static Optional<Answer> load(String name) {
        String type = TYPES.get(name.substring(name.lastIndexOf('.') + 1));
        try (InputStream resource = DashboardFiles.class.getResourceAsStream(FOLDER + name)) {
            if (resource == null || type == null) {
                return Optional.empty();
            }
            byte[] body = resource.readAllBytes();
            Answer answer =
                    HASHED.matcher(name).matches() ? Answer.immutable(type, body) : Answer.revalidated(type, body);
            try (InputStream packed = DashboardFiles.class.getResourceAsStream(FOLDER + name + ".br")) {
                return Optional.of(packed == null ? answer : answer.withBrotli(packed.readAllBytes()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
