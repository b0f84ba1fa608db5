package dev.rivulet.tracker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The jar as it is handed out, and what scripts may rely on. */
final class TrackerJarIT {
    private static final int START_SECONDS = 120;
    private static final int STOP_SECONDS = 30;

    private static final String SITES = """
            sites:
              demo:
                web-origins: [http://127.0.0.1:8080, "http://*.localhost:8080"]
                content-origins: [http://127.0.0.1:8080]
                include: ["/**"]
                index-threshold: 1        # askers before the tracker itself indexes; default 2
                open-edges: true          # edges without a token; default false
            tokens:
              - {token: "not-to-be-seen", role: publish, site: demo}
            """;

    @TempDir
    Path folder;

    private final List<Process> started = new ArrayList<>();
    private Path config;
    private Path data;

    @BeforeEach
    void configure() throws IOException {
        config = Files.writeString(folder.resolve("tracker.yaml"), SITES);
        data = folder.resolve("data");
    }

    @AfterEach
    void killWhatIsLeft() throws InterruptedException {
        for (Process process : started) {
            process.destroyForcibly().waitFor();
        }
    }

    @Test
    void runsUntilToldToEndAndKeepsItsKeys() throws Exception {
        Process first = start(
                Map.of(), "run", "--listen", "127.0.0.1:0", "--data", data.toString(), "--config", config.toString());
        String url = readyUrl(first);
        assertThat(status(url + "/healthz")).isEqualTo(200);
        Finished snippet =
                finish("snippet", "--site", "demo", "--data", data.toString(), "--tracker", "https://t.example/x");
        assertThat(snippet.out())
                .matches("<script src=\"https://t\\.example/x/rivulet\\.js\" data-site=\"demo\""
                        + " data-key=\"[\\w-]{43}\" async></script>\n");
        Finished asked = finish("snippet", "--site", "demo", "--data", folder + "/none", "--tracker", url);
        assertThat(asked.out()).contains(key(snippet.out()));

        first.destroy();
        assertThat(first.waitFor(STOP_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(first.exitValue()).isZero();

        // Without a command it runs too, and the environment is heard.
        Process second = start(
                Map.of("RIVULET_TRACKER_LISTEN", "127.0.0.1:0", "RIVULET_TRACKER_CONFIG", config.toString()),
                "--data",
                data.toString());
        String secondUrl = readyUrl(second);
        Finished again = finish("snippet", "--site", "demo", "--data", folder + "/none", "--tracker", secondUrl);
        assertThat(key(again.out())).isEqualTo(key(snippet.out()));
    }

    @Test
    void mayBeToldToEndWhileItStarts() throws Exception {
        Process process = start(
                Map.of(), "run", "--listen", "127.0.0.1:0", "--data", data.toString(), "--config", config.toString());
        Path database = data.resolve("tracker.mv.db");
        long giveUp = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
        while (!Files.exists(database) && System.nanoTime() < giveUp) {
            Thread.sleep(1);
        }

        process.destroy();

        assertThat(process.waitFor(STOP_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isZero();
    }

    @Test
    void aTakenPortIsSaidInOneLine() throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String listen = "127.0.0.1:" + taken.getLocalPort();
            Finished finished =
                    finish("run", "--listen", listen, "--data", data.toString(), "--config", config.toString());

            assertThat(finished.code()).isEqualTo(2);
            assertThat(lastLine(finished.err())).contains("listen", listen, "another port");
            assertThat(finished.out()).isEmpty();
        }
    }

    @Test
    void aDataDirectoryInUseIsSaidInOneLine() throws Exception {
        Process first =
                start(Map.of(), "--listen", "127.0.0.1:0", "--data", data.toString(), "--config", config.toString());
        readyUrl(first);

        Finished second = finish("--listen", "127.0.0.1:0", "--data", data.toString(), "--config", config.toString());

        assertThat(second.code()).isEqualTo(2);
        assertThat(lastLine(second.err())).contains("data", data.toString(), "another directory");

        Finished raising = finish("raise-epoch", "--site", "demo", "--data", data.toString());

        assertThat(raising.code()).isEqualTo(2);
        assertThat(lastLine(raising.err())).contains("data", data.toString(), "stop it");
    }

    @Test
    void badConfigurationIsSaidInOneLine() throws Exception {
        Files.writeString(config, SITES.replace("index-threshold: 1", "index-treshold: 1"));
        Finished typo = finish("--config", config.toString());
        assertThat(typo.code()).isEqualTo(2);
        assertThat(typo.err().lines()).hasSize(1);
        assertThat(typo.err()).contains("sites.demo.index-treshold", "index-threshold");

        Finished flag = finish("run", "--listen", "x");
        assertThat(flag.code()).isEqualTo(2);
        assertThat(flag.err().lines()).hasSize(1);
        assertThat(flag.err()).contains("--listen");

        Finished missing = finish("--config", folder + "/missing.yaml");
        assertThat(missing.code()).isEqualTo(2);
        assertThat(missing.err().lines()).hasSize(1);
        assertThat(missing.err()).contains("config", "missing.yaml");
    }

    @Test
    void printsItsEffectiveConfigurationWithSecretsMasked() throws Exception {
        Finished finished =
                finish("run", "--config", config.toString(), "--listen", "127.0.0.1:1234", "--print-config");

        assertThat(finished.code()).isZero();
        assertThat(finished.out())
                .contains("listen: 127.0.0.1:1234", "index-threshold: 1", "open-edges: true", "'***'")
                .doesNotContain("not-to-be-seen");
    }

    @Test
    void saysItsVersionAndItsFlags() throws Exception {
        assertThat(finish("--version")).isEqualTo(new Finished(0, "rivulet-tracker 0.1.0\n", ""));
        assertThat(finish("run", "--help").out()).contains("--listen", "--data", "--config", "--print-config");
        assertThat(finish("--help").out()).contains("run", "snippet");
    }

    private record Finished(int code, String out, String err) {}

    private Process start(Map<String, String> environment, String... arguments) throws IOException {
        List<String> command = new ArrayList<>(
                List.of(System.getProperty("java.home") + "/bin/java", "-jar", "target/rivulet-tracker.jar"));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().putAll(environment);
        builder.redirectError(folder.resolve("stderr-" + started.size()).toFile());
        Process process = builder.start();
        started.add(process);
        return process;
    }

    private Finished finish(String... arguments) throws Exception {
        int number = started.size();
        Process process = start(Map.of(), arguments);
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(START_SECONDS, TimeUnit.SECONDS)).isTrue();
        return new Finished(process.exitValue(), out, Files.readString(folder.resolve("stderr-" + number)));
    }

    private String readyUrl(Process process) throws Exception {
        String line = process.inputReader().readLine();
        assertThat(line).as(() -> allErrors()).matches("ready http://127\\.0\\.0\\.1:[1-9][0-9]*");
        return line.substring("ready ".length());
    }

    private String allErrors() {
        StringBuilder errors = new StringBuilder();
        for (int i = 0; i < started.size(); i++) {
            try {
                errors.append(Files.readString(folder.resolve("stderr-" + i)));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return errors.toString();
    }

    private static int status(String url) throws Exception {
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.discarding())
                .statusCode();
    }

    private static String key(String snippet) {
        return snippet.replaceFirst("(?s).*data-key=\"([^\"]+)\".*", "$1");
    }

    private static String lastLine(String text) {
        return text.lines().reduce((first, second) -> second).orElse("");
    }
}
