package dev.rivulet.tracker.publishing.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rivulet.protocol.DecodeException;
import dev.rivulet.protocol.catalog.Entry;
import dev.rivulet.protocol.id.ResourceUrl;
import dev.rivulet.protocol.settings.ConfigException;
import dev.rivulet.tracker.catalog.CatalogEntry;
import dev.rivulet.tracker.catalog.Entries;
import dev.rivulet.tracker.publishing.CatalogServer;
import dev.rivulet.tracker.publishing.Policies;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import picocli.CommandLine;

/** Takes over the process's output, so nothing may run beside it. */
@Isolated
final class PublishCommandIT {
    @TempDir
    Path data;

    @TempDir
    Path files;

    private CatalogServer server;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @BeforeEach
    void open() {
        server = CatalogServer.start(
                data, Policies.of("https://content.example", List.of("/**"), List.of("/static/private/**")));
    }

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void directoryBecomesEntriesWithoutTheOriginBeingThere() throws Exception {
        byte[] film = new byte[5_000_000];
        new Random(1).nextBytes(film);
        Files.write(files.resolve("film.mp4"), film);
        Files.createDirectory(files.resolve("sub dir"));
        Files.writeString(files.resolve("sub dir/ü.txt"), "text");
        Files.createDirectory(files.resolve("private"));
        Files.writeString(files.resolve("private/x.txt"), "text");

        int code = publish();

        assertThat(code).as(err()).isZero();
        Entry entry = listed("/static/film.mp4").orElseThrow().entry();
        assertThat(entry.content()).isEqualTo(Entries.layout(film).contentId());
        assertThat(entry.headers()).containsEntry("content-type", "video/mp4");
        assertThat(server.catalogs().layout(CatalogServer.SITE, entry.content()))
                .isPresent();
        assertThat(listed("/static/sub%20dir/%C3%BC.txt")).isPresent();
        assertThat(listed("/static/private/x.txt")).isEmpty();
        assertThat(out())
                .startsWith("published 2 files (4.8 MiB): 2 new or changed, 0 unchanged, 1 skipped; head 1.")
                .hasLineCount(1);
        assertThat(err()).contains("skipped private/x.txt: ").contains("100 %");
    }

    @Test
    void publishingAgainChangesOnlyWhatChanged() throws IOException {
        Files.writeString(files.resolve("a.txt"), "a");
        Files.writeString(files.resolve("b.txt"), "b");
        publish();

        Files.writeString(files.resolve("b.txt"), "bb");
        publish();

        assertThat(out().lines().toList().get(1)).contains("1 new or changed, 1 unchanged, 0 skipped");
        assertThat(listed("/static/b.txt").orElseThrow().entry().size()).isEqualTo(2);
    }

    @Test
    void moreFilesThanOneCallTakesAreAllPublished() throws IOException {
        for (int i = 0; i < 1001; i++) {
            Files.writeString(files.resolve(i + ".txt"), "text " + i);
        }

        assertThat(publish()).as(err()).isZero();

        assertThat(out()).contains("1001 new or changed");
        assertThat(listed("/static/0.txt")).isPresent();
        assertThat(listed("/static/1000.txt")).isPresent();
    }

    @Test
    void optionsShapeTheEntries() throws IOException {
        Files.writeString(files.resolve("a.txt"), "a");

        int code = publish("--max-age", "60", "--cors", "none", "--etag", "nginx", "--no-ranges");

        assertThat(code).as(err()).isZero();
        CatalogEntry entry = listed("/static/a.txt").orElseThrow();
        assertThat(entry.maxAgeSeconds()).isEqualTo(60);
        assertThat(entry.entry().headers()).doesNotContainKey("access-control-allow-origin");
        assertThat(entry.entry().validators().etag()).matches("\"[0-9a-f]+-1\"");
        assertThat(entry.entry().validators().lastModified()).endsWith(" GMT");
        assertThat(entry.entry().ranges()).isFalse();
    }

    @Test
    void wrongTokenIsSaidBeforeAnythingIsHashed() throws IOException {
        Files.writeString(files.resolve("a.txt"), "a");

        assertThat(run(server.url(), "wrong", "demo", "https://content.example/"))
                .isEqualTo(1);

        assertThat(err())
                .contains("does not accept the token")
                .contains("role publish")
                .doesNotContain("hashed");
    }

    @Test
    void unknownSiteIsSaid() {
        assertThat(run(server.url(), CatalogServer.TOKEN, "other", "https://content.example/"))
                .isEqualTo(1);

        assertThat(err()).contains("has no site other");
    }

    @Test
    void baseUrlOutsideOfTheContentOriginsIsSaid() {
        assertThat(run(server.url(), CatalogServer.TOKEN, "demo", "https://elsewhere.example/"))
                .isEqualTo(1);

        assertThat(err()).contains("https://elsewhere.example is not one of the content-origins");
    }

    @Test
    void trackerThatIsNotThereIsSaid() {
        String url = server.url();
        server.close();

        assertThat(run(url, CatalogServer.TOKEN, "demo", "https://content.example/"))
                .isEqualTo(1);

        assertThat(err()).contains("no answer from " + url).contains("is the tracker running there?");
        open();
    }

    @Test
    void wrongUsageIsTheCallersFault() {
        assertThat(run("not a url", CatalogServer.TOKEN, "demo", "https://content.example/"))
                .isEqualTo(2);
        assertThat(run(server.url(), CatalogServer.TOKEN, "NOT A SITE", "https://content.example/"))
                .isEqualTo(2);
        assertThat(run(server.url(), CatalogServer.TOKEN, "demo", "content.example"))
                .isEqualTo(2);
        assertThat(publish("--cors", "https://a.example/path")).isEqualTo(2);
        assertThat(publish("--max-age", "soon")).isEqualTo(2);
        files = files.resolve("missing");
        assertThat(publish()).isEqualTo(2);
    }

    private int publish(String... options) {
        return run(server.url(), CatalogServer.TOKEN, "demo", "https://content.example/static", options);
    }

    private int run(String tracker, String token, String site, String base, String... options) {
        List<String> arguments = new ArrayList<>(
                List.of("--tracker", tracker, "--token", token, "--site", site, "--base-url", base, files.toString()));
        arguments.addAll(List.of(options));
        PrintStream formerOut = System.out;
        PrintStream formerErr = System.err;
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
        try {
            return new CommandLine(new PublishCommand())
                    .setCaseInsensitiveEnumValuesAllowed(true)
                    .setExecutionExceptionHandler((e, command, parsed) -> {
                        System.err.println(e.getMessage());
                        return e instanceof ConfigException ? 2 : 99;
                    })
                    .execute(arguments.toArray(String[]::new));
        } finally {
            System.setOut(formerOut);
            System.setErr(formerErr);
        }
    }

    private Optional<CatalogEntry> listed(String path) {
        try {
            return server.catalogs()
                    .listed(
                            CatalogServer.SITE,
                            ResourceUrl.parse("https://content.example" + path).hash());
        } catch (DecodeException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private String out() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private String err() {
        return err.toString(StandardCharsets.UTF_8);
    }
}
