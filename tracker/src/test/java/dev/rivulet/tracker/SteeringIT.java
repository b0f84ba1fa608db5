package dev.rivulet.tracker;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rivulet.protocol.TrackerCloseCode;
import dev.rivulet.protocol.catalog.EdgeProof;
import dev.rivulet.protocol.catalog.SigningKey;
import dev.rivulet.protocol.http.PrivacyMode;
import dev.rivulet.protocol.id.SiteId;
import dev.rivulet.protocol.message.ClientMessage.Hello;
import dev.rivulet.protocol.message.ClientMessage.Proof;
import dev.rivulet.protocol.message.Role;
import dev.rivulet.protocol.message.TrackerMessage.Challenge;
import dev.rivulet.protocol.message.TrackerMessage.IceServer;
import dev.rivulet.protocol.message.TrackerMessage.IceUpdate;
import dev.rivulet.protocol.message.TrackerMessage.PolicyUpdate;
import dev.rivulet.protocol.message.TrackerMessage.Revoked;
import dev.rivulet.protocol.message.TrackerMessage.Welcome;
import dev.rivulet.tracker.OperatorClient.Reply;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an operator does over the API, and what clients that are connected notice of it. */
final class SteeringIT {
    private static final SiteId ADDED = new SiteId("added");
    private static final String BODY =
            "'webOrigins': ['http://*.localhost:8080'], 'contentOrigins': ['http://content.example']";

    @TempDir
    Path data;

    private TestTracker tracker;
    private OperatorClient operator;

    @BeforeEach
    void start() throws Exception {
        tracker = TestTracker.start(data, Map.of());
        operator = new OperatorClient(data);
    }

    @AfterEach
    void stop() throws Exception {
        tracker.close();
    }

    @Test
    void aSiteIsAddedChangedAndRemovedUnderThePagesThatUseIt() throws Exception {
        Reply added = operator.post("/sites?untried=true", "{'id': 'added', " + BODY + "}");
        assertThat(added.status()).isEqualTo(201);
        assertThat(added.body().get("from").asText()).isEqualTo("database");
        assertThat(added.body().get("include").get(0).asText()).isEqualTo("/**");
        assertThat(tracker.get("/sites/added/catalog").statusCode()).isEqualTo(200);
        TestPeer page = page(ADDED);
        assertThat(page.hear(Welcome.class).policy().mode()).isEqualTo(PrivacyMode.OPEN);

        Reply before = operator.get("/sites/added");
        Reply changed = operator.put("/sites/added?untried=true", "{'mode': 'edges', " + BODY + "}", before.etag());
        assertThat(changed.status()).isEqualTo(200);
        assertThat(page.hear(PolicyUpdate.class).policy().mode()).isEqualTo(PrivacyMode.EDGES);

        assertThat(operator.put("/sites/added", "{" + BODY + "}", before.etag()).status())
                .isEqualTo(412);
        assertThat(operator.put("/sites/added", "{" + BODY + "}", null).status())
                .isEqualTo(428);

        assertThat(operator.delete("/sites/added").status()).isEqualTo(204);
        assertThat(page.closeCode()).isEqualTo(TrackerCloseCode.UNKNOWN_SITE.code());
        assertThat(tracker.get("/sites/added/catalog").statusCode()).isEqualTo(404);
    }

    @Test
    void aSiteThatWasAddedIsThereAfterARestartWithItsKey() throws Exception {
        String key = operator.post("/sites?untried=true", "{'id': 'added', 'upload': false, " + BODY + "}")
                .body()
                .get("key")
                .asText();
        stop();
        start();

        Reply after = operator.get("/sites/added");
        assertThat(after.body().get("key").asText()).isEqualTo(key);
        assertThat(after.body().get("upload").asBoolean()).isFalse();
        assertThat(operator.get("/sites/added/snippet").body().get("html").asText())
                .contains("data-site=\"added\" data-key=\"" + key + "\"");
        assertThat(operator.get("/sites").body().get("items")).hasSize(3);
    }

