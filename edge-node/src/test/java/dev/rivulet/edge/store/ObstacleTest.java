package dev.rivulet.edge.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.SocketException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

final class ObstacleTest {
    private static String of(IOException refusal) {
        return Obstacle.of("d5", refusal, "ann");
    }

    @Test
    void anotherUsersFileIsNamedWithTheCommandThatHelps() {
        assertThat(of(new AccessDeniedException("d5/pieces/data")))
                .startsWith("data = d5: d5/pieces/data belongs to another user")
                .endsWith("chown -R ann: d5");
        assertThat(of(new AccessDeniedException(
                        Path.of("d5/pieces/data").toAbsolutePath().toString())))
                .startsWith("data = d5: ")
                .endsWith("chown -R ann: d5");
    }

    @Test
    void aUserWithoutANameIsNotGuessed() {
        assertThat(Obstacle.of("d5", new AccessDeniedException("d5/lock"), "?")).endsWith("chown -R USER: d5");
    }

    @Test
    void aFileInTheWayIsToBeMoved() {
        assertThat(of(new FileAlreadyExistsException("d5/pieces")))
                .isEqualTo("data = d5: d5/pieces is a file where there has to be a directory; move it elsewhere");
    }

    @Test
    void whatElseTheDiskRefusesIsNamedWithItsReason() {
        assertThat(of(new FileSystemException("d5/pieces/data", null, "Input/output error")))
                .isEqualTo("data = d5: d5/pieces/data: Input/output error; see to the disk, or name another directory");
        assertThat(of(new IOException("No space left on device")))
                .isEqualTo("data = d5: No space left on device; see to the disk, or name another directory");
    }

    @Test
    void whatIsNotInTheDataDirectoryIsNotBlamedOnIt() {
        assertThat(of(new AccessDeniedException("/elsewhere/edge.yaml")))
                .startsWith("/elsewhere/edge.yaml: ")
                .doesNotContain("data", "chown");
        assertThat(of(new SocketException("Network is unreachable"))).doesNotContain("data");
        assertThat(Obstacle.of(null, new AccessDeniedException("d5/lock"), "ann"))
                .startsWith("d5/lock: ")
                .doesNotContain("data =");
    }
}
