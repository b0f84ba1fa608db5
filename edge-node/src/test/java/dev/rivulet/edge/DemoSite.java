package dev.rivulet.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rivulet.edge.catalog.TestEntries;
import dev.rivulet.edge.figures.StatusReport;
import dev.rivulet.edge.figures.StatusServer;
import dev.rivulet.edge.origin.TestOrigin;
import dev.rivulet.edge.store.TestContent;
import dev.rivulet.edge.tracker.TestTracker;
import dev.rivulet.protocol.id.ContentId;
import dev.rivulet.protocol.id.ResourceUrl;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** A site on loopback, with its tracker and origin, that publishes a file; and edges of it, run from the packaged jar. */
final class DemoSite implements AutoCloseable {
    static final int PIECE = 262_144;

    /** Of the file. */
    static final String PATH = "/file.bin";

    private static final int OK = 200;

    final TestTracker tracker = new TestTracker();
    final TestOrigin origin = new TestOrigin();
    final TestContent content;
    final ResourceUrl url;

    private final Path home;
    private final HttpClient client = HttpClient.newHttpClient();
    private final List<EdgeProcess> started = new ArrayList<>();

    /**
     * Begins to publish.
     *
     * @param home where edges run, with their data in {@link #data}
     * @param size of the file
     */
    DemoSite(Path home, int size) {
        this.home = home;
        content = TestContent.of(1, size);
        tracker.policy(TestEntries.policy("http://127.0.0.1:" + origin.port()));
        url = publish(PATH, content);
    }

    /** Publishes another file. */
    ResourceUrl publish(String path, TestContent other) {
        ResourceUrl where = origin.url(path);
        origin.put(path, other);
        tracker.publish(where, other);
        return where;
    }

    /** The data directory of its edges. */
    Path data() {
        return home.resolve("data");
    }

    /** Runs an edge of the site. */
    EdgeProcess edge(String... more) throws IOException {
        return edgeWithin(List.of(), more);
    }

    /** Runs an edge of the site that listens for HTTP, too. */
    EdgeProcess gateway(String... more) throws IOException {
        return gatewayWithin(List.of(), more);
    }

    /** As {@link #gateway}, started by a command that becomes the edge, whose command line follows. */
    EdgeProcess gatewayWithin(List<String> wrapper, String... more) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("--http", "127.0.0.1:0"));
        arguments.addAll(List.of(more));
        return edgeWithin(wrapper, arguments.toArray(String[]::new));
    }

    private EdgeProcess edgeWithin(List<String> wrapper, String... more) throws IOException {
        List<String> arguments = new ArrayList<>(
                List.of("run", "--tracker", tracker.base().toString(), "--site", "demo", "--data", "data"));
        arguments.addAll(List.of(more));
        return started(EdgeProcess.start(home, wrapper, arguments));
    }

    /** Runs the jar with these arguments and no others. */
    EdgeProcess jar(String... arguments) throws IOException {
        return started(EdgeProcess.start(home, List.of(arguments)));
    }

    private EdgeProcess started(EdgeProcess edge) {
        started.add(edge);
        return edge;
    }

    HttpResponse<byte[]> get(String from) throws IOException, InterruptedException {
        return client.send(request(from), BodyHandlers.ofByteArray());
    }

    /** Does not wait for the answer. */
    CompletableFuture<HttpResponse<byte[]>> ask(String from) {
        return client.sendAsync(request(from), BodyHandlers.ofByteArray());
    }

    private static HttpRequest request(String from) {
        return HttpRequest.newBuilder(URI.create(from)).build();
    }

    /** The status of what is answered. */
    int status(String from) {
        try {
            return get(from).statusCode();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The body of what is answered. */
    String text(String from) throws IOException, InterruptedException {
        return new String(get(from).body(), StandardCharsets.UTF_8);
    }

    /** What the status page of an edge is made from. */
    StatusReport report(EdgeProcess edge) {
        try {
            return StatusServer.JSON.readValue(
                    get(edge.statusUrl() + "/status.json").body(), StatusReport.class);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Where an edge has a piece of the file, if it holds it. */
    String heldPiece(EdgeProcess edge, int index) throws IOException, InterruptedException {
        return piece(edge.url(), content.id(), index);
    }

    /** Where an edge has a piece of the file, which it fetches unless it holds it. */
    String piece(EdgeProcess edge, int index) throws IOException, InterruptedException {
        return heldPiece(edge, index) + from(url);
    }

    /** Where a gateway has a piece, if it holds it; {@link #from} after it has it fetched. */
    static String piece(String gateway, ContentId id, int index) {
        return gateway + "/pieces/" + id + "/" + index;
    }

    /** Where a piece belongs to, for a gateway that does not hold it. */
    static String from(ResourceUrl url) {
        return "?url=" + URLEncoder.encode(url.text(), StandardCharsets.UTF_8);
    }

    /** That an edge has a piece of the file, which it may fetch. */
    void assertPiece(EdgeProcess edge, int index) throws IOException, InterruptedException {
        assertIsPiece(get(piece(edge, index)), index);
    }

    /** That an edge has a piece of the file, which it cannot fetch. */
    void assertHeldPiece(EdgeProcess edge, int index) throws IOException, InterruptedException {
        assertIsPiece(get(heldPiece(edge, index)), index);
    }

    private void assertIsPiece(HttpResponse<byte[]> response, int index) {
        assertThat(response.statusCode()).isEqualTo(OK);
        assertThat(ByteBuffer.wrap(response.body())).isEqualTo(content.piece(index));
    }

    /** Ends every edge that still runs, and the site. */
    @Override
    public void close() {
        for (EdgeProcess each : started) {
            each.end();
        }
        tracker.close();
        origin.close();
    }
}
