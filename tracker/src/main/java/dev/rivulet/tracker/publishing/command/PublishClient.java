package dev.rivulet.tracker.publishing.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.rivulet.protocol.DecodeException;
import dev.rivulet.protocol.catalog.CatalogBody;
import dev.rivulet.protocol.catalog.PublishBody;
import dev.rivulet.protocol.http.SitePolicy;
import dev.rivulet.protocol.id.SiteId;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/** Talks to the tracker's publish API. */
final class PublishClient {
    private static final Duration CONNECT = Duration.ofSeconds(10);
    private static final Duration ANSWER = Duration.ofMinutes(2);
    /** Pauses before a call that failed is made again; publishing twice is as good as once. */
    private static final List<Duration> RETRIES = List.of(Duration.ofSeconds(1), Duration.ofSeconds(4));

    private static final int OK = 200;
    private static final int UNAUTHORIZED = 401;
    private static final int NOT_FOUND = 404;
    private static final int SERVER_ERROR = 500;

    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(CONNECT).build();
    private final ObjectMapper json = new ObjectMapper();
    private final String tracker;
    private final SiteId site;
    private final String token;
    private final List<Duration> pauses;

    private PublishClient(String tracker, SiteId site, String token, List<Duration> pauses) {
        this.tracker = tracker;
        this.site = site;
        this.token = token;
        this.pauses = pauses;
    }

    /** One that tries a few times. {@code tracker} is a base URL that ends in a slash. */
    static PublishClient patient(String tracker, SiteId site, String token) {
        return new PublishClient(tracker, site, token, RETRIES);
    }

    /** One that tries once, for whoever tries again himself. */
    static PublishClient impatient(String tracker, SiteId site, String token) {
        return new PublishClient(tracker, site, token, List.of());
    }

    /** What a call did. */
    record Done(long changed, long epoch, long sequence) {}

    /** What the site allows. */
    SitePolicy policy() throws IOException, InterruptedException {
        HttpResponse<String> answer = send(request("sites/" + site + "/catalog").build());
        try {
            SitePolicy policy = CatalogBody.parse(answer.body().getBytes(StandardCharsets.UTF_8))
                    .policy();
            if (policy != null) {
                return policy;
            }
        } catch (DecodeException e) {
            throw new RemoteException(tracker + " does not answer as a tracker does: " + e.getMessage());
        }
        throw new RemoteException(tracker + " does not say what the site " + site + " allows");
    }

    /** Publishes; returns once it is durable. */
    Done publish(PublishBody body) throws IOException, InterruptedException {
        HttpResponse<String> answer = send(request("api/v1/sites/" + site + "/entries")
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofString(body.text()))
                .build());
        JsonNode done = json.readTree(answer.body());
        return new Done(
                done.path("changed").asLong(),
                done.path("epoch").asLong(),
                done.path("sequence").asLong());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(tracker + path)).timeout(ANSWER);
    }

    private HttpResponse<String> send(HttpRequest request) throws IOException, InterruptedException {
        for (Duration pause : pauses) {
            try {
                return sendOnce(request);
            } catch (TrackerAwayException e) {
                // The last attempt below says what is wrong.
            }
            Thread.sleep(pause.toMillis());
        }
        return sendOnce(request);
    }

    private HttpResponse<String> sendOnce(HttpRequest request) throws IOException, InterruptedException {
        HttpResponse<String> answer;
        try {
            answer = http.send(request, BodyHandlers.ofString());
        } catch (IOException e) {
            throw new TrackerAwayException("no answer from " + tracker + " (" + e + "); is the tracker running there?");
        }
        return checked(answer);
    }

    private HttpResponse<String> checked(HttpResponse<String> answer) throws IOException {
        if (answer.statusCode() >= SERVER_ERROR) {
            throw new TrackerAwayException(answered(answer));
        }
        return switch (answer.statusCode()) {
            case OK -> answer;
            case UNAUTHORIZED ->
                throw new RemoteException("the tracker does not accept the token; it needs one of role publish for the"
                        + " site " + site + ", as configured under tokens");
            case NOT_FOUND ->
                throw new RemoteException("the tracker at " + tracker + " has no site " + site
                        + "; configure it under sites, or correct --site or --tracker");
            default -> throw new RemoteException(answered(answer));
        };
    }

    private String answered(HttpResponse<String> answer) {
        return "the tracker answered " + answer.statusCode() + ": " + detail(answer.body());
    }

    private String detail(String body) {
        try {
            return json.readTree(body).path("detail").asText(body);
        } catch (IOException e) {
            return body;
        }
    }
}
