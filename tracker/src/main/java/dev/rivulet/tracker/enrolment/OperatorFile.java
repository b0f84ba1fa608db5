package dev.rivulet.tracker.enrolment;

import dev.rivulet.protocol.Base64Url;
import dev.rivulet.protocol.settings.ConfigException;
import dev.rivulet.protocol.settings.ListenAddress;
import dev.rivulet.tracker.keys.PrivateFile;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Where the tracker runs that owns a data directory, and the secret by which it takes orders: two lines in a file that
 * only its owner can read, while it runs.
 */
public final class OperatorFile {
    private static final String NAME = "operator";
    private static final int SECRET_BYTES = 32;
    private static final int DONE = 2;
    /** How long the tracker may take to answer. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private OperatorFile() {}

    /** A new secret. */
    public static String newSecret(SecureRandom random) {
        byte[] bytes = new byte[SECRET_BYTES];
        random.nextBytes(bytes);
        return Base64Url.encode(bytes);
    }

    /**
     * Writes it.
     *
     * @return deletes it again
     */
    public static AutoCloseable write(Path dataDirectory, ListenAddress address, String secret) {
        try {
            PrivateFile.write(dataDirectory, NAME, localBase(address) + "\n" + secret + "\n");
        } catch (IOException e) {
            throw new ConfigException("data", dataDirectory.toString(), "cannot be written to: " + e);
        }
        return () -> Files.deleteIfExists(dataDirectory.resolve(NAME));
    }

    /**
     * A tracker that runs on a data directory, as far as its file tells.
     *
     * @param base its URL for operators, without a slash at the end
     * @param secret lets its bearer do everything
     */
    public record Tracker(String base, String secret) {}

    /** The tracker that runs on this data directory; it may have been killed and have left the file. */
    public static Optional<Tracker> running(Path dataDirectory) throws IOException {
        Path file = dataDirectory.resolve(NAME);
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        List<String> lines = Files.readAllLines(file);
        return lines.size() == 2 ? Optional.of(new Tracker(lines.get(0), lines.get(1))) : Optional.empty();
    }

    /** How a tracker that listens there is reached from its own machine. */
    public static String localBase(ListenAddress address) {
        String host = List.of("0.0.0.0", "::").contains(address.host()) ? "localhost" : address.host();
        return "http://" + new ListenAddress(host, address.port());
    }

    /**
     * What a running tracker said to an order.
     *
     * @param done whether it followed
     * @param text what it answered; why it did not follow, if it did not
     */
    public record Reply(boolean done, String text) {}

    /**
     * Sends an order with a body, JSON or nothing, to the tracker that runs; empty when none does,
     * {@link ConfigException} when it does not answer.
     */
    public static Optional<Reply> order(Path dataDirectory, String method, String path, String body)
            throws IOException, InterruptedException {
        return order(dataDirectory, method, path, body, PATIENCE);
    }

    static Optional<Reply> order(Path dataDirectory, String method, String path, String body, Duration patience)
            throws IOException, InterruptedException {
        Optional<Tracker> tracker = running(dataDirectory);
        if (tracker.isEmpty()) {
            return Optional.empty();
        }
        HttpClient client = HttpClient.newBuilder().connectTimeout(patience).build();
        HttpRequest request = HttpRequest.newBuilder(URI.create(tracker.get().base() + path))
                .timeout(patience)
                .header("Authorization", "Bearer " + tracker.get().secret())
                .header("Content-Type", "application/json")
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                .build();
        try {
            HttpResponse<String> answer = client.send(request, BodyHandlers.ofString());
            return Optional.of(new Reply(answer.statusCode() / 100 == DONE, answer.body()));
        } catch (ConnectException e) {
            // It was killed, and left the file.
            return Optional.empty();
        } catch (HttpTimeoutException e) {
            throw noAnswer(tracker.get().base(), patience);
        }
    }

    /** That an order was sent, and nothing came back. */
    public static ConfigException noAnswer(String base, Duration patience) {
        return new ConfigException(
                "the tracker",
                base,
                "does not answer within " + patience.toSeconds()
                        + " s; it may still carry the order out, so look before you repeat it");
    }
}
