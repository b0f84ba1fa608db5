package dev.rivulet.tracker.publishing.command;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rivulet.tracker.publishing.command.FileWalk.Skipped;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FileWalkTest {
    @TempDir
    Path directory;

    private Path root;

    @BeforeEach
    void makeRoot() throws IOException {
        root = Files.createDirectory(directory.resolve("root"));
    }

    @Test
    void filesAreFoundInOrderWithTheirNamesBelowTheRoot() throws IOException {
        write("b.txt", "b");
        write("a/c d.txt", "cc");

        FileWalk.Found found = FileWalk.in(root);

        assertThat(found.files()).extracting(LocalFile::name).containsExactly("a/c d.txt", "b.txt");
        assertThat(found.files()).extracting(LocalFile::size).containsExactly(2L, 1L);
        assertThat(found.skipped()).isEmpty();
    }

    @Test
    void hiddenFilesAndDirectoriesArePassedOver() throws IOException {
        write(".git/config", "x");
        write(".htaccess", "x");
        write("a/.DS_Store", "x");

        FileWalk.Found found = FileWalk.in(root);

        assertThat(found.files()).isEmpty();
        assertThat(found.skipped()).isEmpty();
    }

    @Test
    void directoryThatIsHiddenItselfMayBePublished() throws IOException {
        root = Files.createDirectory(directory.resolve(".dist"));
        write("a.txt", "a");

        assertThat(FileWalk.in(root).files()).hasSize(1);
    }

    @Test
    void linkWithinTheDirectoryIsFollowedAndOneOutOfItIsNot() throws IOException {
        write("a.txt", "a");
        Path secret = Files.writeString(directory.resolve("secret.txt"), "s");
        Files.createSymbolicLink(root.resolve("in.txt"), Path.of("a.txt"));
        Files.createSymbolicLink(root.resolve("out.txt"), secret);
        Files.createSymbolicLink(root.resolve("gone.txt"), Path.of("missing"));
        Files.createSymbolicLink(root.resolve("up"), directory);
        Files.createDirectory(root.resolve("sub"));
        Files.createSymbolicLink(root.resolve("loop"), Path.of("sub"));

        FileWalk.Found found = FileWalk.in(root);

        assertThat(found.files()).extracting(LocalFile::name).containsExactly("a.txt", "in.txt");
        assertThat(found.skipped())
                .containsExactlyInAnyOrder(
                        new Skipped("out.txt", "a link out of the directory"),
                        new Skipped("gone.txt", "a link to nothing"),
                        new Skipped("up", "a link out of the directory"),
                        new Skipped("loop", "a link to a directory"));
    }

    @Test
    void emptyAndTooLongFilesAreSkipped() throws IOException {
        write("empty.txt", "");
        try (RandomAccessFile sparse =
                new RandomAccessFile(root.resolve("long.bin").toFile(), "rw")) {
            sparse.setLength(4_294_967_297L);
        }

        FileWalk.Found found = FileWalk.in(root);

        assertThat(found.files()).isEmpty();
        assertThat(found.skipped()).extracting(Skipped::name).containsExactlyInAnyOrder("empty.txt", "long.bin");
    }

    private void write(String name, String text) throws IOException {
        Path file = root.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }
}
