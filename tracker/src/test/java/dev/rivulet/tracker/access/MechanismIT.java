package dev.rivulet.tracker.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rivulet.tracker.access.TestDesk.Reply;
import dev.rivulet.tracker.api.Endpoint;
import dev.rivulet.tracker.api.Page;
import dev.rivulet.tracker.api.Role;
import io.undertow.server.handlers.sse.ServerSentEventConnection;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the API's mechanism does for whatever is declared. */
final class MechanismIT {
    @TempDir
    Path data;

    record Text(String text) {}

    private final AtomicReference<String> kept = new AtomicReference<>("first");
    private final AtomicReference<String> thread = new AtomicReference<>("");

    private final List<ServerSentEventConnection> readers = new CopyOnWriteArrayList<>();

    private TestDesk open() {
        return TestDesk.open(
                data,
                () -> List.of(
                        Endpoint.get("/thing", Role.VIEWER, "").answers(Text.class, call -> {
                            thread.set(Thread.currentThread().getName());
                            return new Text(kept.get());
                        }),
                        Endpoint.put("/thing", Role.OPERATOR, "")
                                .takes(Text.class)
                                .edits(call -> new Text(kept.get()))
                                .answers(Text.class, call -> {
                                    kept.set(call.body().text());
                                    return call.body();
                                }),
                        Endpoint.get("/things", Role.VIEWER, "")
                                .pages(
                                        Text.class,
                                        call -> Page.of(
                                                List.of(new Text("a"), new Text("b"), new Text("c")),
                                                call,
                                                Text::text)),
                        Endpoint.get("/failing", Role.VIEWER, "").answers(Text.class, call -> {
                            throw new IllegalStateException("a bug, on purpose");
                        }),
                        Endpoint.get("/live", Role.VIEWER, "").streams((call, connection) -> {
                            connection.send("one");
                            connection.send("two");
                            connection.shutdown();
                        }),
                        Endpoint.get("/endless", Role.VIEWER, "").streams((call, connection) -> {
                            readers.add(connection);
                            connection.send("one");
                        })));
    }

    @Test
    void ofEditsAtOnceThatReadTheSameOneWins() throws Exception {
        try (TestDesk desk = open()) {
            String tag = desk.local("GET", "/thing", "").header("ETag");
            ExecutorService pool = Executors.newFixedThreadPool(8);
            List<CompletableFuture<Integer>> edits = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                String body = "{\"text\":\"edit " + i + "\"}";
                edits.add(CompletableFuture.supplyAsync(() -> put(desk, body, tag), pool));
            }

            assertThat(edits.stream().map(CompletableFuture::join).sorted())
                    .containsExactly(200, 412, 412, 412, 412, 412, 412, 412);
            pool.shutdown();
            assertThat(thread.get()).contains("task");
        }
    }

    @Test
    void listsComeInParts() throws Exception {
        try (TestDesk desk = open()) {
            Reply first = desk.local("GET", "/things?limit=2", "");
            Reply last = desk.local("GET", "/things?limit=2&after=b", "");

            assertThat(first.response().body())
                    .isEqualTo("{\"items\":[{\"text\":\"a\"},{\"text\":\"b\"}],\"next\":\"b\"}");
            assertThat(last.response().body()).isEqualTo("{\"items\":[{\"text\":\"c\"}],\"next\":null}");
        }
    }

    @Test
    void bodiesAreRefusedWithEveryKeyNamed() throws Exception {
        try (TestDesk desk = open()) {
            Reply refused = desk.local("PUT", "/thing", "{\"txt\":1}");

            assertThat(refused.status()).isEqualTo(422);
            assertThat(refused.json().path("problems").size()).isEqualTo(2);
            assertThat(desk.local("PUT", "/thing", "{").status()).isEqualTo(400);
            assertThat(desk.local("PUT", "/thing", "{\"text\":\"" + "x".repeat(300_000) + "\"}")
                            .status())
                    .isEqualTo(413);
            assertThat(desk.local("DELETE", "/thing", "").status()).isEqualTo(405);
            assertThat(desk.local("GET", "/nothing", "").status()).isEqualTo(404);
        }
    }

    @Test
    void whatHandlersThrowIsAProblemWithoutDetails() throws Exception {
        try (TestDesk desk = open()) {
            Reply failed = desk.local("GET", "/failing", "");

            assertThat(failed.status()).isEqualTo(500);
            assertThat(failed.header("Content-Type")).isEqualTo("application/problem+json");
            assertThat(failed.response().body()).doesNotContain("on purpose");
        }
    }

    @Test
    void streamsSendWhatHappensToWhoMayRead() throws Exception {
        try (TestDesk desk = open()) {
            assertThat(desk.send("GET", "/live", "").status()).isEqualTo(401);

            Reply stream =
                    CompletableFuture.supplyAsync(() -> get(desk, "/live")).get(60, TimeUnit.SECONDS);

            assertThat(stream.header("Content-Type")).startsWith("text/event-stream");
            assertThat(stream.header("X-Accel-Buffering")).isEqualTo("no");
            assertThat(stream.response().body()).isEqualTo("data:one\n\ndata:two\n\n");
        }
    }

    @Test
    void streamsEndWithTheCredentialOfTheirReader() throws Exception {
        try (TestDesk desk = open()) {
            Reply made = desk.local("POST", "/api-tokens", "{\"name\":\"wall\",\"scope\":\"viewer\"}");
            String bearer = "Bearer " + made.json().path("secret").asText();
            TestDesk.Browser removed = desk.join("bob", "viewer", "correct horse battery");
            TestDesk.Browser idle = desk.join("eve", "viewer", "correct horse battery");
            try (TestDesk.Stream ofToken = desk.stream("/endless", "Authorization", bearer);
                    TestDesk.Stream ofOperator = desk.stream("/endless", "Cookie", removed.cookie());
                    TestDesk.Stream ofSession = desk.stream("/endless", "Cookie", idle.cookie());
                    TestDesk.Stream local = desk.stream("/endless", "Authorization", "Bearer " + TestDesk.LOCAL)) {
                List<TestDesk.Stream> all = List.of(ofToken, ofOperator, ofSession, local);
                for (TestDesk.Stream each : all) {
                    assertThat(each.line()).isEqualTo("data:one");
                    assertThat(each.line()).isEmpty();
                }

                desk.local("DELETE", "/api-tokens/" + made.json().path("id").asText(), "");
                assertThat(ofToken.line()).isNull();
                desk.local("DELETE", "/operators/bob", "");
                assertThat(ofOperator.line()).isNull();
                desk.passes(Sessions.IDLE.toSeconds());
                assertThat(ofSession.line()).isNull();
                readers.forEach(reader -> reader.send("two"));
                assertThat(local.line()).isEqualTo("data:two");
            }
        }
    }

    private static int put(TestDesk desk, String body, String tag) {
        try {
            return desk.local("PUT", "/thing", body, "If-Match", tag).status();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static Reply get(TestDesk desk, String path) {
        try {
            return desk.local("GET", path, "");
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
