package dev.rivulet.tracker.publishing;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.rivulet.protocol.Limits;
import dev.rivulet.protocol.catalog.CatalogBody;
import dev.rivulet.protocol.catalog.CatalogVerifier;
import dev.rivulet.protocol.catalog.Head;
import dev.rivulet.protocol.catalog.Layout;
import dev.rivulet.protocol.catalog.PublishBody;
import dev.rivulet.protocol.catalog.PublishBody.Item;
import dev.rivulet.protocol.catalog.Shard;
import dev.rivulet.protocol.catalog.ShardIndex;
import dev.rivulet.protocol.http.Validators;
import dev.rivulet.protocol.id.ResourceUrl;
import dev.rivulet.protocol.id.SiteId;
import dev.rivulet.tracker.catalog.Entries;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PublishHttpIT {
    private static final String ENTRIES = "/api/v1/sites/demo/entries";
    /** How long an answer may take on a busy machine. */
    private static final int PATIENCE_MS = 60_000;

    private final HttpClient http = HttpClient.newHttpClient();

    @TempDir
    Path data;

    private CatalogServer server;

    @BeforeEach
    void open() {
        server = CatalogServer.start(data, Policies.of("https://content.example", List.of("/**"), List.of()));
    }

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void whatWasPublishedIsReadBackAndVerifies() throws Exception {
        Layout large = Entries.layout(new byte[17 * Limits.SMALL_PIECE_BYTES]);

        HttpResponse<String> answer = publish(CatalogServer.TOKEN, item("/a", large));

        assertThat(answer.statusCode()).isEqualTo(200);
        JsonNode receipt = new ObjectMapper().readTree(answer.body());
        assertThat(receipt.path("accepted").asInt()).isEqualTo(1);
        assertThat(receipt.path("changed").asInt()).isEqualTo(1);
        CatalogBody body = CatalogBody.parse(getBytes("/sites/demo/catalog"));
        CatalogVerifier verifier =
                new CatalogVerifier(new SiteId("demo"), body.rootKey().keyId(), null);
        verifier.delegations(body.rootKey(), body.delegations());
        Head head = verifier.head(body.head(), Instant.now().getEpochSecond()).orElseThrow();
        assertThat(receipt.path("epoch").asLong()).isEqualTo(head.epoch());
        assertThat(receipt.path("sequence").asLong()).isEqualTo(head.sequence());
        ShardIndex index = ShardIndex.decode(head, getBytes("/sites/demo/shards/" + head.root()));
        Shard shard = Shard.decode(getBytes(
                "/sites/demo/shards/" + index.shardOf(Entries.url("/a").hash()).orElseThrow()));
        assertThat(shard.find(Entries.url("/a").hash()).orElseThrow().content()).isEqualTo(large.contentId());
        assertThat(getBytes("/sites/demo/layouts/" + large.contentId())).isEqualTo(large.encode());
        assertThat(body.policy()).isNotNull();
    }

    @Test
    void catalogIsRevalidatedAndShardsNeverChange() throws Exception {
        publish(CatalogServer.TOKEN, item("/a", small("a")));

        HttpResponse<String> catalog = get("/sites/demo/catalog");
        String etag = catalog.headers().firstValue("etag").orElseThrow();
        HttpResponse<String> again = http.send(
                request("/sites/demo/catalog").header("If-None-Match", etag).build(), BodyHandlers.ofString());
        assertThat(catalog.headers().firstValue("cache-control")).contains("no-cache");
        assertThat(catalog.headers().firstValue("access-control-allow-origin")).contains("*");
        assertThat(again.statusCode()).isEqualTo(304);

        String index = CatalogBody.parse(catalog.body().getBytes(StandardCharsets.UTF_8))
                .head();
        assertThat(index).isNotEmpty();
        HttpResponse<String> shard = get("/sites/demo/shards/" + root());
        assertThat(shard.headers().firstValue("cache-control"))
                .hasValueSatisfying(value -> assertThat(value).contains("immutable"));
        assertThat(shard.headers().firstValue("content-type")).contains("application/octet-stream");
    }

    @Test
    void headHasTheLengthAndNoBody() throws Exception {
        HttpResponse<String> head = http.send(
                request("/sites/demo/catalog")
                        .method("HEAD", BodyPublishers.noBody())
                        .build(),
                BodyHandlers.ofString());

        assertThat(head.statusCode()).isEqualTo(200);
        assertThat(head.body()).isEmpty();
        assertThat(head.headers().firstValueAsLong("content-length").orElse(0))
                .isEqualTo(getBytes("/sites/demo/catalog").length);
    }

    @Test
    void whatIsNotThereIsAProblem() throws Exception {
        for (String path : List.of(
                "/sites/other/catalog",
                "/sites/NOT-A-SITE/catalog",
                "/sites/demo/shards/" + Entries.url("/a").hash(),
                "/sites/demo/shards/x",
                "/sites/demo/layouts/" + Entries.url("/a").hash(),
                "/sites/demo/layouts/x")) {
            HttpResponse<String> answer = get(path);

            assertThat(answer.statusCode()).as(path).isEqualTo(404);
            assertThat(answer.headers().firstValue("content-type")).contains("application/problem+json");
        }
    }

    @Test
    void wrongOrMissingTokenChangesNothing() throws Exception {
        HttpResponse<String> wrong = publish("wrong", item("/a", small("a")));
        HttpResponse<String> missing = http.send(
                request(ENTRIES)
                        .POST(BodyPublishers.ofString("{\"entries\":[],\"removed\":[]}"))
                        .build(),
                BodyHandlers.ofString());

        assertThat(wrong.statusCode()).isEqualTo(401);
        assertThat(missing.statusCode()).isEqualTo(401);
        assertThat(missing.headers().firstValue("www-authenticate")).contains("Bearer");
        assertThat(server.catalogs()
                        .listed(new SiteId("demo"), Entries.url("/a").hash()))
                .isEmpty();
    }

    @Test
    void unknownSiteIsNotFound() throws Exception {
        HttpResponse<String> answer = http.send(
                request("/api/v1/sites/other/entries")
                        .header("Authorization", "Bearer " + CatalogServer.TOKEN)
                        .POST(BodyPublishers.ofString("{}"))
                        .build(),
                BodyHandlers.ofString());

        assertThat(answer.statusCode()).isEqualTo(404);
    }

    @Test
    void oneBadEntryRefusesAllAndIsNamed() throws Exception {
        Item outside = new Item(
                ResourceUrl.parse("https://elsewhere.example/b"), small("b"), Map.of(), Validators.NONE, 1, true);

        HttpResponse<String> answer = publish(CatalogServer.TOKEN, item("/a", small("a")), outside);

        assertThat(answer.statusCode()).isEqualTo(400);
        assertThat(new ObjectMapper().readTree(answer.body()).path("detail").asText())
                .startsWith("publish.entries[1].url: ");
        assertThat(server.catalogs()
                        .listed(new SiteId("demo"), Entries.url("/a").hash()))
                .isEmpty();
    }

    /** Over a plain socket: a client that is still sending when it is refused may lose the answer with the connection. */
    @Test
    void bodyOverTheLimitIsRefusedBeforeItIsSent() throws Exception {
        URI url = URI.create(server.url() + ENTRIES);
        try (Socket socket = new Socket(url.getHost(), url.getPort())) {
            socket.setSoTimeout(PATIENCE_MS);
            String head = "POST " + url.getPath() + " HTTP/1.1\r\nHost: " + url.getAuthority()
                    + "\r\nAuthorization: Bearer " + CatalogServer.TOKEN + "\r\nContent-Length: "
                    + (Limits.MAX_PUBLISH_BYTES + 1) + "\r\n\r\n";
            socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
            BufferedReader answer =
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));

            assertThat(answer.readLine()).startsWith("HTTP/1.1 413 ");
        }
    }

    @Test
    void publishedIsThereAfterTheServerWasReplaced() throws Exception {
        publish(CatalogServer.TOKEN, item("/a", small("a")));
        String before = get("/sites/demo/catalog").body();

        server.close();
        open();

        JsonNode head =
                new ObjectMapper().readTree(get("/sites/demo/catalog").body()).path("head");
        assertThat(head).isEqualTo(new ObjectMapper().readTree(before).path("head"));
    }

    private String root() throws Exception {
        CatalogBody body = CatalogBody.parse(getBytes("/sites/demo/catalog"));
        CatalogVerifier verifier =
                new CatalogVerifier(new SiteId("demo"), body.rootKey().keyId(), null);
        verifier.delegations(body.rootKey(), body.delegations());
        return verifier.head(body.head(), Instant.now().getEpochSecond())
                .orElseThrow()
                .root()
                .text();
    }

    private HttpResponse<String> publish(String token, Item... items) throws IOException, InterruptedException {
        return http.send(
                request(ENTRIES)
                        .header("Authorization", "Bearer " + token)
                        .POST(BodyPublishers.ofString(new PublishBody(List.of(items), List.of()).text()))
                        .build(),
                BodyHandlers.ofString());
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return http.send(request(path).build(), BodyHandlers.ofString());
    }

    private byte[] getBytes(String path) throws IOException, InterruptedException {
        HttpResponse<byte[]> answer = http.send(request(path).build(), BodyHandlers.ofByteArray());
        assertThat(answer.statusCode()).as(path).isEqualTo(200);
        return answer.body();
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(server.url() + path));
    }

    private static Layout small(String text) {
        return Entries.layout(text.getBytes(StandardCharsets.UTF_8));
    }

    private static Item item(String path, Layout layout) {
        return new Item(Entries.url(path), layout, Map.of("content-type", "text/plain"), Validators.NONE, 86_400, true);
    }
}
