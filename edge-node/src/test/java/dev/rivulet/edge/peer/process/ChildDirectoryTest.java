package dev.rivulet.edge.peer.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ChildDirectoryTest {
    private static final Set<PosixFilePermission> PRIVATE = PosixFilePermissions.fromString("rwx------");

    @TempDir
    Path home;

    @Test
    void nobodyElseMayLookIntoIt() throws Exception {
        Path webrtc = Files.createDirectory(home.resolve("w"));

        try (Door door = ChildDirectory.open(webrtc).door(1)) {
            assertThat(Files.getPosixFilePermissions(webrtc)).isEqualTo(PRIVATE);
            assertThat(door.socket()).exists().hasParent(webrtc);
        }

        assertThat(webrtc).isEmptyDirectory();
    }

    @Test
    void whatEarlierProcessesLeftIsRemovedButForTheReportOfACrashAndTheLibrary() throws Exception {
        Path webrtc = Files.createDirectory(home.resolve("w"));
        Path ofAnEarlierVersion = Files.createDirectory(webrtc.resolve("1"));
        Files.writeString(ofAnEarlierVersion.resolve("libwebrtc.so"), "large");
        Files.writeString(webrtc.resolve("2.socket"), "");
        Path library = Files.writeString(webrtc.resolve("libwebrtc.so"), "large");
        Path report = Files.writeString(webrtc.resolve(ChildCommand.CRASH_FILE), "report");

        ChildDirectory directory = ChildDirectory.open(webrtc);

        try (Stream<Path> left = Files.list(webrtc)) {
            assertThat(left).containsExactlyInAnyOrder(library, report);
        }
        directory.door(2).close();
    }

    @Test
    void whereASocketsPathWouldBeTooLongItIsElsewhere() throws Exception {
        Path deep = home.resolve("a".repeat(100));

        Door door = ChildDirectory.open(deep).door(1);

        Path folder = door.socket().getParent();
        assertThat(folder.startsWith(deep)).isFalse();
        assertThat(Files.getPosixFilePermissions(folder)).isEqualTo(PRIVATE);
        door.close();
        assertThat(folder).doesNotExist();
    }

    @Test
    void whereTheDirectoryCannotBeMadeTheDoorIsElsewhere() throws Exception {
        Path file = Files.writeString(home.resolve("file"), "where a directory should be");

        try (Door door = ChildDirectory.open(file).door(1)) {
            assertThat(door.socket().startsWith(home)).isFalse();
        }
    }
}