    @Test
    void mistakesAreNamedByTheirKeyAndSitesOfTheFileAreTheFiles() throws Exception {
        Reply wrong = operator.post(
                "/sites", "{'id': 'added', 'webOrigins': ['a.example'], 'contentOrigins': ['http://a.example']}");
        assertThat(wrong.status()).isEqualTo(422);
        assertThat(wrong.body().get("problems").get(0).get("key").asText()).isEqualTo("webOrigins[0]");
        Reply threshold = operator.post("/sites", "{'id': 'added', 'indexThreshold': -1, " + BODY + "}");
        assertThat(threshold.body().get("problems").get(0).get("key").asText()).isEqualTo("indexThreshold");
        assertThat(operator.post("/sites", "{'id': 'A b', " + BODY + "}").status())
                .isEqualTo(422);

        Reply demo = operator.get("/sites/demo");
        assertThat(demo.body().get("from").asText()).isEqualTo("file");
        assertThat(operator.put("/sites/demo", "{" + BODY + "}", demo.etag()).status())
                .isEqualTo(409);
        assertThat(operator.delete("/sites/demo").status()).isEqualTo(409);
        assertThat(operator.post("/sites", "{'id': 'demo', " + BODY + "}").status())
                .isEqualTo(409);
        assertThat(operator.get("/sites/nowhere").status()).isEqualTo(404);
    }

    @Test
    void aSiteIsSavedOnlyIfItsOriginsAnswerUnlessItSaysUntried() throws Exception {
        String origin = "http://localhost:" + tracker.port();
        String dead = "http://localhost:" + unusedPort();
        String begin = "{'id': 'added', 'webOrigins': ['http://a.example'], 'allowPrivate': true, 'contentOrigins': ";

        Reply refused = operator.post("/sites", begin + "['" + origin + "', '" + dead + "']}");
        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.body().get("problems")).hasSize(1);
        assertThat(refused.body().get("problems").get(0).get("key").asText()).isEqualTo("contentOrigins[1]");
        assertThat(refused.body().get("detail").asText()).contains(dead, "untried=true");
        assertThat(operator.get("/sites/added").status()).isEqualTo(404);
        assertThat(operator.post("/sites", begin + "['" + origin + "']}").status())
                .isEqualTo(201);

