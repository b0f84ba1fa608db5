package dev.rivulet.tracker;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who may what, of every endpoint that the tracker has, at an address of the operators' own. */
final class OperatorAccessIT {
    private static final List<String> ROLES = List.of("anyone", "viewer", "operator", "owner");

    /** Those that need no credential; each is a decision. */
    private static final Set<String> OPEN = Set.of("POST /session", "POST /setup");

    /** Changes that a viewer may make: of what is the viewer's own. */
    private static final Set<String> OWN = Set.of(
            "DELETE /session",
            "PUT /session/password",
            "POST /session/totp",
            "PUT /session/totp",
            "DELETE /session/totp");

    @TempDir
    static Path data;

    private static final HttpClient http = HttpClient.newHttpClient();
    private static TestTracker tracker;
    private static String base;
    private static Map<String, String> tokens;

    @BeforeAll
    static void start() throws Exception {
        tracker = TestTracker.start(data, Map.of("operator-listen", "127.0.0.1:0"));
        List<String> lines = Files.readAllLines(data.resolve("operator"));
        base = lines.get(0);
        tokens = new LinkedHashMap<>();
        for (String role : ROLES.subList(1, ROLES.size())) {
            String body = "{\"name\":\"" + role + "\",\"scope\":\"" + role + "\"}";
            tokens.put(
                    role,
                    json(send("POST", "/api/v1/api-tokens", body, lines.get(1)))
                            .path("secret")
                            .asText());
        }
    }

    @AfterAll
    static void stop() throws Exception {
        tracker.close();
    }

    @Test
    void everyEndpointRefusesWhoeverHasLessThanItsRole() throws Exception {
        Map<String, String> endpoints = endpoints();
        assertThat(endpoints).hasSizeGreaterThan(15);
        for (Map.Entry<String, String> endpoint : endpoints.entrySet()) {
            String[] name = endpoint.getKey().split(" ", -1);
            String path = "/api/v1" + name[1].replaceAll("\\{\\w+}", "x");
            int least = ROLES.indexOf(endpoint.getValue());
            assertThat(least).as("role of " + endpoint.getKey()).isNotNegative();
            for (String role : ROLES.subList(0, least)) {
                HttpResponse<String> answer = send(name[0], path, "{}", tokens.get(role));
                assertThat(answer.statusCode())
                        .as(endpoint.getKey() + " as " + role)
                        .isEqualTo(role.equals("anyone") ? 401 : 403);
            }
        }
    }

    @Test
    void whatIsOpenIsOnTheListAndWhatChangesTakesAnOperator() throws Exception {
        Set<String> open = new TreeSet<>();
        endpoints().forEach((name, role) -> {
            if (role.equals("anyone")) {
                open.add(name);
            } else if (!name.startsWith("GET ") && !OWN.contains(name)) {
                assertThat(ROLES.indexOf(role)).as(name).isGreaterThanOrEqualTo(ROLES.indexOf("operator"));
            }
        });

        assertThat(open).isEqualTo(new TreeSet<>(OPEN));
    }

    @Test
    void theRightRoleIsLetIn() throws Exception {
        assertThat(send("GET", "/api/v1/session", "", tokens.get("viewer")).statusCode())
                .isEqualTo(200);
        assertThat(send("GET", "/api/v1/audit", "", tokens.get("operator")).statusCode())
                .isEqualTo(200);
        assertThat(send("GET", "/api/v1/operators", "", tokens.get("owner")).statusCode())
                .isEqualTo(200);
        assertThat(send("GET", "/api/v1/enrolments", "", tokens.get("viewer")).body())
                .isEmpty();
        assertThat(send("GET", "/api/v1/session", "", "no-token").statusCode()).isEqualTo(401);
    }

    @Test
    void thePublicAddressHasNoneOfIt() throws Exception {
        for (String path : List.of("/api/v1/session", "/api/v1/openapi.json", "/dashboard", "/metrics")) {
            assertThat(tracker.get(path).statusCode()).as(path).isEqualTo(404);
        }
        assertThat(tracker.get("/healthz").statusCode()).isEqualTo(200);
        assertThat(tracker.send("POST", "/api/v1/sites/demo/entries").statusCode())
                .as("publishers are no operators")
                .isEqualTo(401);
        assertThat(send("GET", "/sites/demo/catalog", "", null).statusCode()).isEqualTo(404);
    }

    @Test
    void theDashboardMayRunItsOwnScriptsOnly() throws Exception {
        HttpResponse<String> page = send("GET", "/dashboard", "", null);

        assertThat(page.statusCode()).isIn(200, 404);
        assertThat(page.headers().firstValue("Content-Type").orElse("")).startsWith("text/");
        String policy = page.headers().firstValue("Content-Security-Policy").orElse("");
        assertThat(policy)
                .contains("default-src 'none'", "script-src 'self'", "frame-ancestors 'none'")
                .doesNotContain("unsafe");
        assertThat(send("GET", "/dashboard/%2e%2e/%2e%2e/logback.xml", "", null).statusCode())
                .isEqualTo(404);
        assertThat(send("GET", "/dashboard/none.js", "", null).statusCode()).isEqualTo(404);
    }

    /** Name and role of each. */
    private static Map<String, String> endpoints() throws Exception {
        JsonNode document = json(send("GET", "/api/v1/openapi.json", "", null));
        assertThat(document.path("openapi").asText()).isEqualTo("3.1.0");
        Map<String, String> endpoints = new LinkedHashMap<>();
        document.path("paths").properties().forEach(path -> path.getValue()
                .properties()
                .forEach(operation -> endpoints.put(
                        operation.getKey().toUpperCase(Locale.ROOT) + " " + path.getKey(),
                        operation
                                .getValue()
                                .path("description")
                                .asText()
                                .replaceFirst("Least role: (\\w+)\\..*", "$1"))));
        return endpoints;
    }

    private static HttpResponse<String> send(String method, String path, String body, String token)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + path))
                .method(method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        List<String> headers = new ArrayList<>(List.of("Content-Type", "application/json"));
        if (token != null) {
            headers.addAll(List.of("Authorization", "Bearer " + token));
        }
        return http.send(request.headers(headers.toArray(String[]::new)).build(), BodyHandlers.ofString());
    }

    private static JsonNode json(HttpResponse<String> answer) throws IOException {
        return new ObjectMapper().readTree(answer.body());
    }
}
