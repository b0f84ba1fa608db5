package dev.rivulet.edge.peer.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ChildDirectoryTest {
    private static final Set<PosixFilePermission> PRIVATE = PosixFilePermissions.fromString("rwx------");

    @TempDir
    Path home;

    @Test
    void nobodyElseMayLookIntoIt() throws Exception {
        Path webrtc = Files.createDirectory(home.resolve("w"));

        Path folder = ChildDirectory.open(webrtc).folder(1);

        assertThat(Files.getPosixFilePermissions(webrtc)).isEqualTo(PRIVATE);
        assertThat(Files.getPosixFilePermissions(folder)).isEqualTo(PRIVATE);
    }

    @Test
    void whatEarlierProcessesLeftIsRemovedButForTheReportOfACrash() throws Exception {
        Path webrtc = home.resolve("w");
        Path left = ChildDirectory.open(webrtc).folder(1);
        Files.writeString(left.resolve("libwebrtc.so"), "large");
        Files.writeString(webrtc.resolve(ChildCommand.CRASH_FILE), "report");

        Path folder = ChildDirectory.open(webrtc).folder(1);

        assertThat(folder).isEmptyDirectory();
        assertThat(webrtc.resolve(ChildCommand.CRASH_FILE)).exists();
    }

    @Test
    void whereASocketsPathWouldBeTooLongTheFolderIsElsewhere() throws Exception {
        Path deep = home.resolve("a".repeat(100));

        Path folder = ChildDirectory.open(deep).folder(1);

        assertThat(folder).isEmptyDirectory();
        assertThat(folder.startsWith(deep)).isFalse();
        assertThat(Files.getPosixFilePermissions(folder)).isEqualTo(PRIVATE);
        ChildDirectory.remove(folder);
        assertThat(folder).doesNotExist();
    }
}
