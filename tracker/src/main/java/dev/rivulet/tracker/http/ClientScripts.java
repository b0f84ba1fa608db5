package dev.rivulet.tracker.http;

import io.undertow.server.HttpServerExchange;
import io.undertow.util.HttpString;
import io.undertow.util.StatusCodes;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The browser client: {@code /rivulet.js}, its service worker, and its loader for hls.js. Its own build puts them into the
 * jar.
 */
public final class ClientScripts implements Routes {
    private static final Logger log = LoggerFactory.getLogger(ClientScripts.class);
    private static final List<String> NAMES =
            List.of("rivulet.js", "rivulet-sw.js", "rivulet-hls.js", "rivulet-hls.mjs");
    private static final String FOLDER = "/dev/rivulet/tracker/client/";
    /** A service worker may control what is above the folder that its script lies in only if the server says so. */
    private static final HttpString SERVICE_WORKER_ALLOWED = new HttpString("Service-Worker-Allowed");

    private final Map<String, Answer> scripts = new LinkedHashMap<>();

    /** Loads the scripts; one that the build left out is answered with 404 and logged. */
    public ClientScripts() {
        for (String name : NAMES) {
            byte[] script = load(name);
            byte[] packed = load(name + ".br");
            if (script == null) {
                log.warn("{} is not in this build (made with -Dskip.js?); it is answered with 404", name);
            } else {
                Answer answer = Answer.revalidated("text/javascript; charset=utf-8", script);
                scripts.put(name, packed == null ? answer : answer.withBrotli(packed));
            }
        }
    }

    private static byte @Nullable [] load(String name) {
        try (InputStream resource = ClientScripts.class.getResourceAsStream(FOLDER + name)) {
            return resource == null ? null : resource.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void register(Router router) {
        NAMES.forEach(name -> router.get("/" + name, exchange -> serve(name, exchange)));
    }

    private void serve(String name, HttpServerExchange exchange) {
        Answer script = scripts.get(name);
        if (script == null) {
            new Problem(StatusCodes.NOT_FOUND, "This tracker was built without the browser client.").send(exchange);
            return;
        }
        exchange.getResponseHeaders().put(SERVICE_WORKER_ALLOWED, "/");
        script.send(exchange);
    }
}
