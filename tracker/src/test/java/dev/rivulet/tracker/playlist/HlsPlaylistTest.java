package dev.rivulet.tracker.playlist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rivulet.protocol.DecodeException;
import dev.rivulet.tracker.playlist.HlsPlaylist.Segment;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class HlsPlaylistTest {
    @Test
    void liveMediaPlaylistNamesItsSegmentsAndHasNoEnd() throws DecodeException {
        HlsPlaylist playlist = HlsPlaylist.parse("""
                #EXTM3U
                #EXT-X-VERSION:7
                #EXT-X-TARGETDURATION:4
                #EXT-X-MEDIA-SEQUENCE:7
                #EXT-X-MAP:URI="init.mp4"
                #EXT-X-SOME-NEW-TAG:1
                #EXTINF:4.000000,
                segment-007.m4s
                #EXTINF:3.500000,
                segment-008.m4s
                """);

        assertThat(playlist.segments())
                .containsExactly(
                        new Segment("init.mp4", false),
                        new Segment("segment-007.m4s", false),
                        new Segment("segment-008.m4s", false));
        assertThat(playlist.targetSeconds()).isEqualTo(4);
        assertThat(playlist.lastSeconds()).isEqualTo(3.5);
        assertThat(playlist.ended()).isFalse();
        assertThat(playlist.playlists()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"#EXT-X-ENDLIST", "#EXT-X-PLAYLIST-TYPE:VOD"})
    void playlistThatIsCompleteHasEnded(String tag) throws DecodeException {
        HlsPlaylist playlist = HlsPlaylist.parse("#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXTINF:4,\na.ts\n" + tag + "\n");

        assertThat(playlist.ended()).isTrue();
    }

    @Test
    void segmentOfAFileThatGrowsIsAPart() throws DecodeException {
        HlsPlaylist playlist = HlsPlaylist.parse(
                "#EXTM3U\n#EXT-X-VERSION:4\n#EXT-X-TARGETDURATION:4\n#EXTINF:4,\n#EXT-X-BYTERANGE:1000@0\nall.ts\n");

        assertThat(playlist.segments()).containsExactly(new Segment("all.ts", true));
    }

    @Test
    void gapNamesNothingThatIsThere() throws DecodeException {
        HlsPlaylist playlist = HlsPlaylist.parse("#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXTINF:4,\n#EXT-X-GAP\nlost.ts\n");

        assertThat(playlist.segments()).isEmpty();
    }

    @Test
    void multivariantPlaylistNamesItsVariantsAndRenditionsOnce() throws DecodeException {
        HlsPlaylist playlist = HlsPlaylist.parse("""
                #EXTM3U
                #EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",NAME="English",URI="audio/index.m3u8"
                #EXT-X-STREAM-INF:BANDWIDTH=1280000,AUDIO="a"
                low/index.m3u8
                #EXT-X-STREAM-INF:BANDWIDTH=2560000,AUDIO="a"
                high/index.m3u8
                #EXT-X-STREAM-INF:BANDWIDTH=2560001,AUDIO="a"
                high/index.m3u8
                """);

        assertThat(playlist.playlists()).isEqualTo(List.of("low/index.m3u8", "high/index.m3u8", "audio/index.m3u8"));
        assertThat(playlist.segments()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "<html>",
                "#EXTM3U\n#EXTINF:four,\na.ts\n",
                "#EXTM3U\n#EXT-X-TARGETDURATION:99999999999999999999\n#EXTINF:4,\na.ts\n",
                "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=x\na.m3u8\n"
            })
    void whatIsNoPlaylistIsSaid(String text) {
        assertThatThrownBy(() -> HlsPlaylist.parse(text)).isInstanceOf(DecodeException.class);
    }

    @Test
    void endlessTextIsRefused() {
        String text = "#EXTM3U\n" + "#".repeat(HlsPlaylist.MAX_CHARS);

        assertThatThrownBy(() -> HlsPlaylist.parse(text)).isInstanceOf(DecodeException.class);
    }
}
