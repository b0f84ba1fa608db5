package dev.rivulet.tracker.publishing.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class CompletenessTest {
    private static final Instant NOW = Instant.parse("2026-09-01T10:00:00Z");

    private final Completeness completeness = new Completeness();

    @Test
    void fileThatAPlaylistNamesIsCompleteAtOnce() {
        assertThat(look(0, Set.of("a.ts"), file("a.ts", 10, 1), file("b.ts", 5, 2)))
                .containsExactly("a.ts");
    }

    @Test
    void fileThatIsWrittenToIsNotCompleteUntilItRests() {
        assertThat(look(0, Set.of(), file("a.bin", 1, 1))).isEmpty();
        assertThat(look(Completeness.SETTLED_MS, Set.of(), file("a.bin", 2, 1))).isEmpty();
        assertThat(look(2 * Completeness.SETTLED_MS - 1, Set.of(), file("a.bin", 2, 1)))
                .isEmpty();
        assertThat(look(2 * Completeness.SETTLED_MS, Set.of(), file("a.bin", 2, 1)))
                .containsExactly("a.bin");
    }

    @Test
    void draftIsNeverCompleteButWhatItIsRenamedToIs() {
        assertThat(look(0, Set.of(), file("chunk-1.m4s.tmp", 10, 1))).isEmpty();
        assertThat(look(10 * Completeness.SETTLED_MS, Set.of(), file("chunk-1.m4s.tmp", 10, 1)))
                .isEmpty();

        long nextMs = 10 * Completeness.SETTLED_MS + 1;
        assertThat(look(nextMs, Set.of(), file("chunk-1.m4s", 10, 1))).containsExactly("chunk-1.m4s");
        assertThat(look(nextMs + 1, Set.of(), file("chunk-1.m4s", 10, 1))).containsExactly("chunk-1.m4s");
    }

    @Test
    void keyThatAnotherFileTookOverLaterVouchesForNothing() {
        look(0, Set.of(), file("a.tmp", 10, 1));
        look(1, Set.of());

        assertThat(look(2, Set.of(), file("b.ts", 10, 1))).isEmpty();
    }

    @Test
    void fileThatIsOldWhenItIsMetIsComplete() {
        LocalFile old = new LocalFile(Path.of("a.png"), "a.png", 10, NOW.minus(Completeness.OLD.plusSeconds(1)), 1);

        assertThat(completeness.of(List.of(old), file -> false, NOW, 0)).containsExactly(old);
    }

    @Test
    void fileThatIsWrittenAnewHasToBeCompletedAnew() {
        assertThat(look(0, Set.of("a.ts"), file("a.ts", 10, 1))).containsExactly("a.ts");

        assertThat(look(1, Set.of(), file("a.ts", 3, 2))).isEmpty();
        assertThat(look(2, Set.of("a.ts"), file("a.ts", 12, 2))).containsExactly("a.ts");
    }

    private List<String> look(long nowMs, Set<String> named, LocalFile... files) {
        return completeness.of(List.of(files), file -> named.contains(file.name()), NOW, nowMs).stream()
                .map(LocalFile::name)
                .toList();
    }

    private static LocalFile file(String name, long size, Object key) {
        return new LocalFile(Path.of(name), name, size, NOW, key);
    }
}
