package dev.rivulet.tracker.operating;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rivulet.protocol.id.SiteId;
import dev.rivulet.protocol.settings.ConfigException;
import dev.rivulet.tracker.config.SiteConfig;
import dev.rivulet.tracker.database.SiteTables;
import dev.rivulet.tracker.database.TrackerDatabase;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SiteDirectoryIT {
    private static final SiteId ADDED = new SiteId("added");
    private static final SiteConfig ONE = config("http://one.example");
    private static final SiteConfig OTHER = config("http://other.example");

    @TempDir
    Path data;

    private TrackerDatabase database;

    @BeforeEach
    void open() {
        database = TrackerDatabase.open(data);
    }

    @AfterEach
    void close() throws IOException {
        database.close();
    }

    private SiteDirectory directory(Map<String, SiteConfig> ofFile) {
        return SiteDirectory.open(new SiteTables(database), ofFile);
    }

    private static SiteConfig config(String origin) {
        return SiteText.read("{\"web-origins\": [\"" + origin + "\"], \"content-origins\": [\"" + origin + "\"]}");
    }

    @Test
    void whatIsThereIsNotAddedOverAgain() throws Exception {
        SiteDirectory directory = directory(Map.of("of-file", ONE));

        assertThat(directory.add(ADDED, ONE)).isTrue();
        assertThat(directory.add(ADDED, OTHER)).isFalse();
        assertThat(directory.add(new SiteId("of-file"), OTHER)).isFalse();

        assertThat(directory.all()).extracting(SiteDirectory.Listed::config).containsExactly(ONE, ONE);
        assertThat(directory(Map.of()).all()).containsExactly(new SiteDirectory.Listed(ADDED, ONE, false));
    }

    @Test
    void whatWasRemovedDoesNotComeBackByAChange() throws Exception {
        SiteDirectory directory = directory(Map.of());
        directory.add(ADDED, ONE);
        assertThat(directory.change(ADDED, OTHER)).isTrue();
        assertThat(directory.find(ADDED).orElseThrow().config()).isEqualTo(OTHER);

        directory.remove(ADDED);

        assertThat(directory.change(ADDED, ONE)).isFalse();
        assertThat(directory.find(ADDED)).isEmpty();
        assertThat(directory(Map.of()).all()).isEmpty();
    }

    @Test
    void thereAreNoMoreThanTheBound() {
        SiteDirectory directory = directory(IntStream.range(0, SiteDirectory.MAX_SITES)
                .mapToObj(number -> "site-" + number)
                .collect(Collectors.toMap(Function.identity(), name -> ONE)));

        assertThatThrownBy(() -> directory.add(ADDED, ONE))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("sites already");
    }
}
