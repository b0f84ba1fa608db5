package dev.rivulet.tracker.playlist;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class ManifestsTest {
    private static final String LIVE = "#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXTINF:4,\n1.ts\n";

    @Test
    void hlsPlaylistGoesOnUntilItHasAnEnd() {
        assertThat(Manifests.goesOn("/live/INDEX.M3U8", LIVE)).isTrue();
        assertThat(Manifests.goesOn("/live/index.m3u8", LIVE + "#EXT-X-ENDLIST\n"))
                .isFalse();
        assertThat(Manifests.goesOn("master.m3u8", "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\na.m3u8\n"))
                .isFalse();
    }

    @Test
    void dashManifestGoesOnWhileItIsDynamic() {
        assertThat(Manifests.goesOn("a.mpd", "<?xml version=\"1.0\"?>\n<MPD xmlns=\"x\"\n  type=\"dynamic\" id=\"1\">"))
                .isTrue();
        assertThat(Manifests.goesOn("a.mpd", "<MPD type=\"static\">")).isFalse();
    }

    @Test
    void otherFilesDoNot() {
        assertThat(Manifests.goesOn("a.txt", LIVE)).isFalse();
        assertThat(Manifests.goesOn("a.m3u8", "no playlist")).isFalse();
        assertThat(Manifests.isManifest("a.mpd")).isTrue();
        assertThat(Manifests.isManifest("a.mpd.bak")).isFalse();
    }
}
