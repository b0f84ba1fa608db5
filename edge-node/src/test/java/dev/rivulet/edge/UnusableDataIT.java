package dev.rivulet.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** An edge that cannot use what is in its data directory says so in a line, and is tried again by systemd. */
@EnabledOnOs(OS.LINUX)
final class UnusableDataIT {
    private static final String NEEDS = " (this test runs setpriv as root: apt-get install util-linux)";

    @TempDir
    Path home;

    private DemoSite site;

    @BeforeEach
    void publish() throws IOException {
        site = new DemoSite(home, DemoSite.PIECE);
        Files.createDirectory(site.data());
    }

    @AfterEach
    void close() {
        site.close();
    }

    @Test
    void aFileWhereADirectoryHasToBeIsNamed() throws Exception {
        Files.writeString(site.data().resolve("pieces"), "in the way");

        EdgeProcess edge = site.edge();

        assertThat(edge.exitCode()).as(edge.stderr()).isEqualTo(1);
        assertThat(edge.lastLine())
                .isEqualTo(
                        "rivulet-edge: data = data: data/pieces is a file where there has to be a directory; move it elsewhere");
        assertThat(edge.stderr()).doesNotContain("Exception");
    }

    @Test
    void theTraceIsThereForWhoAsksForIt() throws Exception {
        Files.writeString(site.data().resolve("pieces"), "in the way");

        EdgeProcess edge = site.edge("--log-level", "debug");

        assertThat(edge.exitCode()).as(edge.stderr()).isEqualTo(1);
        assertThat(edge.stderr()).contains("FileAlreadyExistsException", "\tat ");
        assertThat(edge.lastLine()).startsWith("rivulet-edge: data = data: ");
    }

    @Test
    void whatRootLeftIsNamedWithTheCommandThatHelps() throws Exception {
        Files.createDirectory(site.data().resolve("pieces"));
        Path theirs = Files.createFile(site.data().resolve("pieces").resolve("data"));
        Files.setPosixFilePermissions(theirs, PosixFilePermissions.fromString("rw-------"));
        for (Path open : List.of(home, site.data(), theirs.getParent())) {
            Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwxrwx"));
        }

        EdgeProcess edge = asNobody();

        assertThat(edge.exitCode()).as(edge.stderr() + NEEDS).isEqualTo(1);
        assertThat(edge.lastLine())
                .startsWith("rivulet-edge: data = data: data/pieces/data belongs to another user")
                .endsWith("chown -R nobody: data");
        assertThat(edge.stderr()).doesNotContain("Exception");
    }

    @Test
    void aDirectoryThatRootMadeIsNamedWithTheCommandThatHelps() throws Exception {
        Files.createFile(site.data().resolve("lock"));
        Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwxrwxrwx"));

        EdgeProcess edge = asNobody();

        assertThat(edge.exitCode()).as(edge.stderr() + NEEDS).isEqualTo(2);
        assertThat(edge.lastLine())
                .startsWith("rivulet-edge: data = data: data/lock belongs to another user")
                .endsWith("chown -R nobody: data, or name a writable directory");
    }

    private EdgeProcess asNobody() throws Exception {
        return site.gatewayWithin(List.of("setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups"));
    }
}
