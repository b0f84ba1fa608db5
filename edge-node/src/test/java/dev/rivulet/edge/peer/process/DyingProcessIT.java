package dev.rivulet.edge.peer.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rivulet.edge.peer.PeerLinkContract;
import dev.rivulet.edge.peer.PeerLoop;
import dev.rivulet.edge.peer.TestEdge;
import dev.rivulet.edge.peer.TestSite;
import dev.rivulet.edge.peer.TestTracker;
import dev.rivulet.edge.store.TestContent;
import dev.rivulet.protocol.id.ResourceUrl;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a WebRTC process that dies costs: connections, and nothing else. */
@Timeout(600)
final class DyingProcessIT {
    private static final int MIB = 1 << 20;
    private static final ResourceUrl URL = TestSite.url("/big");
    private static final int BEFORE_DEATH = 8;

    private static final ReplacementLimits NEVER =
            new ReplacementLimits(Integer.MAX_VALUE, Long.MAX_VALUE, Duration.ofDays(1), Long.MAX_VALUE);

    @TempDir
    Path home;

    private final TestSite site = new TestSite();
    private final TestTracker tracker = new TestTracker();
    private final TestContent content = site.publish("/big", 1, 16 * MIB + 7);
    private final TestContent other = site.publish("/other", 2, MIB);
    private final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void stop() throws Exception {
        Collections.reverse(open);
        for (AutoCloseable resource : open) {
            resource.close();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"KILL", "SEGV"})
    void aTransferGoesOnFromOthersAndTheProcessIsBack(String signal) throws Exception {
        LinkProcesses dying = links("dying");
        Permits first = new Permits(workers(), BEFORE_DEATH);
        Permits second = new Permits(workers(), BEFORE_DEATH);
        TestEdge holder = warm(edge(1, dying, first), content);
        warm(edge(2, links("steady"), second), content);
        TestEdge edge = edge(3, links("edge"), workers());
        edge.meet(content.id());
        PeerLinkContract.await(() -> edge.holders(content.id()) == 2);
        long pid = dying.pid();

        List<CompletableFuture<ByteBuffer>> pieces = ask(edge, null);
        PeerLinkContract.await(() -> done(pieces) >= BEFORE_DEATH);
        send(signal, pid);
        PeerLinkContract.await(() -> ProcessHandle.of(pid).isEmpty());
        first.release();
        second.release();

        assertRight(pieces);
        PeerLinkContract.await(() -> dying.pid() != pid && dying.pid() != 0);
        warm(holder, other);
        // Another edge, since the first one may for a while believe that it is still connected.
        TestEdge newcomer = edge(4, links("newcomer"), workers());
        assertThat(piece(newcomer, other)).isEqualTo(other.piece(0));
        assertThat(Files.exists(home.resolve("dying").resolve(ChildCommand.CRASH_FILE)))
                .isEqualTo(signal.equals("SEGV"));
    }

    @Test
    void theEdgeWhoseProcessDiesGetsTheRestFromTheOriginAndMeetsPeersAgain() throws Exception {
        LinkProcesses dying = links("dying");
        TestEdge holder = warm(edge(1, links("steady"), new Permits(workers(), BEFORE_DEATH)), content);
        TestEdge edge = edge(2, dying, workers());
        edge.meet(content.id());
        PeerLinkContract.await(() -> edge.holders(content.id()) == 1);
        long pid = dying.pid();

        List<CompletableFuture<ByteBuffer>> pieces = ask(edge, URL);
        PeerLinkContract.await(() -> done(pieces) >= BEFORE_DEATH);
        send("KILL", pid);

        assertRight(pieces);
        assertThat(edge.origin.fetched()).isNotEmpty();
        TestEdge another = warm(edge(3, links("another"), workers()), other);
        assertThat(piece(edge, other)).isEqualTo(other.piece(0));
        assertThat(another.counts.snapshot().uploaded()).isPositive();
        assertThat(holder.counts.snapshot().uploaded()).isPositive();
    }

    @Test
    void aProcessThatDiesAgainAndAgainIsBackEachTime() throws Exception {
        LinkProcesses dying = links("dying");
        for (int i = 0; i < Restarts.AT_ONCE + 1; i++) {
            long pid = dying.pid();
            send("KILL", pid);
            int deaths = i + 1;
            // First it is known to be dead, and then another is there: never the other way about, nor two at a time.
            PeerLinkContract.await(() -> dying.standing().died() == deaths);
            PeerLinkContract.await(() -> dying.standing().ready());
            assertThat(dying.pid()).isNotEqualTo(pid);
            assertThat(dying.standing().running()).isEqualTo(1);
        }
        TestEdge holder = warm(edge(1, dying, workers()), other);

        assertThat(piece(edge(2, links("edge"), workers()), other)).isEqualTo(other.piece(0));
        LinkProcesses.Standing standing = dying.standing();
        assertThat(standing.ready()).isTrue();
        assertThat(standing.problem()).isNull();
        assertThat(standing.running()).isEqualTo(1);
        assertThat(standing.died()).isEqualTo(Restarts.AT_ONCE + 1);
        assertThat(standing.replaced()).isZero();
        assertThat(holder.counts.snapshot().uploaded()).isPositive();
    }

    private static int done(List<CompletableFuture<ByteBuffer>> pieces) {
        return (int) pieces.stream().filter(CompletableFuture::isDone).count();
    }

    private void assertRight(List<CompletableFuture<ByteBuffer>> pieces) throws Exception {
        for (int piece = 0; piece < content.pieces(); piece++) {
            assertThat(pieces.get(piece).get(240, TimeUnit.SECONDS)).isEqualTo(content.piece(piece));
        }
    }

    private static ByteBuffer piece(TestEdge edge, TestContent content) throws Exception {
        return edge.pieces.piece(content.id(), 0, null).get(240, TimeUnit.SECONDS);
    }

    private List<CompletableFuture<ByteBuffer>> ask(TestEdge edge, @Nullable ResourceUrl url) {
        List<CompletableFuture<ByteBuffer>> all = new ArrayList<>();
        for (int piece = 0; piece < content.pieces(); piece++) {
            all.add(edge.pieces.piece(content.id(), piece, url));
        }
        return all;
    }

    private static void send(String signal, long pid) throws Exception {
        int status = new ProcessBuilder("kill", "-" + signal, String.valueOf(pid))
                .inheritIO()
                .start()
                .waitFor();
        assertThat(status).isZero();
    }

    private TestEdge warm(TestEdge edge, TestContent held) {
        held.into(edge.store);
        tracker.announce(edge.id, content.id(), other.id());
        return edge;
    }

    private TestEdge edge(long number, LinkProcesses links, Executor workers) {
        PeerLoop loop = opened(new PeerLoop());
        TestEdge edge = new TestEdge(number, site, tracker, new TestEdge.Host(loop, workers, links));
        open.add(edge.neighbours);
        return edge;
    }

    private Executor workers() {
        ExecutorService workers = Executors.newFixedThreadPool(2);
        open.add(workers::shutdownNow);
        return workers;
    }

    private LinkProcesses links(String name) throws Exception {
        return opened(LinkProcesses.start(TestCommand.DEFAULT, NEVER, home.resolve(name)));
    }

    private <T extends AutoCloseable> T opened(T resource) {
        open.add(resource);
        return resource;
    }
}
