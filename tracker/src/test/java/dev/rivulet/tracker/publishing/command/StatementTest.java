package dev.rivulet.tracker.publishing.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rivulet.protocol.catalog.PublishBody.Item;
import dev.rivulet.tracker.catalog.Entries;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.Test;

final class StatementTest {
    private static final LocalFile FILE =
            new LocalFile(Path.of("film.mp4"), "film.mp4", 1000, Instant.parse("2026-09-01T10:00:00.987Z"), null);

    @Test
    void fileIsSaidToBeReadableByAllItsTypeGivenByItsName() {
        Item item = about(new Statement(60, "*", EtagStyle.NONE, true));

        assertThat(item.headers())
                .containsEntry("content-type", "video/mp4")
                .containsEntry("access-control-allow-origin", "*")
                .hasSize(2);
        assertThat(item.maxAge()).isEqualTo(60);
        assertThat(item.ranges()).isTrue();
    }

    @Test
    void dateIsInWholeSecondsAsWebServersSendIt() {
        Item item = about(new Statement(60, "*", EtagStyle.NONE, true));

        assertThat(item.validators().lastModified()).isEqualTo("Tue, 01 Sep 2026 10:00:00 GMT");
        assertThat(item.validators().etag()).isNull();
    }

    @Test
    void etagCanBeMadeAsNginxDoes() {
        Item item = about(new Statement(60, "*", EtagStyle.NGINX, true));

        assertThat(item.validators().etag()).isEqualTo("\"6a96a220-3e8\"");
    }

    @Test
    void corsAndRangesCanBeLeftOut() {
        Item item = about(new Statement(60, null, EtagStyle.NONE, false));

        assertThat(item.headers()).doesNotContainKey("access-control-allow-origin");
        assertThat(item.ranges()).isFalse();
    }

    private static Item about(Statement statement) {
        return statement.about(FILE, Entries.url("/film.mp4"), Entries.layout(new byte[1000]));
    }
}
