package dev.rivulet.edge.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rivulet.protocol.settings.ConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** What can be done on a file system that is read-only, as the kernel leaves one after an error. */
@EnabledOnOs(OS.LINUX)
final class ReadOnlyDiskTest {
    private static final int PIECE = 262_144;

    @TempDir
    Path home;

    private final TestContent held = TestContent.of(1, PIECE);
    private final TestContent other = TestContent.of(2, PIECE);
    private Path data;
    private SmallFileSystem disk;

    @BeforeEach
    void mount() throws IOException {
        data = Files.createDirectory(home.resolve("data"));
        disk = SmallFileSystem.mount(data, 32);
    }

    @AfterEach
    void unmount() throws IOException {
        disk.close();
    }

    private DiskPieceStore store() throws IOException {
        return DiskPieceStore.open(data.resolve("pieces"), DiskPieceStore.MIN_BYTES);
    }

    @Test
    void whatIsStoredIsReadAndMoreIsKeptAsSoonAsThatIsPossible() throws IOException {
        try (DiskPieceStore before = store()) {
            held.into(before);
        }
        disk.turnReadOnly();

        try (DiskPieceStore store = store()) {
            assertThat(store.isFailing()).isTrue();
            assertThat(store.read(held.id(), 0)).isEqualTo(held.piece(0));
            assertThat(store.write(other.layout(), 0, other.piece(0))).isFalse();
            assertThat(store.contents()).containsExactly(held.id());

            disk.turnWritable();
            assertThat(store.write(other.layout(), 0, other.piece(0))).isTrue();
            assertThat(store.isFailing()).isFalse();
            assertThat(store.read(held.id(), 0)).isEqualTo(held.piece(0));
        }
        try (DiskPieceStore after = store()) {
            assertThat(after.contents()).containsExactlyInAnyOrder(held.id(), other.id());
        }
    }

    @Test
    void aDirectoryThatWasSetUpIsUsedAsItIs() throws Exception {
        DataDirectory.open(data.toString()).close();
        disk.turnReadOnly();

        try (DataDirectory directory = DataDirectory.open(data.toString())) {
            assertThat(directory.isReadOnly()).isTrue();
            directory.requireUnlessWritable("lock");
            assertThatThrownBy(() -> directory.requireUnlessWritable("lock", "identity.jwk"))
                    .isInstanceOf(ReadOnlyDirectoryException.class)
                    .hasMessageContaining("data = " + data)
                    .hasMessageContaining("identity.jwk")
                    .hasMessageContaining("read-only");
        }
    }

    @Test
    void aDirectoryThatIsHeldIsNotHeldTwice() throws Exception {
        try (DataDirectory directory = DataDirectory.open(data.toString())) {
            assertThat(directory.isReadOnly()).isFalse();
            assertThatThrownBy(() -> DataDirectory.open(data.toString()))
                    .isInstanceOf(ConfigException.class)
                    .hasMessageContaining("in use by another edge");
        }
    }

    @Test
    void oneThatNeverWasIsSaidToBe() throws Exception {
        disk.turnReadOnly();

        for (Path directory : new Path[] {data, data.resolve("deeper/still")}) {
            assertThatThrownBy(() -> DataDirectory.open(directory.toString()))
                    .isInstanceOf(ReadOnlyDirectoryException.class)
                    .hasMessageContaining("data = " + directory)
                    .hasMessageContaining("never set up");
        }
    }
}
