package dev.rivulet.tracker;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.rivulet.protocol.settings.ConfigException;
import dev.rivulet.tracker.api.Endpoint;
import dev.rivulet.tracker.api.Refusal;
import dev.rivulet.tracker.enrolment.OperatorFile;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Asks a tracker's API, and prints what it answers. */
final class AdminClient {
    /** Set to an API token, as an alternative to a file with it. */
    static final String TOKEN_VARIABLE = "RIVULET_TOKEN";

    /** The exit code when the tracker refuses; 0 when it does not. */
    static final int REFUSED = 1;

    /** How long the tracker may take to answer. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final int DONE = 2;
    private static final Set<String> WITH_BODY = Set.of("POST", "PUT", "PATCH");

    private final String base;
    private final String token;
    private final Duration patience;
    private final HttpClient http;
    private final ObjectMapper mapper = new ObjectMapper();

    /**
     * Asks the tracker at this base URL.
     *
     * @param token of the API, or the local secret
     */
    AdminClient(String base, String token) {
        this(base, token, PATIENCE);
    }

    AdminClient(String base, String token, Duration patience) {
        this.base = base.endsWith("/") ? base.substring(0, base.length() - 1) : base;
        this.token = token;
        this.patience = patience;
        this.http = HttpClient.newBuilder().connectTimeout(patience).build();
    }

    /** Asks the tracker that runs here. */
    static AdminClient of(OperatorFile.Tracker local) {
        return new AdminClient(local.base(), local.secret());
    }

    /**
     * Sends a request and prints the answer, JSON with indents; returns the exit code.
     *
     * @param path below the API's base, or with it; perhaps with a query
     * @param json the body; null: with POST, PUT and PATCH an empty object, which endpoints without a body ignore
     * @param ifMatch an ETag; null: with PUT and PATCH, that of what is there now
     */
    int run(String method, String path, @Nullable String json, @Nullable String ifMatch)
            throws IOException, InterruptedException {
        String tag = ifMatch;
        if (tag == null && (method.equals("PUT") || method.equals("PATCH"))) {
            // The query says how to change it, and is none of who reads it.
            HttpResponse<String> before = send("GET", path.split("\\?", 2)[0], null, null);
            tag = before.statusCode() / 100 == DONE
                    ? before.headers().firstValue("ETag").orElse(null)
                    : null;
        }
        String body = json == null && WITH_BODY.contains(method) ? "{}" : json;
        HttpResponse<String> answer = send(method, path, body, tag);
        boolean done = answer.statusCode() / 100 == DONE;
        String text = readable(answer);
        if (done) {
            System.out.print(text);
        } else {
            System.err.print("rivulet-tracker admin: " + text);
        }
        return done ? 0 : REFUSED;
    }

    private HttpResponse<String> send(String method, String path, @Nullable String json, @Nullable String tag)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(uri(path))
                .timeout(patience)
                .header("Authorization", "Bearer " + token)
                .method(method, json == null ? BodyPublishers.noBody() : BodyPublishers.ofString(json));
        if (json != null) {
            request.header("Content-Type", "application/json");
        }
        if (tag != null) {
            request.header("If-Match", tag);
        }
        try {
            return http.send(request.build(), BodyHandlers.ofString());
        } catch (ConnectException | HttpConnectTimeoutException e) {
            throw new ConfigException("url", base, "no tracker answers there; is it running?");
        } catch (HttpTimeoutException e) {
            throw OperatorFile.noAnswer(base, patience);
        }
    }

    private URI uri(String path) {
        String absolute = path.startsWith("/") ? path : "/" + path;
        String below = absolute.startsWith(Endpoint.BASE + "/") ? absolute : Endpoint.BASE + absolute;
        try {
            return URI.create(base + below);
        } catch (IllegalArgumentException e) {
            throw new ConfigException("path", path, "write a path such as /operators");
        }
    }

    private String readable(HttpResponse<String> answer) {
        String body = answer.body();
        if (body.isEmpty()) {
            return "";
        }
        String type = answer.headers().firstValue("Content-Type").orElse("");
        try {
            if (type.startsWith("application/problem+json")) {
                return problem(mapper.readTree(body));
            }
            return type.startsWith("application/json")
                    ? mapper.writerWithDefaultPrettyPrinter().writeValueAsString(mapper.readTree(body)) + "\n"
                    : body;
        } catch (JsonProcessingException e) {
            return body;
        }
    }

    /** Problem details in lines for a terminal. */
    static String problem(JsonNode problem) {
        StringBuilder lines = new StringBuilder();
        lines.append(problem.path("status").asText())
                .append(' ')
                .append(problem.path("type").asText().replace(Refusal.TYPES, ""))
                .append(": ")
                .append(problem.path("detail").asText())
                .append('\n');
        JsonNode problems = problem.path("problems");
        for (int i = 1; i < problems.size(); i++) {
            lines.append("  ")
                    .append(problems.get(i).path("key").asText())
                    .append(": ")
                    .append(problems.get(i).path("text").asText())
                    .append('\n');
        }
        return lines.toString();
    }

    /** A token as it is configured for programs. */
    static Optional<String> tokenFromEnvironment() {
        return Optional.ofNullable(System.getenv(TOKEN_VARIABLE)).filter(token -> !token.isBlank());
    }
}
