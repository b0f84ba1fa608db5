package dev.rivulet.tracker.access;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.rivulet.protocol.settings.ListenAddress;
import dev.rivulet.tracker.api.Api;
import dev.rivulet.tracker.api.Endpoints;
import dev.rivulet.tracker.database.TrackerDatabase;
import dev.rivulet.tracker.http.Arrivals;
import dev.rivulet.tracker.http.HttpServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** The API over HTTP with nothing but access behind it, at a time that the test sets. */
final class TestDesk implements AutoCloseable {
    static final String LOCAL = "the-local-secret";

    private final TrackerDatabase database;
    private final HttpServer server;
    private final HttpClient http = HttpClient.newHttpClient();
    private final AtomicLong nowSeconds = new AtomicLong(1_800_000_000);
    final Access access;

    private TestDesk(Path data, List<Endpoints> more) {
        InstantSource clock = () -> Instant.ofEpochSecond(nowSeconds.get());
        database = TrackerDatabase.open(data);
        access = Access.open(database, LOCAL, new SecureRandom(), clock);
        List<Endpoints> endpoints = new ArrayList<>(access.endpoints());
        endpoints.addAll(more);
        Arrivals arrivals = new Arrivals(null, List.of("127.0.0.1"));
        Api api = new Api(endpoints, new Api.Surroundings(access.gate(), access.audit(), arrivals));
        server = HttpServer.start(
                new ListenAddress("127.0.0.1", 0),
                null,
                new HttpServer.Served(exchange -> exchange.setStatusCode(426).endExchange(), List.of(), List.of(api)));
    }

    static TestDesk open(Path data, Endpoints... more) {
        return new TestDesk(data, List.of(more));
    }

    long now() {
        return nowSeconds.get();
    }

    void passes(long seconds) {
        nowSeconds.addAndGet(seconds);
    }

    /** Sends without any credential but those among {@code headers}. */
    Reply send(String method, String path, String body, String... headers) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create("http://" + server.address() + "/api/v1" + path))
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        if (!body.isEmpty()) {
            request.setHeader("Content-Type", "application/json");
        }
        for (int i = 0; i < headers.length; i += 2) {
            request.setHeader(headers[i], headers[i + 1]);
        }
        return new Reply(http.send(request.build(), BodyHandlers.ofString()));
    }

    /** Something that is being sent. */
    record Stream(BufferedReader reader) implements AutoCloseable {
        /** The next line; null when it has ended. */
        String line() throws IOException {
            return reader.readLine();
        }

        @Override
        public void close() throws IOException {
            reader.close();
        }
    }

    Stream stream(String path, String header, String value) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + server.address() + "/api/v1" + path))
                .setHeader(header, value)
                .build();
        InputStream body = http.send(request, BodyHandlers.ofInputStream()).body();
        return new Stream(new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8)));
    }

    /** As who can read the data directory. */
    Reply local(String method, String path, String body, String... headers) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(List.of(headers));
        all.addAll(List.of("Authorization", "Bearer " + LOCAL));
        return send(method, path, body, all.toArray(String[]::new));
    }

    /** An operator who is signed in. */
    Browser signedIn(Reply reply) {
        return new Browser(this, reply.cookie(), reply.json().path("csrf").asText());
    }

    /** Adds an operator and signs in as that. */
    Browser join(String name, String role, String password) throws IOException, InterruptedException {
        Reply added = local("POST", "/operators", "{\"name\":\"" + name + "\",\"role\":\"" + role + "\"}");
        String ticket = added.json().path("ticket").asText();
        return signedIn(send("POST", "/setup", setup(ticket, name, password)));
    }

    static String setup(String ticket, String name, String password) {
        return "{\"ticket\":\"" + ticket + "\",\"name\":\"" + name + "\",\"password\":\"" + password + "\"}";
    }

    static String given(String name, String password) {
        return "{\"name\":\"" + name + "\",\"password\":\"" + password + "\"}";
    }

    record Browser(TestDesk desk, String cookie, String csrf) {
        Reply send(String method, String path, String body, String... headers)
                throws IOException, InterruptedException {
            List<String> all = new ArrayList<>(List.of("Cookie", cookie, "X-Rivulet-Csrf", csrf));
            all.addAll(List.of(headers));
            return desk.send(method, path, body, all.toArray(String[]::new));
        }
    }

    record Reply(HttpResponse<String> response) {
        int status() {
            return response.statusCode();
        }

        String header(String name) {
            return response.headers().firstValue(name).orElse("");
        }

        String cookie() {
            return header("Set-Cookie").split(";", -1)[0];
        }

        JsonNode json() {
            try {
                return new ObjectMapper().readTree(response.body());
            } catch (IOException e) {
                throw new IllegalStateException(response.body(), e);
            }
        }

        /** What the problem's type ends with. */
        String problem() {
            return json().path("type").asText().replaceFirst(".*/", "");
        }
    }

    @Override
    public void close() {
        server.close();
        database.close();
    }
}
