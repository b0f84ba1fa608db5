package dev.rivulet.tracker.publishing.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rivulet.protocol.DecodeException;
import dev.rivulet.protocol.catalog.PublishBody;
import dev.rivulet.protocol.id.ResourceUrl;
import dev.rivulet.tracker.catalog.Entries;
import dev.rivulet.tracker.publishing.Policies;
import dev.rivulet.tracker.publishing.command.PublishClient.Done;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DirectoryMirrorTest {
    private static final Instant NOW = Instant.parse("2026-09-01T10:00:00Z");

    @TempDir
    Path directory;

    private final List<PublishBody> bodies = new ArrayList<>();
    private final ByteArrayOutputStream log = new ByteArrayOutputStream();
    private DirectoryMirror mirror;
    private long nowMs;

    @BeforeEach
    void make() throws DecodeException {
        Addresses addresses = new Addresses(
                ResourceUrl.parseBase("https://content.example/live/"),
                Policies.of("https://content.example", List.of("/**"), List.of("/live/private/**")));
        mirror = new DirectoryMirror(
                directory,
                addresses,
                new Statement(60, "*", EtagStyle.NONE, true),
                body -> {
                    bodies.add(body);
                    return new Done(body.entries().size(), 1, bodies.size());
                },
                new PrintStream(log, true, StandardCharsets.UTF_8));
    }

    @Test
    void segmentIsPublishedOnceThePlaylistNamesItAndThePlaylistNever() throws Exception {
        write("1.ts", "one", NOW);
        write("2.ts", "tw", NOW.plusSeconds(3));
        playlist(NOW.plusSeconds(1), "1.ts");

        look();

        assertThat(bodies).hasSize(1);
        assertThat(bodies.get(0).live()).isTrue();
        assertThat(bodies.get(0).entries()).singleElement().satisfies(item -> {
            assertThat(item.url().text()).isEqualTo("https://content.example/live/1.ts");
            assertThat(item.layout()).isEqualTo(Entries.layout("one".getBytes(StandardCharsets.UTF_8)));
        });
        // It may have been published before, when it was a file like others.
        assertThat(bodies.get(0).removed())
                .extracting(ResourceUrl::text)
                .containsExactly("https://content.example/live/index.m3u8");

        write("2.ts", "two", NOW.plusSeconds(4));
        playlist(NOW.plusSeconds(5), "1.ts", "2.ts");
        look();

        assertThat(bodies).hasSize(2);
        assertThat(urls(bodies.get(1))).containsExactly("https://content.example/live/2.ts");
        assertThat(bodies.get(1).removed()).isEmpty();
        assertThat(log.toString(StandardCharsets.UTF_8)).hasLineCount(2).contains("published 1 files (3 B, 2.ts)");
    }

    @Test
    void playlistOfThePackagersLastRunVouchesForNothingOfThisOne() throws Exception {
        playlist(NOW, "1.ts");
        write("1.ts", "begun anew", NOW.plusSeconds(1));

        look();

        assertThat(bodies).isEmpty();
    }

    @Test
    void deletedFilesAreWithdrawnWithTheNextOneOrAfterAWhile() throws Exception {
        write("1.ts", "one", NOW);
        write("2.ts", "two", NOW);
        playlist(NOW, "1.ts", "2.ts");
        look();

        Files.delete(directory.resolve("1.ts"));
        look();
        assertThat(bodies).hasSize(1);

        write("3.ts", "three", NOW.plusSeconds(4));
        playlist(NOW.plusSeconds(4), "2.ts", "3.ts");
        look();
        assertThat(urls(bodies.get(1))).containsExactly("https://content.example/live/3.ts");
        assertThat(bodies.get(1).removed())
                .extracting(ResourceUrl::text)
                .containsExactly("https://content.example/live/1.ts");

        Files.delete(directory.resolve("2.ts"));
        look();
        nowMs += DirectoryMirror.WITHDRAW_MS;
        look();
        look();
        assertThat(bodies).hasSize(3);
        assertThat(bodies.get(2).entries()).isEmpty();
        assertThat(bodies.get(2).removed())
                .extracting(ResourceUrl::text)
                .containsExactly("https://content.example/live/2.ts");
    }

    @Test
    void nothingIsPutOffAtTheEnd() throws Exception {
        write("1.ts", "one", NOW);
        playlist(NOW, "1.ts");
        look();
        Files.delete(directory.resolve("1.ts"));
        write("2.ts", "two", NOW);
        playlist(NOW.plusSeconds(4), "2.ts");

        mirror.look(NOW, nowMs, true);

        assertThat(urls(bodies.get(1))).containsExactly("https://content.example/live/2.ts");
        assertThat(bodies.get(1).removed()).hasSize(1);
    }

    @Test
    void fileWithOtherBytesUnderTheSameNameIsPublishedAgain() throws Exception {
        write("1.ts", "one", NOW);
        playlist(NOW, "1.ts");
        look();

        write("1.ts", "other", NOW.plusSeconds(9));
        playlist(NOW.plusSeconds(9), "1.ts");
        look();

        assertThat(bodies.get(1).entries()).singleElement().satisfies(item -> assertThat(item.layout())
                .isEqualTo(Entries.layout("other".getBytes(StandardCharsets.UTF_8))));
    }

    @Test
    void entryOfAFileThatStaysIsSaidAgainBeforeItsFreshnessEnds() throws Exception {
        write("init.mp4", "init", NOW);
        playlist(NOW, "init.mp4");
        look();

        nowMs += DirectoryMirror.LEAST_AGAIN_MS - 2;
        look();
        assertThat(bodies).hasSize(1);
        look();
        look();

        assertThat(bodies).hasSize(2);
        assertThat(bodies.get(1).entries()).isEqualTo(bodies.get(0).entries());
    }

    @Test
    void whatMayNotBePublishedIsSaidOnce() throws Exception {
        write("private/1.ts", "one", NOW);
        write("private/index.m3u8", "#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXTINF:4,\n1.ts\n", NOW);

        look();
        look();

        assertThat(bodies).isEmpty();
        assertThat(log.toString(StandardCharsets.UTF_8))
                .hasLineCount(1)
                .contains("private/1.ts", "include and exclude patterns");
    }

    @Test
    void namesInPlaylistsAreUrls() throws Exception {
        write("high q/ä 1.ts", "one", NOW);
        write("high q/2.ts", "two", NOW);
        write("3.ts", "three", NOW);
        write("high q/index.m3u8", """
                #EXTM3U
                #EXT-X-TARGETDURATION:4
                #EXTINF:4,
                %C3%A4%201.ts?session=1
                #EXTINF:4,
                https://content.example/live/high%20q/2.ts
                #EXTINF:4,
                ../3.ts
                #EXTINF:4,
                ../../../etc/passwd
                """, NOW);

        look();

        assertThat(urls(bodies.get(0)))
                .containsExactlyInAnyOrder(
                        "https://content.example/live/high%20q/%C3%A4%201.ts",
                        "https://content.example/live/high%20q/2.ts", "https://content.example/live/3.ts");
    }

    private void look() throws Exception {
        nowMs++;
        assertThat(mirror.look(NOW, nowMs, false).isDone()).isTrue();
    }

    private static List<String> urls(PublishBody body) {
        return body.entries().stream().map(item -> item.url().text()).toList();
    }

    private void playlist(Instant written, String... names) throws IOException {
        StringBuilder text = new StringBuilder("#EXTM3U\n#EXT-X-TARGETDURATION:4\n");
        for (String name : names) {
            text.append("#EXTINF:4,\n").append(name).append('\n');
        }
        write("index.m3u8", text.toString(), written);
    }

    private void write(String name, String text, Instant written) throws IOException {
        Path file = directory.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        Files.setLastModifiedTime(file, FileTime.from(written));
    }
}
