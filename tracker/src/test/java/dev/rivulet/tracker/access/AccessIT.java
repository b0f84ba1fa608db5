package dev.rivulet.tracker.access;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.rivulet.tracker.access.TestDesk.Browser;
import dev.rivulet.tracker.access.TestDesk.Reply;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AccessIT {
    private static final String PASSWORD = "correct horse battery";

    @TempDir
    Path data;

    private TestDesk desk;

    @BeforeEach
    void open() {
        desk = TestDesk.open(data);
    }

    @AfterEach
    void close() {
        desk.close();
    }

    @Test
    void theFirstLinkMakesAnOwnerOnce() throws Exception {
        String link = desk.access.firstLink("http://t.example/").orElseThrow();
        assertThat(link).startsWith("http://t.example/dashboard#setup=");
        String ticket = link.replaceFirst(".*=", "");
        String other =
                desk.local("POST", "/setup/link", "").json().path("ticket").asText();

        Reply made = desk.send("POST", "/setup", TestDesk.setup(ticket, "ada", PASSWORD));

        assertThat(made.status()).isEqualTo(200);
        assertThat(made.json().at("/operator/role").asText()).isEqualTo("owner");
        assertThat(desk.signedIn(made).send("GET", "/session", "").status()).isEqualTo(200);
        for (String used : List.of(ticket, other)) {
            Reply again = desk.send("POST", "/setup", TestDesk.setup(used, "eve", PASSWORD));
            assertThat(again.status()).isEqualTo(403);
            assertThat(again.problem()).isEqualTo("link-void");
        }
        assertThat(desk.access.firstLink("http://t.example/")).isEmpty();
        assertThat(desk.local("POST", "/setup/link", "").status()).isEqualTo(409);
    }

    @Test
    void theLinkOutlivesARestartAndOnlyItsHashIsKept() throws Exception {
        String ticket = desk.access.firstLink("http://t.example/").orElseThrow().replaceFirst(".*=", "");
        desk.close();
        assertThat(data.resolve("tracker.mv.db").toFile()).isFile();
        assertThat(new String(Files.readAllBytes(data.resolve("tracker.mv.db")), StandardCharsets.ISO_8859_1))
                .doesNotContain(ticket);

        desk = TestDesk.open(data);

        assertThat(desk.send("POST", "/setup", TestDesk.setup(ticket, "ada", PASSWORD))
                        .status())
                .isEqualTo(200);
    }

    @Test
    void anOperatorsLinkIsForThatNameAndSomeDays() throws Exception {
        String ticket = add("bob", "viewer").json().path("ticket").asText();

        Reply asAnother = desk.send("POST", "/setup", TestDesk.setup(ticket, "eve", PASSWORD));
        assertThat(asAnother.status()).isEqualTo(422);
        desk.passes(Accounts.LINK_LIFE.toSeconds());
        assertThat(desk.send("POST", "/setup", TestDesk.setup(ticket, "bob", PASSWORD))
                        .status())
                .isEqualTo(403);
        String another = desk.local("POST", "/operators/bob/link", "")
                .json()
                .path("ticket")
                .asText();
        assertThat(desk.send("POST", "/setup", TestDesk.setup(another, "bob", "too short"))
                        .status())
                .isEqualTo(422);
        assertThat(desk.send("POST", "/setup", TestDesk.setup(another, "bob", PASSWORD))
                        .status())
                .isEqualTo(200);
    }

    @Test
    void signingInSetsACookieThatNoScriptReadsAndNoOtherSiteSends() throws Exception {
        desk.join("ada", "owner", PASSWORD);

        Reply plain = desk.send("POST", "/session", TestDesk.given("ada", PASSWORD));
        Reply secure = desk.send("POST", "/session", TestDesk.given("ada", PASSWORD), "X-Forwarded-Proto", "https");

        assertThat(plain.header("Set-Cookie"))
                .contains("; HttpOnly", "; SameSite=Strict")
                .doesNotContain("Secure");
        assertThat(secure.header("Set-Cookie")).contains("; Secure");
        assertThat(plain.header("Cache-Control")).isEqualTo("no-store");
        assertThat(plain.header("Content-Security-Policy")).contains("default-src 'none'", "script-src 'self';");
        assertThat(plain.header("Access-Control-Allow-Origin")).isEmpty();
        Browser browser = desk.signedIn(plain);
        assertThat(browser.send("DELETE", "/session", "").status()).isEqualTo(204);
        assertThat(browser.send("GET", "/session", "").status()).isEqualTo(401);
        assertThat(desk.signedIn(secure).send("GET", "/session", "").status()).isEqualTo(200);
    }

    @Test
    void sessionsEndWhenUnused() throws Exception {
        Browser ada = desk.join("ada", "owner", PASSWORD);

        desk.passes(Sessions.IDLE.toSeconds());

        assertThat(ada.send("GET", "/session", "").problem()).isEqualTo("unauthenticated");
    }

    @Test
    void aPageOfAnotherSiteCanChangeNothing() throws Exception {
        Browser ada = desk.join("ada", "owner", PASSWORD);
        String bob = "{\"name\":\"bob\",\"role\":\"owner\"}";

        Reply without = desk.send("POST", "/operators", bob, "Cookie", ada.cookie());
        Reply guessed = desk.send("POST", "/operators", bob, "Cookie", ada.cookie(), "X-Rivulet-Csrf", "guess");
        Reply foreign = ada.send("POST", "/operators", bob, "Sec-Fetch-Site", "cross-site");
        Reply form = ada.send("POST", "/operators", bob, "Content-Type", "text/plain");
        Reply login = desk.send("POST", "/session", TestDesk.given("ada", PASSWORD), "Sec-Fetch-Site", "same-site");

        assertThat(without.status()).isEqualTo(403);
        assertThat(without.problem()).isEqualTo("csrf");
        assertThat(guessed.problem()).isEqualTo("csrf");
        assertThat(foreign.problem()).isEqualTo("foreign-page");
        assertThat(form.status()).isEqualTo(415);
        assertThat(login.problem()).isEqualTo("foreign-page");
        assertThat(ada.send("POST", "/operators", bob, "Sec-Fetch-Site", "same-origin")
                        .status())
                .isEqualTo(201);
    }

    @Test
    void guessingIsSlowedDownForTheNameWhereverItComesFrom() throws Exception {
        desk.join("ada", "owner", PASSWORD);
        for (int i = 0; i < SignInLimits.NAME_BURST; i++) {
            Reply wrong =
                    desk.send("POST", "/session", TestDesk.given("ada", "wrong"), "X-Forwarded-For", "192.0.2." + i);
            assertThat(wrong.status()).isEqualTo(401);
            assertThat(wrong.problem()).isEqualTo("wrong-credentials");
        }

        Reply slowed = desk.send("POST", "/session", TestDesk.given("ada", PASSWORD));
        assertThat(slowed.status()).isEqualTo(429);
        assertThat(slowed.header("Retry-After")).isEqualTo(String.valueOf(SignInLimits.NAME_SECONDS));

        desk.passes(SignInLimits.NAME_SECONDS);
        assertThat(desk.send("POST", "/session", TestDesk.given("ada", PASSWORD))
                        .status())
                .isEqualTo(200);
    }

    @Test
    void aSecondFactorIsAskedForAndEachCodeIsGoodOnce() throws Exception {
        Browser ada = desk.join("ada", "owner", PASSWORD);
        String secret =
                ada.send("POST", "/session/totp", "").json().path("secret").asText();
        byte[] key = unbase32(secret);
        assertThat(ada.send("PUT", "/session/totp", "{\"code\":\"000000x\"}").status())
                .isEqualTo(422);
        assertThat(ada.send("PUT", "/session/totp", code(key)).status()).isEqualTo(204);

        Reply without = desk.send("POST", "/session", TestDesk.given("ada", PASSWORD));
        assertThat(without.status()).isEqualTo(401);
        assertThat(without.problem()).isEqualTo("code-required");
        assertThat(signIn(key).status()).as("the code that confirmed").isEqualTo(401);
        desk.passes(30);
        assertThat(signIn(key).status()).isEqualTo(200);
        assertThat(signIn(key).status()).as("again").isEqualTo(401);

        assertThat(ada.send("DELETE", "/session/totp", code(key)).status()).isEqualTo(422);
        desk.passes(30);
        assertThat(ada.send("DELETE", "/session/totp", code(key)).status()).isEqualTo(204);
        assertThat(desk.send("POST", "/session", TestDesk.given("ada", PASSWORD))
                        .status())
                .isEqualTo(200);
    }

    @Test
    void anotherPasswordEndsTheOtherSessions() throws Exception {
        Browser first = desk.join("ada", "owner", PASSWORD);
        Browser second = desk.signedIn(desk.send("POST", "/session", TestDesk.given("ada", PASSWORD)));
        String change = "{\"old\":\"OLD\",\"new\":\"another long password\"}";

        assertThat(first.send("PUT", "/session/password", change.replace("OLD", "wrong"))
                        .status())
                .isEqualTo(422);
        assertThat(first.send("PUT", "/session/password", change.replace("OLD", PASSWORD))
                        .status())
                .isEqualTo(204);

        assertThat(first.send("GET", "/session", "").status()).isEqualTo(200);
        assertThat(second.send("GET", "/session", "").status()).isEqualTo(401);
        assertThat(desk.send("POST", "/session", TestDesk.given("ada", PASSWORD))
                        .status())
                .isEqualTo(401);
    }

    @Test
    void rolesAreEditedByWhoHasReadThem() throws Exception {
        Browser ada = desk.join("ada", "owner", PASSWORD);
        Browser bob = desk.join("bob", "viewer", PASSWORD);
        String role = "{\"role\":\"operator\"}";
        String tag = ada.send("GET", "/operators/bob", "").header("ETag");

        assertThat(ada.send("PATCH", "/operators/bob", role).status()).isEqualTo(428);
        assertThat(ada.send("PATCH", "/operators/bob", role, "If-Match", "\"other\"")
                        .status())
                .isEqualTo(412);
        Reply changed = ada.send("PATCH", "/operators/bob", role, "If-Match", tag);
        assertThat(changed.status()).isEqualTo(200);
        assertThat(ada.send("PATCH", "/operators/bob", role, "If-Match", tag).status())
                .isEqualTo(412);
        assertThat(ada.send("GET", "/operators/bob", "", "If-None-Match", changed.header("ETag"))
                        .status())
                .isEqualTo(304);
        assertThat(bob.send("GET", "/audit", "").status()).isEqualTo(200);

        assertThat(ada.send("DELETE", "/operators/bob", "").status()).isEqualTo(204);
        assertThat(bob.send("GET", "/session", "").status()).isEqualTo(401);
        assertThat(ada.send("DELETE", "/operators/ada", "").status())
                .as("the last owner")
                .isEqualTo(409);
    }

    @Test
    void tokensHaveTheirScopeUntilTheyEnd() throws Exception {
        String expires = String.valueOf(desk.now() + 100);
        Reply made = desk.local(
                "POST", "/api-tokens", "{\"name\":\"grafana\",\"scope\":\"viewer\",\"expires\":" + expires + "}");
        String[] bearer = {
            "Authorization", "Bearer " + made.json().path("secret").asText()
        };

        assertThat(made.status()).isEqualTo(201);
        assertThat(desk.send("GET", "/session", "", bearer)
                        .json()
                        .at("/operator/name")
                        .asText())
                .isEqualTo("token:grafana");
        assertThat(desk.send("GET", "/operators", "", bearer).problem()).isEqualTo("role");
        assertThat(desk.local("GET", "/api-tokens", "").response().body())
                .contains("grafana")
                .doesNotContain(made.json().path("secret").asText());
        desk.passes(100);
        assertThat(desk.send("GET", "/session", "", bearer).status()).isEqualTo(401);

        Reply other = desk.local("POST", "/api-tokens", "{\"name\":\"ci\",\"scope\":\"owner\"}");
        String[] ci = {"Authorization", "Bearer " + other.json().path("secret").asText()};
        assertThat(desk.send("GET", "/operators", "", ci).status()).isEqualTo(200);
        String id = other.json().path("id").asText();
        assertThat(desk.local("DELETE", "/api-tokens/" + id, "").status()).isEqualTo(204);
        assertThat(desk.send("GET", "/operators", "", ci).status()).isEqualTo(401);
    }

    @Test
    void whatIsChangedIsOnRecordPageByPage() throws Exception {
        Browser ada = desk.join("ada", "owner", PASSWORD);
        ada.send("POST", "/operators", "{\"name\":\"bob\",\"role\":\"viewer\"}");
        ada.send("POST", "/operators", "{\"name\":\"bob\",\"role\":\"viewer\"}");
        desk.send("POST", "/session", TestDesk.given("ada", "wrong"));
        desk.send("DELETE", "/operators/ada", "");

        List<String> seen = new ArrayList<>();
        String next = "";
        do {
            JsonNode page = desk.local("GET", "/audit?limit=2" + (next.isEmpty() ? "" : "&after=" + next), "")
                    .json();
            page.path("items")
                    .forEach(item -> seen.add(item.path("who").asText() + " "
                            + item.path("action").asText() + " "
                            + item.path("outcome").asInt()));
            next = page.path("next").asText("");
            next = next.equals("null") ? "" : next;
        } while (!next.isEmpty());

        assertThat(seen)
                .containsExactly(
                        "ada POST /session 401",
                        "ada POST /operators 409",
                        "ada POST /operators 201",
                        "ada POST /setup 200",
                        "local POST /operators 201");
    }

    @Test
    void queriesAreChecked() throws Exception {
        for (String query : List.of("limit=0", "limit=1001", "limit=x", "limit=1&limit=2", "other=1", "after=x")) {
            Reply refused = desk.local("GET", "/audit?" + query, "");
            assertThat(refused.status()).as(query).isEqualTo(400);
            assertThat(refused.header("Content-Type")).isEqualTo("application/problem+json");
        }
    }

    private Reply add(String name, String role) throws Exception {
        return desk.local("POST", "/operators", "{\"name\":\"" + name + "\",\"role\":\"" + role + "\"}");
    }

    private Reply signIn(byte[] key) throws Exception {
        return desk.send(
                "POST",
                "/session",
                TestDesk.given("ada", PASSWORD).replace("}", "," + code(key).substring(1)));
    }

    private String code(byte[] key) {
        return "{\"code\":\"" + Totp.code(key, desk.now() / 30) + "\"}";
    }

    private static byte[] unbase32(String text) {
        BigInteger number = BigInteger.ZERO;
        for (int i = 0; i < text.length(); i++) {
            int digit = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(text.charAt(i));
            number = number.shiftLeft(5).add(BigInteger.valueOf(digit));
        }
        byte[] bytes = number.toByteArray();
        byte[] key = new byte[Totp.KEY_BYTES];
        int length = Math.min(key.length, bytes.length);
        System.arraycopy(bytes, bytes.length - length, key, key.length - length, length);
        return key;
    }
}
