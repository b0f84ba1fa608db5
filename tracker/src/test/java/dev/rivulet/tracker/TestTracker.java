package dev.rivulet.tracker;

import dev.rivulet.protocol.settings.ListenAddress;
import dev.rivulet.protocol.settings.Sources;
import dev.rivulet.tracker.config.TrackerConfig;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** A tracker in this process, on a port of the system's choice. */
final class TestTracker implements AutoCloseable {
    static final String ORIGIN = "http://page.localhost:8080";
    static final String PUBLISH_TOKEN = "token-of-a-publisher";

    private static final String YAML = """
            listen: 127.0.0.1:0
            sites:
              demo:
                web-origins: ["http://*.localhost:8080"]
                content-origins: ["http://content.example"]
                open-edges: true
              closed:
                web-origins: ["http://*.localhost:8080"]
                content-origins: ["http://content.example"]
            tokens:
            - {token: token-of-a-publisher, role: publish, site: demo}
            """;

    private final Closers closers;
    private final ListenAddress address;
    private final HttpClient http = HttpClient.newHttpClient();

    private TestTracker(Closers closers, ListenAddress address) {
        this.closers = closers;
        this.address = address;
    }

    static TestTracker start(Path data, Map<String, String> settings) {
        Map<String, String> flags = new HashMap<>(settings);
        flags.put("data", data.toString());
        TrackerConfig config = TrackerConfig.SETTINGS.read(new Sources("test", YAML, Map.of(), flags));
        Closers closers = new Closers();
        return new TestTracker(closers, Tracker.start(config, closers));
    }

    String address() {
        return address.toString();
    }

    int port() {
        return address.port();
    }

    String webSocket() {
        return "ws://" + address() + "/";
    }

    HttpResponse<byte[]> get(String path, String... headers) throws IOException, InterruptedException {
        return send("GET", path, headers);
    }

    HttpResponse<byte[]> send(String method, String path, String... headers) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://" + address() + path))
                .method(method, HttpRequest.BodyPublishers.noBody());
        if (headers.length > 0) {
            request.headers(headers);
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    }

    @Override
    public void close() throws IOException {
        closers.close();
    }
}
