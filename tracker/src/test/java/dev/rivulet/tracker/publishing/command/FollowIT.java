package dev.rivulet.tracker.publishing.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.rivulet.protocol.id.ResourceUrl;
import dev.rivulet.tracker.publishing.CatalogServer;
import dev.rivulet.tracker.publishing.Policies;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code publish --follow} as a process of its own, as it runs beside a packager. */
final class FollowIT {
    private static final long DEADLINE_SECONDS = 60;
    private static final int UNAVAILABLE = 503;

    @TempDir
    Path data;

    @TempDir
    Path files;

    @TempDir
    Path logs;

    private CatalogServer server;
    private HttpServer gate;
    private Process follower;
    private volatile boolean isAway;

    @BeforeEach
    void start() throws IOException {
        server = CatalogServer.start(data, Policies.of("https://content.example", List.of("/**"), List.of()));
        gate = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        HttpClient http = HttpClient.newHttpClient();
        gate.createContext("/", exchange -> {
            try (exchange) {
                HttpRequest.Builder request = HttpRequest.newBuilder(
                                URI.create(server.url() + exchange.getRequestURI()))
                        .method(
                                exchange.getRequestMethod(),
                                BodyPublishers.ofByteArray(
                                        exchange.getRequestBody().readAllBytes()));
                String token = exchange.getRequestHeaders().getFirst("Authorization");
                if (token != null) {
                    request.header("Authorization", token);
                }
                if (isAway) {
                    exchange.sendResponseHeaders(UNAVAILABLE, -1);
                    return;
                }
                HttpResponse<byte[]> answer = http.send(request.build(), BodyHandlers.ofByteArray());
                exchange.sendResponseHeaders(answer.statusCode(), answer.body().length);
                exchange.getResponseBody().write(answer.body());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        gate.start();
    }

    @AfterEach
    void stop() throws InterruptedException {
        if (follower != null) {
            follower.destroyForcibly().waitFor();
        }
        gate.stop(0);
        server.close();
    }

    @Test
    void segmentsComeAndGoWithThePackagersWhileTheTrackerComesAndGoes() throws Exception {
        segment(1);
        playlist(1);
        follower = follow(CatalogServer.TOKEN);
        assertThat(follower.inputReader().readLine()).as(this::log).isEqualTo("ready");
        assertThat(isListed("1.ts")).isTrue();
        assertThat(isListed("live.m3u8")).isFalse();

        segment(2);
        playlist(1, 2);
        await("2.ts", true);

        isAway = true;
        segment(3);
        playlist(2, 3);
        Files.delete(files.resolve("1.ts"));
        awaitLog("the tracker answered 503");
        assertThat(isListed("3.ts")).isFalse();
        isAway = false;
        await("3.ts", true);
        await("1.ts", false);

        segment(4);
        playlist(3, 4);
        follower.destroy();
        assertThat(follower.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(follower.exitValue()).as(this::log).isZero();
        assertThat(isListed("4.ts")).as(this::log).isTrue();
    }

    @Test
    void refusalEndsItWithALine() throws Exception {
        follower = follow("wrong");

        assertThat(follower.waitFor(DEADLINE_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(follower.exitValue()).isEqualTo(1);
        assertThat(log()).contains("does not accept the token").hasLineCount(1);
    }

    private Process follow(String token) throws IOException {
        return new ProcessBuilder(
                        System.getProperty("java.home") + "/bin/java",
                        "-jar",
                        "target/rivulet-tracker.jar",
                        "publish",
                        "--follow",
                        "--tracker",
                        "http://127.0.0.1:" + gate.getAddress().getPort(),
                        "--token",
                        token,
                        "--site",
                        "demo",
                        "--base-url",
                        "https://content.example/live/",
                        files.toString())
                .redirectError(logs.resolve("stderr").toFile())
                .start();
    }

    private String log() {
        try {
            return Files.readString(logs.resolve("stderr"));
        } catch (IOException e) {
            return e.toString();
        }
    }

    private void segment(int number) throws IOException {
        Files.writeString(files.resolve(number + ".ts"), "segment " + number);
    }

    /** As packagers do: written aside, then renamed. */
    private void playlist(int... numbers) throws IOException {
        StringBuilder text = new StringBuilder("#EXTM3U\n#EXT-X-TARGETDURATION:4\n");
        for (int number : numbers) {
            text.append("#EXTINF:4,\n").append(number).append(".ts\n");
        }
        Path draft = Files.writeString(files.resolve("live.m3u8.tmp"), text);
        Files.move(draft, files.resolve("live.m3u8"), StandardCopyOption.ATOMIC_MOVE);
    }

    private boolean isListed(String name) throws Exception {
        return server.catalogs()
                .listed(
                        CatalogServer.SITE,
                        ResourceUrl.parse("https://content.example/live/" + name)
                                .hash())
                .isPresent();
    }

    private void await(String name, boolean listed) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS);
        while (isListed(name) != listed) {
            assertThat(System.nanoTime()).as(this::log).isLessThan(end);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }

    private void awaitLog(String text) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS);
        while (!log().contains(text)) {
            assertThat(System.nanoTime()).as(this::log).isLessThan(end);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }
}
