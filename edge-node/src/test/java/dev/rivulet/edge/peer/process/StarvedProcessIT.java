package dev.rivulet.edge.peer.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rivulet.edge.peer.LinkProbe;
import dev.rivulet.edge.peer.PeerLinkContract;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Where the system has no more threads or processes to give there is WebRTC again once it has. */
@Timeout(300)
final class StarvedProcessIT {
    private static final ReplacementLimits NEVER =
            new ReplacementLimits(Integer.MAX_VALUE, Long.MAX_VALUE, Duration.ofDays(1), Long.MAX_VALUE);

    private static final ReplacementLimits SOON =
            new ReplacementLimits(Integer.MAX_VALUE, Long.MAX_VALUE, Duration.ofSeconds(2), Long.MAX_VALUE);

    @TempDir
    Path home;

    private final Scarcity scarcity = new Scarcity();

    /** A system that can be made to have nothing left. */
    private static final class Scarcity implements Launcher {
        private final AtomicInteger refused = new AtomicInteger();
        private final Semaphore starting = new Semaphore(1 << 20);
        private volatile boolean ofProcesses;
        private volatile boolean ofThreads;

        @Override
        public Process start(Path directory, Path socket, Path library) throws IOException {
            starting.acquireUninterruptibly();
            if (ofProcesses) {
                throw refusal();
            }
            return TestCommand.DEFAULT.start(directory, socket, library);
        }

        @Override
        public Thread thread(String name, Runnable life) {
            return new Thread(life, name) {
                @Override
                public synchronized void start() {
                    if (ofThreads) {
                        throw refusal();
                    }
                    setDaemon(true);
                    super.start();
                }
            };
        }

        private OutOfMemoryError refusal() {
            refused.incrementAndGet();
            return new OutOfMemoryError("unable to create native thread");
        }
    }

    private LinkProcesses start(ReplacementLimits limits) throws IOException {
        return LinkProcesses.launch(scarcity, limits, home.resolve("webrtc"));
    }

    @Test
    void aProcessThatCannotBeStartedEndsItsLinksAndIsTriedAgain() throws Exception {
        try (LinkProcesses processes = start(NEVER)) {
            scarcity.starting.drainPermits();
            scarcity.ofProcesses = true;
            long dead = kill(processes);
            PeerLinkContract.await(() -> processes.pid() != dead);
            LinkProbe waiting = new LinkProbe(signal -> {});
            var unused = processes.offer(List.of(), waiting);
            scarcity.starting.release(1 << 20);

            waiting.expect("closed");
            PeerLinkContract.await(() -> !processes.isAvailable());
            assertThat(processes.standing().problem()).contains("unable to create native thread");

            scarcity.ofProcesses = false;
            PeerLinkContract.await(() -> processes.standing().ready());
            assertThat(processes.isAvailable()).isTrue();
        }
    }

    @Test
    void aSuccessorThatGetsNoThreadIsTriedAgain() throws Exception {
        try (LinkProcesses processes = start(NEVER)) {
            scarcity.ofThreads = true;
            kill(processes);
            PeerLinkContract.await(() -> scarcity.refused.get() > 0);
            PeerLinkContract.await(() -> !processes.isAvailable());

            scarcity.ofThreads = false;

            PeerLinkContract.await(() -> processes.standing().ready());
        }
    }

    @Test
    void aReplacementThatGetsNoThreadIsNotWaitedFor() throws Exception {
        try (LinkProcesses processes = start(SOON)) {
            scarcity.ofThreads = true;
            PeerLinkContract.await(() -> scarcity.refused.get() > 0);
            assertThat(processes.standing().ready()).isTrue();
            scarcity.ofThreads = false;

            long dead = kill(processes);

            PeerLinkContract.await(
                    () -> processes.standing().ready() && processes.pid() != dead && processes.pid() != 0);
        }
    }

    private static long kill(LinkProcesses processes) {
        long pid = processes.pid();
        ProcessHandle.of(pid).orElseThrow().destroyForcibly();
        return pid;
    }
}
