package dev.rivulet.tracker.publishing.command;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ContentTypesTest {
    @ParameterizedTest
    @CsvSource({
        "live.m3u8, application/vnd.apple.mpegurl",
        "live/segment-1.ts, video/mp2t",
        "segment.m4s, video/iso.segment",
        "film.MP4, video/mp4",
        "core.wasm, application/wasm",
        "photo.webp, image/webp",
        "photo.avif, image/avif",
        "app.mjs, text/javascript; charset=utf-8",
        "app.min.js, text/javascript; charset=utf-8",
        "archive.tar.gz, application/gzip",
    })
    void extensionSaysTheType(String name, String type) {
        assertThat(ContentTypes.of(name)).isEqualTo(type);
    }

    @Test
    void nameThatSaysNothingIsBytes() {
        assertThat(ContentTypes.of("LICENSE")).isEqualTo(ContentTypes.UNKNOWN);
        assertThat(ContentTypes.of("data.unheard-of")).isEqualTo(ContentTypes.UNKNOWN);
        assertThat(ContentTypes.of("dot.")).isEqualTo(ContentTypes.UNKNOWN);
    }
}
