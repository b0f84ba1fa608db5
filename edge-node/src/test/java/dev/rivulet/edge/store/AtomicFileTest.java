package dev.rivulet.edge.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rivulet.edge.store.FaultyDisk.Operation;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class AtomicFileTest {
    private static final int LIMIT = 100;

    @TempDir
    Path directory;

    private final FaultyDisk disk = new FaultyDisk();

    private AtomicFile file() {
        return new AtomicFile(disk, directory.resolve("sub").resolve("file"));
    }

    @Test
    void nothingIsThereAtFirst() {
        assertThatThrownBy(() -> file().read(LIMIT)).isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void theLastContentIsThere() throws IOException {
        file().write(bytes("first, and longer"));
        file().write(bytes("second"));

        assertThat(file().read(LIMIT)).isEqualTo(bytes("second"));
    }

    @ParameterizedTest
    @CsvSource({"WRITE, 1", "FORCE, 1", "RENAME, 1", "CREATE_DIRECTORIES, 1"})
    void aFailureLeavesTheFormerContent(Operation operation, int n) throws IOException {
        file().write(bytes("first"));
        disk.failAt(operation, n);

        assertThatThrownBy(() -> file().write(bytes("second"))).isInstanceOf(IOException.class);

        assertThat(file().read(LIMIT)).isEqualTo(bytes("first"));
        file().write(bytes("third"));
        assertThat(file().read(LIMIT)).isEqualTo(bytes("third"));
    }

    @Test
    void bytesAndNameAreForcedToTheDisk() throws IOException {
        file().write(bytes("first"));

        assertThat(disk.calls(Operation.FORCE)).isEqualTo(2);
    }

    @Test
    void moreThanTheLimitIsAnError() throws IOException {
        file().write(new byte[LIMIT + 1]);

        assertThatThrownBy(() -> file().read(LIMIT)).hasMessageContaining("more than");
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
