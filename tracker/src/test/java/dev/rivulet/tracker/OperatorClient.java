package dev.rivulet.tracker;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Calls the API as who can read the data directory may. */
final class OperatorClient {
    private static final JsonMapper JSON = new JsonMapper();

    private final HttpClient http = HttpClient.newHttpClient();
    private final String base;
    private final String secret;

    OperatorClient(Path data) throws IOException {
        List<String> lines = Files.readAllLines(data.resolve("operator"));
        base = lines.get(0) + "/api/v1";
        secret = lines.get(1);
    }

    /** An answer, whose body is JSON or nothing. */
    record Reply(int status, JsonNode body, String etag) {}

    Reply get(String path) throws Exception {
        return send("GET", path, null, null);
    }

    Reply delete(String path) throws Exception {
        return send("DELETE", path, null, null);
    }

    /** With single quotes for double ones. */
    Reply post(String path, String body) throws Exception {
        return send("POST", path, body, null);
    }

    Reply put(String path, String body, String etag) throws Exception {
        return send("PUT", path, body, etag);
    }

    private Reply send(String method, String path, String body, String etag) throws Exception {
        HttpRequest.BodyPublisher publisher = body == null
                ? HttpRequest.BodyPublishers.noBody()
                : HttpRequest.BodyPublishers.ofString(body.replace('\'', '"'));
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path))
                .header("Authorization", "Bearer " + secret)
                .method(method, publisher);
        if (body != null) {
            request.header("Content-Type", "application/json");
        }
        if (etag != null) {
            request.header("If-Match", etag);
        }
        HttpResponse<String> answer = http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        return new Reply(
                answer.statusCode(),
                JSON.readTree(answer.body().isEmpty() ? "null" : answer.body()),
                answer.headers().firstValue("ETag").orElse(""));
    }
}
