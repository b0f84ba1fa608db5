package dev.rivulet.tracker;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.rivulet.protocol.id.ContentId;
import dev.rivulet.protocol.id.PeerId;
import dev.rivulet.protocol.id.Sha256;
import dev.rivulet.protocol.id.SiteId;
import dev.rivulet.protocol.message.ClientMessage.Announce;
import dev.rivulet.protocol.message.ClientMessage.ByteCounts;
import dev.rivulet.protocol.message.ClientMessage.ContentCounts;
import dev.rivulet.protocol.message.ClientMessage.EdgeState;
import dev.rivulet.protocol.message.ClientMessage.Hello;
import dev.rivulet.protocol.message.ClientMessage.LinkCounts;
import dev.rivulet.protocol.message.ClientMessage.Observed;
import dev.rivulet.protocol.message.ClientMessage.PieceCounts;
import dev.rivulet.protocol.message.ClientMessage.Rates;
import dev.rivulet.protocol.message.ClientMessage.Report;
import dev.rivulet.protocol.message.ClientMessage.Share;
import dev.rivulet.protocol.message.Role;
import dev.rivulet.protocol.message.TrackerMessage.Welcome;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FiguresIT {
    private static final SiteId DEMO = new SiteId("demo");
    private static final ContentId CONTENT = new ContentId(Sha256.of(new byte[] {1}));
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path data;

    private TestTracker tracker;
    private final List<TestPeer> peers = new ArrayList<>();

    @BeforeEach
    void start() {
        tracker = TestTracker.start(data, Map.of());
    }

    @AfterEach
    void stop() throws IOException {
        peers.forEach(TestPeer::close);
        tracker.close();
    }

    @Test
    void whatAPageReportsIsInTheOverviewAndAfterARestartToo() throws Exception {
        joined(Role.PAGE).peer().say(report(10, 20, 30));
        Predicate<JsonNode> told = overview -> overview.at("/bytes/peers").asLong() == 10
                && overview.at("/bytes/origin").asLong() == 30;

        JsonNode overview = awaited("/overview?range=15m&site=demo", told);
        assertThat(overview.get("viewers").asInt()).isEqualTo(1);
        assertThat(overview.get("offload").asDouble()).isEqualTo(0.5);
        assertThat(overview.at("/health/stalls").asLong()).isEqualTo(2);

        tracker.close();
        start();
        awaited("/overview?range=1h", told);
        JsonNode series = asked("/series?range=1h&site=demo");
        assertThat(series.get("points").asInt()).isEqualTo(60);
        assertThat(sum(series.at("/series/edges"))).isEqualTo(20);
    }

    @Test
    void whatCannotBeTrueIsDisregarded() throws Exception {
        Joined page = joined(Role.PAGE);
        page.peer().say(report(1L << 50, 0, 0));
        page.peer().say(report(1, 0, 0));

        JsonNode overview =
                awaited("/overview", answer -> answer.at("/bytes/peers").asLong() > 0);

        assertThat(overview.at("/bytes/peers").asLong()).isEqualTo(1);
        assertThat(metrics()).contains("rivulet_tracker_reports_disregarded_total 1.0");
    }

    @Test
    void anEdgeIsListedWithWhatItSaysOfItself() throws Exception {
        Joined edge = joined(Role.EDGE);
        EdgeState state = new EdgeState("Kiel", "DE", new Share(1, 2), new Share(3, 4), new Rates(5, 6));
        edge.peer().say(new Report(new ByteCounts(0, 0, 0, 7, 9), null, List.of(), List.of(), Observed.NOTHING, state));

        JsonNode overview =
                awaited("/overview", answer -> answer.at("/bytes/edgeOrigin").asLong() == 7);

        assertThat(overview.get("edges").asInt()).isEqualTo(1);
        assertThat(overview.get("savedBytes").asLong()).isEqualTo(-7);
        JsonNode listed = asked("/edges?site=demo").at("/items/0");
        assertThat(listed.get("fingerprint").asText()).isEqualTo(edge.id().text());
        assertThat(listed.get("online").asBoolean()).isTrue();
        assertThat(listed.get("version").asText()).isEqualTo("1.2");
        assertThat(listed.get("gateway").isNull()).isTrue();
        assertThat(listed.get("trust").asText()).isEqualTo("ok");
    }

    @Test
    void aSwarmIsPicturedWithItsConnectionsAndLiarsAreNamed() throws Exception {
        Joined edge = joined(Role.EDGE);
        List<Joined> pages = List.of(joined(Role.PAGE), joined(Role.PAGE), joined(Role.PAGE));
        edge.peer().say(new Announce(List.of(CONTENT), List.of(), null, 1));
        edge.peer()
                .say(links(pages.stream()
                        .map(page -> new LinkCounts(page.id(), 0, 1L << 30))
                        .toList()));
        awaited("/overview", overview -> overview.at("/bytes/uploaded").asLong() == 1);
        for (Joined page : pages) {
            page.peer().say(new Announce(List.of(CONTENT), List.of(), null, 1));
            page.peer().say(links(List.of(new LinkCounts(edge.id(), 5, 0))));
        }

        JsonNode discrepancies = awaited(
                "/discrepancies", answer -> answer.at("/items/0/disagreeing").asInt() == 3);

        JsonNode liar = discrepancies.at("/items/0");
        assertThat(liar.get("id").asText()).isEqualTo(edge.id().text());
        assertThat(liar.get("suspect").asBoolean()).isTrue();
        assertThat(liar.get("confirmed").asLong()).isEqualTo(15);
        assertThat(asked("/edges").at("/items/0/trust").asText()).isEqualTo("suspect");
        JsonNode picture = asked("/swarms/demo/" + CONTENT.text());
        assertThat(picture.get("members")).hasSize(4);
        assertThat(picture.get("connections")).hasSize(3);
        assertThat(asked("/swarms").at("/items/0/viewers").asInt()).isEqualTo(3);
        assertThat(metrics()).contains("rivulet_tracker_suspects{site=\"demo\"} 1.0");
    }

    @Test
    void whatHappensIsAnEventAndWhoWatchesIsToldAtOnce() throws Exception {
        awaited("/events", events -> events.at("/items/0/kind").asText().equals("start"));
        HttpRequest request = HttpRequest.newBuilder(URI.create("http://" + tracker.address() + "/api/v1/live"))
                .header("Authorization", authorization())
                .build();

        HttpResponse<Stream<String>> live =
                HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofLines());

        assertThat(live.headers().firstValue("Content-Type"))
                .hasValueSatisfying(type -> assertThat(type).startsWith("text/event-stream"));
        try (Stream<String> lines = live.body()) {
            String overview =
                    lines.filter(line -> line.startsWith("data:")).findFirst().orElseThrow();
            assertThat(JSON.readTree(overview.substring(5))
                            .at("/overview/viewers")
                            .asInt())
                    .isZero();
        }
    }

    @Test
    void figuresAreForOperatorsAlone() throws Exception {
        for (String path : List.of("/api/v1/overview", "/api/v1/edges", "/api/v1/live", "/metrics")) {
            assertThat(tracker.get(path).statusCode()).as(path).isEqualTo(401);
        }
    }

    @Test
    void anotherRangeOrSiteThanThereIsIsRefused() throws Exception {
        assertThat(get("/overview?range=2h").statusCode()).isEqualTo(400);
        assertThat(get("/overview?site=NO").statusCode()).isEqualTo(400);
        assertThat(get("/events?after=x").statusCode()).isEqualTo(400);
        assertThat(get("/edges/nobody").statusCode()).isEqualTo(404);
        assertThat(asked("/overview?site=nowhere").get("viewers").asInt()).isZero();
    }

    private record Joined(TestPeer peer, PeerId id) {}

    private Joined joined(Role role) throws Exception {
        TestPeer peer = TestPeer.connect(tracker.webSocket(), role == Role.PAGE ? TestTracker.ORIGIN : null);
        peers.add(peer);
        peer.say(new Hello(DEMO, role, "rivulet/1.2", null, null, List.of(), null, null));
        return new Joined(peer, peer.hear(Welcome.class).peer());
    }

    private static Report report(long peers, long edges, long origin) {
        Observed observed = new Observed(2, 0, List.of(), List.of(new ContentCounts(CONTENT, 1, 0)));
        return new Report(
                new ByteCounts(0, peers, edges, origin, 0),
                new PieceCounts(1, 0),
                List.of(),
                List.of(),
                observed,
                null);
    }

    private static Report links(List<LinkCounts> links) {
        Observed observed = new Observed(0, 0, links, List.of());
        return new Report(new ByteCounts(0, 0, 0, 0, 1), null, List.of(), List.of(), observed, null);
    }

    private static long sum(JsonNode values) {
        long sum = 0;
        for (JsonNode value : values) {
            sum += value.asLong();
        }
        return sum;
    }

    private String authorization() throws IOException {
        return "Bearer " + Files.readAllLines(data.resolve("operator")).get(1);
    }

    private HttpResponse<byte[]> get(String path) throws Exception {
        return tracker.get("/api/v1" + path, "Authorization", authorization());
    }

    private JsonNode asked(String path) throws Exception {
        HttpResponse<byte[]> answer = get(path);
        assertThat(answer.statusCode()).as(path).isEqualTo(200);
        return JSON.readTree(answer.body());
    }

    /** The first answer of that kind; reports are on their way for a moment. */
    private JsonNode awaited(String path, Predicate<JsonNode> kind) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(TestPeer.PATIENCE_SECONDS);
        JsonNode answer = asked(path);
        while (!kind.test(answer)) {
            assertThat(System.nanoTime()).as("%s", answer).isLessThan(end);
            answer = asked(path);
        }
        return answer;
    }

    private String metrics() throws Exception {
        HttpResponse<byte[]> answer = tracker.get("/metrics", "Authorization", authorization());
        assertThat(answer.statusCode()).isEqualTo(200);
        return new String(answer.body(), StandardCharsets.UTF_8);
    }
}