        Reply before = operator.get("/sites/added");
        String changed = begin + "['" + dead + "']}";
        assertThat(operator.put("/sites/added", changed, before.etag()).status())
                .isEqualTo(422);
        assertThat(operator.get("/sites/added").body()).isEqualTo(before.body());
        assertThat(operator.put("/sites/added?untried=true", changed, before.etag())
                        .status())
                .isEqualTo(200);
        assertThat(operator.get("/audit?limit=1").body().findValuesAsText("detail"))
                .containsExactly("untried");
    }

    private static int unusedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    @Test
    void originsCanBeTriedWithoutSavingPrivateOnesOnlyWhereAllowed() throws Exception {
        String origin = "http://localhost:" + tracker.port();
        String site = "{'id': 'added', 'webOrigins': ['http://a.example'], 'contentOrigins': ['" + origin + "'], ";

        Reply refused = operator.post("/sites/check", site + "'allowPrivate': false}");
        Reply allowed = operator.post("/sites/check", site + "'allowPrivate': true}");
        Reply wrong = operator.post("/sites/check", site + "'include': ['media']}");

        assertThat(refused.body().get("ok").asBoolean()).isFalse();
        assertThat(refused.body().get("origins").get(0).get("text").asText()).contains("no public address");
        assertThat(allowed.body().get("ok").asBoolean()).isTrue();
        assertThat(allowed.body().get("origins").get(0).get("status").asInt()).isEqualTo(404);
        assertThat(wrong.body().get("ok").asBoolean()).isFalse();
        assertThat(wrong.body().get("problems").get(0).get("key").asText()).isEqualTo("include[0]");
        assertThat(operator.get("/sites/added").status()).isEqualTo(404);
    }

    @Test
    void aTokenIsForTheFirstEdgeThatComesWithItUntilItIsTakenBack() throws Exception {
        Reply made = operator.post("/edge-tokens", "{'site': 'closed', 'note': 'rack 3'}");
        assertThat(made.status()).isEqualTo(201);
        String secret = made.body().get("secret").asText();
        SigningKey first = SigningKey.generate(new SecureRandom());

        TestPeer edge = edge(first, secret);
        edge.hear(Welcome.class);
        TestPeer other =
                TestPeer.connect(tracker.webSocket(), null).say(hello(SigningKey.generate(new SecureRandom()), secret));

        assertThat(other.closeCode()).isEqualTo(TrackerCloseCode.UNAUTHORIZED.code());
        Reply listed = operator.get("/edge-tokens");
        assertThat(listed.body().get("items").get(0).get("edge").asText())
                .isEqualTo(first.keyId().text());
        assertThat(listed.body().toString()).doesNotContain(secret);

        String id = made.body().get("id").asText();
        assertThat(operator.delete("/publish-tokens/" + id).status()).isEqualTo(404);
        assertThat(operator.delete("/edge-tokens/" + id).status()).isEqualTo(204);
        assertThat(edge.closeCode()).isEqualTo(TrackerCloseCode.UNAUTHORIZED.code());
        assertThat(operator.post("/edge-tokens", "{'site': 'nowhere'}").status())
                .isEqualTo(422);
    }

    @Test
    void aPublishTokenIsGoodUntilItIsTakenBack() throws Exception {
        Reply made = operator.post("/publish-tokens", "{'site': 'closed', 'note': 'build'}");
        String authorization = "Bearer " + made.body().get("secret").asText();

        int before = publishNothing(authorization);
        operator.delete("/publish-tokens/" + made.body().get("id").asText());

        assertThat(before).isEqualTo(200);
        assertThat(publishNothing(authorization)).isEqualTo(401);
    }

    @Test
    void aBannedPageIsClosedAndOthersAreToldToLeaveIt() throws Exception {
        TestPeer bad = page(new SiteId("demo"));
        String peer = bad.hear(Welcome.class).peer().text();
        TestPeer good = page(new SiteId("demo"));
        good.hear(Welcome.class);

        Reply ban = operator.post("/bans", "{'peer': '" + peer + "', 'reason': 'wrong pieces'}");

        assertThat(ban.status()).isEqualTo(201);
        assertThat(ban.body().get("kind").asText()).isEqualTo("page");
        assertThat(bad.closeCode()).isEqualTo(TrackerCloseCode.BANNED.code());
        assertThat(good.hear(Revoked.class).peer().text()).isEqualTo(peer);
        assertThat(operator.get("/bans").body().get("items")).hasSize(1);
        assertThat(operator.post("/bans", "{'peer': '" + peer + "', 'reason': 'again'}")
                        .status())
                .isEqualTo(422);
    }

    @Test
    void anEdgeIsRevokedForAReasonThatIsOnRecord() throws Exception {
        SigningKey key = SigningKey.generate(new SecureRandom());
        String secret = edgeToken();
        TestPeer edge = edge(key, secret);
        edge.hear(Welcome.class);
        String path = "/edges/" + key.keyId().text() + "/revoke";

        assertThat(operator.post(path, "{}").status()).isEqualTo(422);
        Reply wordless = operator.post(path, "{'reason': ''}");
        assertThat(wordless.status()).isEqualTo(422);
        assertThat(wordless.body().get("problems").get(0).get("key").asText()).isEqualTo("reason");
        assertThat(operator.post(path, "{'reason': 'lost key'}").status()).isEqualTo(204);

        assertThat(edge.closeCode()).isEqualTo(TrackerCloseCode.REVOKED.code());
        assertThat(operator.get("/audit?limit=1").body().findValuesAsText("detail"))
                .containsExactly("reason: lost key");
    }

    @Test
    void anEdgeIsBannedByItsKeyAlsoAcrossARestartUntilTheBanIsLifted() throws Exception {
        SigningKey key = SigningKey.generate(new SecureRandom());
        String secret = edgeToken();
        TestPeer edge = edge(key, secret);
        String peer = edge.hear(Welcome.class).peer().text();

        Reply ban = operator.post("/bans", "{'peer': '" + peer + "', 'reason': 'slow'}");
        assertThat(ban.body().get("peer").asText()).isEqualTo(key.keyId().text());
        assertThat(edge.closeCode()).isEqualTo(TrackerCloseCode.BANNED.code());
        stop();
        start();
        assertThat(edge(key, secret).closeCode()).isEqualTo(TrackerCloseCode.BANNED.code());

        assertThat(operator.delete("/bans/" + ban.body().get("id").asText()).status())
                .isEqualTo(204);
        edge(key, secret).hear(Welcome.class);
    }

    @Test
    void everybodyIsToldTheServersOfThePolicyThatIsSetNewcomersAlsoAfterARestart() throws Exception {
        TestPeer here = page(new SiteId("demo"));
        assertThat(here.hear(Welcome.class).ice()).isEmpty();
        Reply before = operator.get("/policy");
        assertThat(before.body().get("from").asText()).isEqualTo("file");
        String policy = "{'iceServers': [{'urls': ['turn:t.example:3478'], 'username': 'u', 'credential': 'c'}],"
                + " 'maxConnections': 10, 'price': {'perGb': '0.085', 'currency': 'EUR'}}";

        Reply after = operator.put("/policy", policy, before.etag());
        List<IceServer> told = here.hear(IceUpdate.class).ice();
        stop();
        start();

        assertThat(after.status()).isEqualTo(200);
        assertThat(operator.get("/policy").body()).isEqualTo(after.body());
        Welcome welcome = page(new SiteId("demo")).hear(Welcome.class);
        assertThat(welcome.ice()).hasSize(1).isEqualTo(told);
        assertThat(welcome.ice().get(0).urls()).containsExactly("turn:t.example:3478");
        Reply wrong = operator.put(
                "/policy",
                policy.replace("turn:t", "http://t"),
                operator.get("/policy").etag());
        assertThat(wrong.body().get("problems").get(0).get("key").asText()).isEqualTo("iceServers[0].urls");
    }

    @Test
    void aTrackerThatIsDrainedSendsEverybodyElsewhereAndSaysSo() throws Exception {
        TestPeer page = page(new SiteId("demo"));
        page.hear(Welcome.class);

        assertThat(operator.post("/drain", "{'seconds': 1}")
                        .body()
                        .get("draining")
                        .asBoolean())
                .isTrue();

        assertThat(page.closeCode()).isEqualTo(TrackerCloseCode.GOING_AWAY.code());
        assertThat(tracker.get("/healthz").statusCode()).isEqualTo(503);
        assertThat(TestPeer.connect(tracker.webSocket(), TestTracker.ORIGIN).isOpen())
                .isFalse();
        operator.delete("/drain");
        assertThat(tracker.get("/healthz").statusCode()).isEqualTo(200);
        page(new SiteId("demo")).hear(Welcome.class);
    }

    @Test
    void theOnlineKeyIsRotatedAndPurgesAndBlocksSayWhatTheyDid() throws Exception {
        Reply rotated = operator.post("/sites/demo/keys/rotate", null);
        assertThat(rotated.body().get("epoch").asInt()).isEqualTo(2);
        assertThat(operator.post("/sites/demo/purge", "{'prefix': 'http://content.example/'}")
                        .body()
                        .get("removed")
                        .asInt())
                .isZero();
        assertThat(operator.post("/sites/demo/purge", "{}").status()).isEqualTo(422);
        assertThat(operator.post("/sites/demo/purge", "{'prefix': 'http'}").status())
                .isEqualTo(422);

        Reply block = operator.post(
                "/sites/demo/blocks", "{'url': 'http://content.example/a', 'reason': 'notice', 'reference': 'case 7'}");
        assertThat(block.status()).isEqualTo(201);
        JsonNode listed = operator.get("/sites/demo/blocks").body().get("items").get(0);
        assertThat(listed).isEqualTo(block.body().get("block"));
        assertThat(listed.get("reference").asText()).isEqualTo("case 7");
        assertThat(block.body().get("told").get("epoch").asInt()).isEqualTo(2);
        String path = "/sites/demo/blocks/" + listed.get("id").asText();
        assertThat(operator.delete(path).status()).isEqualTo(400);
        assertThat(operator.delete(path + "?reason=").status()).isEqualTo(400);
        assertThat(operator.delete(path + "?reason=settled&reference=case+8").status())
                .isEqualTo(200);
        assertThat(operator.delete(path + "?reason=again").status()).isEqualTo(404);
        assertThat(operator.post("/sites/demo/blocks", "{'url': 'no url', 'reason': 'notice'}")
                        .body()
                        .get("problems")
                        .get(0)
                        .get("key")
                        .asText())
                .isEqualTo("url");

        JsonNode audit = operator.get("/audit?limit=6").body().get("items");
        assertThat(audit.findValuesAsText("detail"))
                .contains(
                        "http://content.example/a, reason: notice, reference: case 7",
                        "http://content.example/a, reason: settled, reference: case 8");
    }

    private TestPeer page(SiteId site) throws Exception {
        return TestPeer.connect(tracker.webSocket(), TestTracker.ORIGIN)
                .say(new Hello(site, Role.PAGE, "test", null, null, List.of(), null, null, null));
    }

    private String edgeToken() throws Exception {
        Reply made = operator.post("/edge-tokens", "{'site': 'closed'}");
        return made.body().get("secret").asText();
    }

    private TestPeer edge(SigningKey key, String token) throws Exception {
        TestPeer edge = TestPeer.connect(tracker.webSocket(), null).say(hello(key, token));
        String challenge = edge.hear(Challenge.class).challenge();
        return edge.say(new Proof(key.sign(new EdgeProof(new SiteId("closed"), challenge))));
    }

    private static Hello hello(SigningKey key, String token) {
        return new Hello(new SiteId("closed"), Role.EDGE, "test", token, null, List.of(), null, null, key.publicKey());
    }

    private int publishNothing(String authorization) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create("http://" + tracker.address() + "/api/v1/sites/closed/entries"))
                .header("Authorization", authorization)
                .POST(HttpRequest.BodyPublishers.ofString("{\"entries\":[],\"removed\":[]}"))
                .build();
        return HttpClient.newHttpClient()
                .send(request, HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }
}
