package dev.rivulet.tracker.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rivulet.protocol.json.Json;
import dev.rivulet.tracker.http.Answer;
import dev.rivulet.tracker.http.Arrivals;
import dev.rivulet.tracker.http.RequestReader;
import dev.rivulet.tracker.http.Router;
import dev.rivulet.tracker.http.Routes;
import io.undertow.server.HttpHandler;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Every declared endpoint, and the OpenAPI document of them at {@value #DOCUMENT}. */
public final class Api implements Routes {
    /** Where the OpenAPI document is; open to everybody, since it says nothing of this tracker. */
    public static final String DOCUMENT = Endpoint.BASE + "/openapi.json";

    private final List<Endpoint> endpoints;
    private final Surroundings around;
    private final Dispatch.Shared shared = new Dispatch.Shared();

    /** What every endpoint needs. */
    public record Surroundings(Gate gate, Audit audit, Arrivals arrivals) {}

    /** Throws {@link IllegalArgumentException} when a path is declared twice. */
    public Api(List<? extends Endpoints> parts, Surroundings around) {
        List<Endpoint> all = new ArrayList<>();
        parts.forEach(part -> all.addAll(part.endpoints()));
        Set<String> names = new HashSet<>();
        for (Endpoint endpoint : all) {
            if (!names.add(endpoint.name())) {
                throw new IllegalArgumentException(endpoint.name() + " is declared twice");
            }
        }
        this.endpoints = List.copyOf(all);
        this.around = around;
    }

    /** All that are declared. */
    public List<Endpoint> endpoints() {
        return endpoints;
    }

    @Override
    public void register(Router router) {
        for (Endpoint endpoint : endpoints) {
            HttpHandler handler = Dispatch.of(endpoint, around, shared);
            String path = Endpoint.BASE + endpoint.path;
            if (endpoint.isChange()) {
                router.add(endpoint.method, path, handler);
            } else {
                router.get(path, handler);
            }
        }
        ObjectNode document = OpenApi.of(endpoints);
        Answer answer =
                Answer.revalidated("application/json", Json.write(document).getBytes(StandardCharsets.UTF_8));
        router.get(DOCUMENT, answer::send);
    }

    /** Answers GET on a path outside the API's base, such as metrics, to callers of this role. */
    public Routes guarded(String path, Role least, HttpHandler handler) {
        Endpoint stand = Endpoint.get(path, least, "").does(call -> {});
        return router -> router.get(path, RequestReader.onWorker(exchange -> {
            try {
                Admission.admit(stand, around.gate(), exchange);
            } catch (Refusal e) {
                e.send(exchange);
                return;
            }
            handler.handleRequest(exchange);
        }));
    }
}
