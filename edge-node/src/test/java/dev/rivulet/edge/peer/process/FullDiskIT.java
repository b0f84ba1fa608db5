package dev.rivulet.edge.peer.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rivulet.edge.peer.PeerLinkContract;
import dev.rivulet.edge.store.SmallFileSystem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Replacing a process needs no room on the disk. */
@Timeout(600)
@EnabledOnOs(OS.LINUX)
final class FullDiskIT {
    private static final ReplacementLimits SOON =
            new ReplacementLimits(Integer.MAX_VALUE, Long.MAX_VALUE, Duration.ofSeconds(3), Long.MAX_VALUE);

    @TempDir
    Path home;

    @Test
    void aPlannedReplacementSucceedsAgainAndAgain() throws Exception {
        Path data = Files.createDirectory(home.resolve("d"));
        try (SmallFileSystem disk = SmallFileSystem.mount(data, 64);
                LinkProcesses processes = start(data)) {
            disk.fill();
            long first = processes.pid();

            PeerLinkContract.await(() -> processes.pid() != first);
            long second = processes.pid();
            PeerLinkContract.await(() -> processes.pid() != second);

            PeerLinkContract.await(() -> ProcessHandle.of(first).isEmpty());
            assertThat(processes.isAvailable()).isTrue();
        }
    }

    private static LinkProcesses start(Path data) throws Exception {
        return LinkProcesses.start(TestCommand.DEFAULT, SOON, data.resolve("webrtc"));
    }

    @Test
    void withoutRoomAtStartItIsThereWhenThereIs() throws Exception {
        Path data = Files.createDirectory(home.resolve("d"));
        try (SmallFileSystem disk = SmallFileSystem.mount(data, 4);
                LinkProcesses processes = start(data)) {
            PeerLinkContract.await(() -> !processes.isAvailable());

            disk.grow(64);

            PeerLinkContract.await(() -> processes.isAvailable() && processes.pid() != 0);
        }
    }
}
