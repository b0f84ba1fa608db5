package dev.rivulet.edge.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rivulet.edge.store.FaultyDisk.Operation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class InPlaceFileTest {
    @TempDir
    Path directory;

    private final FaultyDisk disk = new FaultyDisk();

    private Path path() {
        return directory.resolve("file");
    }

    private InPlaceFile file() {
        return new InPlaceFile(disk, path());
    }

    @Test
    void nothingIsThereAtFirst() {
        assertThatThrownBy(() -> file().read()).isInstanceOf(NoSuchFileException.class);
    }

    @Test
    void theLastTextIsThere() throws IOException {
        InPlaceFile file = file();
        file.write("first,\nand longer");
        file.write("second");

        assertThat(file.read()).isEqualTo("second");
        assertThat(file().read()).isEqualTo("second");
        assertThat(Files.size(path())).isEqualTo(InPlaceFile.BYTES);
    }

    @Test
    void whatSomebodyWroteIsBelieved() throws IOException {
        Files.writeString(path(), "2026-11 12345678\n");

        assertThat(file().read()).isEqualTo("2026-11 12345678");
        file().write("new");
        assertThat(file().read()).isEqualTo("new");
    }

    @ParameterizedTest
    @CsvSource({"WRITE, 1", "WRITE, 2", "FORCE, 1", "FORCE, 2", "TRUNCATE, 1", "TRUNCATE, 2"})
    void aFailureLeavesTheFormerTextOrTheNewOne(Operation operation, int n) throws IOException {
        InPlaceFile file = file();
        file.write("first, and so long that half of it is told from the second");
        disk.failAt(operation, n);

        assertThatThrownBy(() -> file.write("second, and so long as well that half of it is neither"))
                .isInstanceOf(IOException.class);

        assertThat(file().read()).containsAnyOf("first, and so long that half", "second, and so long as well");
        file().write("third");
        assertThat(file().read()).isEqualTo("third");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 20, 60, 127})
    void whatIsHalfWrittenIsNoticed(int torn) throws IOException {
        InPlaceFile file = file();
        file.write("1".repeat(InPlaceFile.MAX_TEXT_BYTES));
        byte[] former = Files.readAllBytes(path());
        file.write("2".repeat(InPlaceFile.MAX_TEXT_BYTES));
        byte[] now = Files.readAllBytes(path());
        System.arraycopy(former, torn, now, torn, now.length - torn);
        Files.write(path(), now);

        String expected = torn == 0 ? "1" : "2";
        assertThat(file().read()).isEqualTo(expected.repeat(InPlaceFile.MAX_TEXT_BYTES));
    }

    @Test
    void whereBothAreDamagedItSaysSo() throws IOException {
        file().write("text");
        for (String name : new String[] {"file", "file.next"}) {
            Path path = directory.resolve(name);
            Files.writeString(path, Files.readString(path).replace("text", "test"));
        }

        assertThatThrownBy(() -> file().read()).hasMessageContaining("checksum");
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void itIsReplacedOnAFullDisk() throws IOException {
        try (SmallFileSystem small = SmallFileSystem.mount(directory, 1)) {
            InPlaceFile file = new InPlaceFile(path());
            file.write("first");
            small.fill();

            file.write("second, and longer");
            new InPlaceFile(path()).write("third, after a restart");

            assertThat(file().read()).isEqualTo("third, after a restart");
        }
    }
}
