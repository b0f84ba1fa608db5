package dev.rivulet.tracker.publishing.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rivulet.tracker.catalog.Entries;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LocalFileTest {
    @TempDir
    Path directory;

    @Test
    void layoutIsThatOfTheBytesAndProgressCountsThem() throws IOException {
        byte[] content = new byte[3_000_001];
        new Random(1).nextBytes(content);
        Path path = Files.write(directory.resolve("a"), content);
        AtomicLong seen = new AtomicLong();

        assertThat(file(path, content.length).layout(seen::addAndGet)).isEqualTo(Entries.layout(content));
        assertThat(seen).hasValue(content.length);
    }

    @Test
    void fileThatGrewShrankOrWasRewrittenIsRefused() throws IOException {
        Path path = Files.write(directory.resolve("a"), new byte[1000]);
        Instant modified = Files.getLastModifiedTime(path).toInstant();

        for (LocalFile changed : new LocalFile[] {
            file(path, 999), file(path, 1001), new LocalFile(path, "a", 1000, modified.minusSeconds(1), null)
        }) {
            assertThatThrownBy(() -> changed.layout(bytes -> {}))
                    .isInstanceOf(IOException.class)
                    .hasMessageStartingWith("a changed while it was read");
        }
    }

    private static LocalFile file(Path path, long size) throws IOException {
        return new LocalFile(path, "a", size, Files.getLastModifiedTime(path).toInstant(), null);
    }
}
