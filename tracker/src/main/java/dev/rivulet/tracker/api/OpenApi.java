package dev.rivulet.tracker.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rivulet.protocol.json.Json;
import dev.rivulet.tracker.http.Problem;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiConsumer;

/** Writes what is declared as an OpenAPI 3.1 document. */
final class OpenApi {
    private static final String JSON = "application/json";
    private static final String PROBLEM = "Problem";

    private final ObjectNode schemas = Json.object();
    private final Map<String, Class<?>> named = new HashMap<>();
    private final BiConsumer<Class<?>, ObjectNode> naming = this::name;

    private OpenApi() {
        named.put(PROBLEM, Refusal.class);
    }

    static ObjectNode of(List<Endpoint> endpoints) {
        return new OpenApi().document(endpoints);
    }

    /** The name of a record's schema; with that of the class around it, where there is one. */
    static String nameOf(Class<?> type) {
        Class<?> around = type.getEnclosingClass();
        return around == null ? type.getSimpleName() : around.getSimpleName() + type.getSimpleName();
    }

    private void name(Class<?> type, ObjectNode schema) {
        Class<?> before = named.put(nameOf(type), type);
        if (before != null && before != type) {
            throw new IllegalArgumentException(before + " and " + type + " would share a schema; rename one");
        }
        schemas.set(nameOf(type), schema);
    }

    private ObjectNode document(List<Endpoint> endpoints) {
        ObjectNode document = Json.object().put("openapi", "3.1.0");
        document.putObject("info")
                .put("title", "Rivulet tracker")
                .put("description", "What operators see and steer. Times are seconds since 1970 UTC.")
                .put("version", "1");
        document.putArray("servers").addObject().put("url", Endpoint.BASE);
        ObjectNode paths = document.putObject("paths");
        for (Endpoint endpoint : endpoints) {
            ObjectNode path = paths.withObjectProperty(endpoint.path);
            path.set(endpoint.method.toString().toLowerCase(Locale.ROOT), operation(endpoint));
        }
        ObjectNode components = document.putObject("components");
        components.set("schemas", schemas.set(PROBLEM, problem()));
        components.set("securitySchemes", schemes());
        return document;
    }

    private ObjectNode operation(Endpoint endpoint) {
        ObjectNode operation = Json.object()
                .put("summary", endpoint.summary)
                .put("description", "Least role: " + endpoint.least.text() + ".")
                .put("operationId", operationId(endpoint));
        operation.set("parameters", parameters(endpoint));
        ArrayNode security = operation.putArray("security");
        if (endpoint.least != Role.ANYONE) {
            security.addObject().putArray("token");
            security.addObject().putArray("session");
        }
        if (endpoint.body != Nothing.class) {
            ObjectNode body = operation.putObject("requestBody").put("required", true);
            content(body, JSON, Shape.of(endpoint.body).schema(naming));
        }
        ObjectNode responses = operation.putObject("responses");
        answer(endpoint, responses.putObject(String.valueOf(endpoint.status)));
        ObjectNode refused = responses.putObject("default").put("description", "Why not.");
        content(refused, Problem.CONTENT_TYPE, Json.object().put("$ref", "#/components/schemas/" + PROBLEM));
        return operation;
    }

    private static String operationId(Endpoint endpoint) {
        return (endpoint.method.toString().toLowerCase(Locale.ROOT) + endpoint.path)
                .replaceAll("\\W+", "-")
                .replaceAll("-$", "");
    }

    private static ArrayNode parameters(Endpoint endpoint) {
        ArrayNode parameters = Json.object().putArray("parameters");
        for (String name : endpoint.pathParameters()) {
            ObjectNode parameter =
                    parameters.addObject().put("name", name).put("in", "path").put("required", true);
            parameter.putObject("schema").put("type", "string");
        }
        for (Parameter each : endpoint.parameters) {
            ObjectNode parameter = parameters
                    .addObject()
                    .put("name", each.name())
                    .put("in", "query")
                    .put("required", each.required())
                    .put("description", each.help());
            ObjectNode schema =
                    parameter.putObject("schema").put("type", each.equals(Parameter.LIMIT) ? "integer" : "string");
            if (!each.choices().isEmpty()) {
                ArrayNode choices = schema.putArray("enum");
                each.choices().forEach(choices::add);
            }
        }
        if (endpoint.current != null) {
            ObjectNode match = parameters
                    .addObject()
                    .put("name", "If-Match")
                    .put("in", "header")
                    .put("required", true)
                    .put("description", "The ETag of what was read.");
            match.putObject("schema").put("type", "string");
        }
        return parameters;
    }

    private void answer(Endpoint endpoint, ObjectNode response) {
        response.put("description", "Done.");
        switch (endpoint.form) {
            case ONE -> content(response, JSON, schemaOf(endpoint));
            case PAGE -> content(response, JSON, page(schemaOf(endpoint)));
            case TEXT -> content(response, "text/plain", Json.object().put("type", "string"));
            case STREAM -> content(response, "text/event-stream", Json.object().put("type", "string"));
            case NONE -> {}
        }
    }

    private ObjectNode schemaOf(Endpoint endpoint) {
        if (endpoint.answer == null) {
            throw new IllegalStateException(endpoint.name() + " declares no answer");
        }
        return Shape.of(endpoint.answer).schema(naming);
    }

    private static ObjectNode page(ObjectNode item) {
        ObjectNode page = Json.object().put("type", "object");
        ObjectNode properties = page.putObject("properties");
        properties.putObject("items").put("type", "array").set("items", item);
        properties.putObject("next").putArray("type").add("string").add("null");
        page.putArray("required").add("items").add("next");
        return page;
    }

    private static void content(ObjectNode holder, String type, ObjectNode schema) {
        holder.putObject("content").putObject(type).set("schema", schema);
    }

    private static ObjectNode problem() {
        ObjectNode problem = Json.object().put("type", "object");
        ObjectNode properties = problem.putObject("properties");
        for (String text : List.of("type", "title", "detail")) {
            properties.putObject(text).put("type", "string");
        }
        properties.putObject("status").put("type", "integer");
        ObjectNode complaint =
                properties.putObject("problems").put("type", "array").putObject("items");
        complaint.put("type", "object");
        ObjectNode parts = complaint.putObject("properties");
        parts.putObject("key").put("type", "string");
        parts.putObject("text").put("type", "string");
        return problem;
    }

    private static ObjectNode schemes() {
        ObjectNode schemes = Json.object();
        schemes.putObject("token").put("type", "http").put("scheme", "bearer");
        schemes.putObject("session")
                .put("type", "apiKey")
                .put("in", "cookie")
                .put("name", "rivulet-session")
                .put("description", "What changes something also needs the header " + Gate.CSRF_HEADER + ".");
        return schemes;
    }
}
