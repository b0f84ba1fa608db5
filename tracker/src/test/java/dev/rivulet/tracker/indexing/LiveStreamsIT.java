package dev.rivulet.tracker.indexing;

import static dev.rivulet.tracker.indexing.Askers.asker;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rivulet.protocol.id.ResourceUrl;
import dev.rivulet.tracker.catalog.CatalogEntry;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Playlists of streams that go on, which the indexer watches. */
final class LiveStreamsIT extends IndexerWithOrigin {
    @Test
    void segmentsOfAStreamAreIndexedAsTheyAppearWhileSomebodyWatches() throws Exception {
        live = playlists("/live/index.m3u8");
        segments("/live/", 0, 1, 2, 3);
        playlist(0, 1);

        missing(1, "/live/0.ts");
        // Nobody asked for it, but who watches the one before will.
        awaitListed("/live/1.ts");
        playlist(1, 2);
        CatalogEntry second = awaitListed("/live/2.ts");
        indexer.announced(SITE, asker(1, "127.0.0.1"), List.of(second.entry().content()));
        playlist(2, 3);
        awaitListed("/live/3.ts");

        assertThat(origin.asked("/live/2.ts").stream()
                        .filter(each -> each.range().isEmpty()))
                .hasSize(1);
        assertThat(origin.asked("/live/index.m3u8").get(0).agent()).startsWith("rivulet-indexer/");
    }

    @Test
    void playlistOfAStreamThatGoesOnIsNotIndexed() throws Exception {
        String text = "#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXTINF:4,\n1.ts\n";
        origin.serve("/live.m3u8", text.getBytes(UTF_8), SHAREABLE);
        origin.serve("/film.m3u8", (text + "#EXT-X-ENDLIST\n").getBytes(UTF_8), SHAREABLE);

        missing(1, "/live.m3u8");
        await(() -> !origin.asked("/live.m3u8").isEmpty());
        missing(1, "/film.m3u8");
        awaitListed("/film.m3u8");

        assertThat(listed("/live.m3u8")).isEmpty();
    }

    @Test
    void variantThatSomebodyWatchesIsFoundByWayOfTheMultivariantPlaylist() throws Exception {
        live = playlists("/live.m3u8");
        multivariant("/live.m3u8", "live/index.m3u8", "high/index.m3u8");
        segments("/live/", 0, 1);
        playlist(0, 1);

        missing(1, "/live/0.ts");

        awaitListed("/live/1.ts");
    }

    @Test
    void playlistThatTheSiteNamesLaterIsWatched() {
        segments("/live/", 0, 1);
        playlist(0, 1);
        missing(1, "/live/0.ts");
        awaitListed("/live/0.ts");

        live = playlists("/live/index.m3u8");
        missing(1, "/live/0.ts");

        awaitListed("/live/1.ts");
    }

    @Test
    void playlistThatTheSiteNamesNoMoreIsNotAskedForWhoeverWatchedIt() {
        live = playlists("/live.m3u8", "/other/index.m3u8");
        multivariant("/live.m3u8", "live/index.m3u8");
        segments("/live/", 0, 1);
        segments("/other/", 0, 1, 2);
        playlist(0, 1);
        playlistAt("/other/index.m3u8", 0, 1);
        missing(1, "/live/0.ts");
        awaitListed("/live/1.ts");
        missing(1, "/other/0.ts");

        live = playlists("/other/index.m3u8");
        playlistAt("/other/index.m3u8", 1, 2);
        missing(1, "/other/1.ts");
        awaitListed("/other/2.ts");
        int before = looks("/live/index.m3u8");
        // As often as the one that was taken out would have been looked at.
        awaitLooks("/other/index.m3u8", 4);

        assertThat(looks("/live/index.m3u8")).isEqualTo(before);
    }

    @Test
    void playlistThatStaysIsWatchedOnWhenOthersComeAndGo() {
        live = playlists("/gone.m3u8");
        multivariant("/gone.m3u8", "live/index.m3u8");
        multivariant("/stays.m3u8", "live/index.m3u8", "high/index.m3u8");
        segments("/live/", 0, 1, 2);
        playlist(0, 1);
        missing(1, "/live/0.ts");
        awaitListed("/live/1.ts");
        live = playlists("/gone.m3u8", "/stays.m3u8");
        missing(1, "/live/0.ts");
        awaitLooks("/high/index.m3u8", 1);

        live = playlists("/stays.m3u8", "/comes.m3u8");
        missing(1, "/other/0.ts");
        playlist(1, 2);

        // Nobody has asked for anything of it since: who watched before is known still.
        awaitListed("/live/2.ts");
    }

    private int looks(String playlist) {
        return origin.asked(playlist).size();
    }

    private void awaitLooks(String playlist, int more) {
        int before = looks(playlist);
        await(() -> looks(playlist) >= before + more);
    }

    private List<ResourceUrl> playlists(String... paths) {
        return Stream.of(paths).map(this::url).toList();
    }

    private void segments(String folder, int... numbers) {
        for (int number : numbers) {
            origin.serve(folder + number + ".ts", random(1000 + number), SHAREABLE);
        }
    }

    private void multivariant(String path, String... variants) {
        StringBuilder text = new StringBuilder("#EXTM3U\n");
        for (String variant : variants) {
            text.append("#EXT-X-STREAM-INF:BANDWIDTH=1\n").append(variant).append("\n");
        }
        origin.serve(path, text.toString().getBytes(UTF_8), Map.of());
    }

    private void playlist(int... numbers) {
        playlistAt("/live/index.m3u8", numbers);
    }

    private void playlistAt(String path, int... numbers) {
        StringBuilder text = new StringBuilder("#EXTM3U\n#EXT-X-TARGETDURATION:1\n");
        for (int number : numbers) {
            text.append("#EXTINF:1,\n").append(number).append(".ts\n");
        }
        origin.serve(path, text.toString().getBytes(UTF_8), Map.of());
    }
}
