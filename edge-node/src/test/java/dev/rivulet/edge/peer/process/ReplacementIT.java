package dev.rivulet.edge.peer.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rivulet.edge.peer.PeerLinkContract;
import dev.rivulet.edge.peer.PeerLoop;
import dev.rivulet.edge.peer.RawPeer;
import dev.rivulet.edge.peer.TestEdge;
import dev.rivulet.edge.peer.TestSite;
import dev.rivulet.edge.peer.TestTracker;
import dev.rivulet.edge.peer.webrtc.UdpPorts;
import dev.rivulet.edge.peer.webrtc.WebRtcLinks;
import dev.rivulet.edge.store.TestContent;
import dev.rivulet.protocol.PeerCloseCode;
import dev.rivulet.protocol.frame.Block;
import dev.rivulet.protocol.message.ControlMessage;
import dev.rivulet.protocol.message.ControlMessage.Choke;
import dev.rivulet.protocol.message.ControlMessage.Part;
import dev.rivulet.protocol.message.ControlMessage.Ping;
import dev.rivulet.protocol.message.ControlMessage.Reject;
import dev.rivulet.protocol.message.ControlMessage.Request;
import dev.rivulet.protocol.message.Role;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A process is replaced while peers ask and ask. */
@Timeout(600)
final class ReplacementIT {
    private static final int CONNECTIONS = 3;

    /** Within the rate that a peer may ask at. */
    private static final long PACE_MILLIS = 5;

    private static final ReplacementLimits SOON =
            new ReplacementLimits(CONNECTIONS, Long.MAX_VALUE, Duration.ofDays(1), Long.MAX_VALUE);

    @TempDir
    Path home;

    private final TestSite site = new TestSite();
    private final TestTracker tracker = new TestTracker();
    private final TestContent content = site.publish("/file", 1, 1 << 20);
    private final ScheduledExecutorService pace = Executors.newSingleThreadScheduledExecutor();
    private final List<AutoCloseable> open = new ArrayList<>(List.of(pace::shutdownNow));

    @AfterEach
    void stop() throws Exception {
        Collections.reverse(open);
        for (AutoCloseable resource : open) {
            resource.close();
        }
    }

    /** Asks for a part a moment after it has the one before, until it is choked. */
    private final class Asker {
        final RawPeer peer;
        final Set<Long> unanswered = ConcurrentHashMap.newKeySet();
        final AtomicInteger answered = new AtomicInteger();
        final AtomicInteger wrong = new AtomicInteger();
        private long next;
        private volatile boolean choked;

        Asker(long id, TestEdge edge, WebRtcLinks links) {
            peer = new RawPeer(id, Role.PAGE, tracker, links);
            peer.onMessage(this::take).onBlock(this::take);
            peer.offerTo(edge.id);
        }

        private void take(ControlMessage message) {
            if (message instanceof ControlMessage.Hello) {
                peer.hello();
                ask();
            } else if (message instanceof Ping ping && !ping.reply()) {
                peer.send(new Ping(ping.nonce(), true));
            } else if (message instanceof Choke) {
                choked = true;
            } else if (message instanceof Reject reject) {
                unanswered.remove(reject.id());
            }
        }

        private void take(Block block) {
            if (!block.payload()
                    .equals(content.piece(0).slice(0, block.payload().remaining()))) {
                wrong.incrementAndGet();
            }
            unanswered.remove(block.requestId());
            answered.incrementAndGet();
            var unused = pace.schedule(this::ask, PACE_MILLIS, TimeUnit.MILLISECONDS);
        }

        private void ask() {
            if (!choked) {
                long id = next++;
                unanswered.add(id);
                peer.send(new Request(id, content.id(), 0, new Part(0, 32_768), null));
            }
        }
    }

    @Test
    void nothingThatWasAskedForIsLost() throws Exception {
        LinkProcesses processes = opened(LinkProcesses.start(TestCommand.DEFAULT, SOON, home.resolve("webrtc")));
        WebRtcLinks pages = opened(WebRtcLinks.start(UdpPorts.ANY));
        TestEdge edge = edge(processes);
        content.into(edge.store);
        long firstPid = processes.pid();

        List<Asker> early = askers(10, edge, pages);
        PeerLinkContract.await(() -> processes.pid() != firstPid);
        assertThat(early).noneMatch(asker -> asker.peer.isClosed());
        // As many again: now the successor has to go, and the one before it makes room.
        List<Asker> late = askers(20, edge, pages);
        for (Asker asker : early) {
            PeerLinkContract.await(asker.peer::isClosed);
        }
        PeerLinkContract.await(() -> ProcessHandle.of(firstPid).isEmpty());

        for (Asker asker : early) {
            assertThat(asker.peer.closeCode()).isEqualTo(PeerCloseCode.NORMAL.code());
            assertThat(asker.unanswered).isEmpty();
            assertThat(asker.answered.get()).isPositive();
        }
        for (Asker asker : late) {
            PeerLinkContract.await(() -> asker.answered.get() > 0);
        }
        assertThat(early).allMatch(asker -> asker.wrong.get() == 0);
        assertThat(late).allMatch(asker -> asker.wrong.get() == 0);
    }

    private List<Asker> askers(long firstId, TestEdge edge, WebRtcLinks links) throws InterruptedException {
        List<Asker> askers = new ArrayList<>();
        for (int i = 0; i < CONNECTIONS; i++) {
            Asker asker = new Asker(firstId + i, edge, links);
            askers.add(asker);
            PeerLinkContract.await(() -> asker.answered.get() > 0);
        }
        return askers;
    }

    private TestEdge edge(LinkProcesses links) {
        PeerLoop loop = opened(new PeerLoop());
        ExecutorService workers = Executors.newFixedThreadPool(2);
        open.add(workers::shutdownNow);
        TestEdge edge = new TestEdge(1, site, tracker, new TestEdge.Host(loop, workers, links));
        open.add(edge.neighbours);
        return edge;
    }

    private <T extends AutoCloseable> T opened(T resource) {
        open.add(resource);
        return resource;
    }
}
