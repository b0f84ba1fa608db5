package dev.rivulet.edge.peer.webrtc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rivulet.edge.peer.PeerLinkContract;
import dev.rivulet.edge.peer.PeerLoop;
import dev.rivulet.edge.peer.RawPeer;
import dev.rivulet.edge.peer.TestEdge;
import dev.rivulet.edge.peer.TestSite;
import dev.rivulet.edge.peer.TestTracker;
import dev.rivulet.edge.store.TestContent;
import dev.rivulet.protocol.PeerCloseCode;
import dev.rivulet.protocol.id.ResourceUrl;
import dev.rivulet.protocol.id.Sha256;
import dev.rivulet.protocol.message.ControlMessage.Request;
import dev.rivulet.protocol.message.ControlMessage.Want;
import dev.rivulet.protocol.message.Role;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Edges that exchange pieces over real connections on this machine; the tracker and the origin are fakes. */
@Timeout(300)
final class EdgesOverWebRtcIT {
    private static final int MIB = 1 << 20;
    private static final ResourceUrl URL = TestSite.url("/big");

    private final TestSite site = new TestSite();
    private final TestTracker tracker = new TestTracker();
    private final TestContent content = site.publish("/big", 1, 32 * MIB + 7);
    private final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void stop() throws Exception {
        Collections.reverse(open);
        for (AutoCloseable resource : open) {
            resource.close();
        }
    }

    @Test
    void aWholeResourceCrossesFromOneEdgeToAnother() throws Exception {
        TestEdge holder = warm(edge(1));
        TestEdge edge = edge(2);

        byte[] digest = fetchAll(edge, null);

        assertThat(digest).isEqualTo(Sha256.of(content.bytes()).bytes());
        assertThat(edge.counts.snapshot().edges()).isEqualTo(content.layout().size());
        assertThat(holder.counts.snapshot().uploaded())
                .isEqualTo(content.layout().size());
    }

    @Test
    void severalEdgesServeOneAtOnce() throws Exception {
        List<TestEdge> holders = List.of(warm(edge(1)), warm(edge(2)), warm(edge(3)));
        TestEdge edge = met(edge(4), holders.size());

        byte[] digest = fetchAll(edge, null);

        assertThat(digest).isEqualTo(Sha256.of(content.bytes()).bytes());
        assertThat(holders).allMatch(holder -> holder.counts.snapshot().uploaded() > 0);
    }

    @Test
    void twoColdEdgesPassOnWhatTheOtherHas() throws Exception {
        TestEdge one = edge(1);
        TestEdge other = edge(2);
        List<CompletableFuture<ByteBuffer>> halves = new ArrayList<>();
        for (int piece = 0; piece < content.pieces(); piece++) {
            halves.add((piece % 2 == 0 ? one : other).pieces.piece(content.id(), piece, URL));
        }
        await(halves);
        tracker.announce(one.id, content.id());
        tracker.announce(other.id, content.id());

        fetchMissing(one);
        fetchMissing(other);

        // A piece is delivered before it is written.
        PeerLinkContract.await(() -> one.store.held(content.id()).cardinality() == content.pieces());
        PeerLinkContract.await(() -> other.store.held(content.id()).cardinality() == content.pieces());
        assertThat(one.neighbours.connected()).isEqualTo(1);
        assertThat(other.neighbours.connected()).isEqualTo(1);
    }

    @Test
    void aPeerThatLeavesMidPieceCostsNothingButTime() throws Exception {
        RawPeer leaving = new RawPeer(1, Role.EDGE, tracker, links()).announce(content.id());
        leaving.onMessage(message -> {
            if (message instanceof Want) {
                leaving.sayComplete(content.id());
            } else if (message instanceof Request request) {
                leaving.sendBlocks(request.id(), content.piece(request.piece()), 0, 3 * 32768);
                leaving.link().close();
            }
        });
        TestEdge edge = met(edge(2), 1);

        byte[] digest = fetchAll(edge, URL);

        assertThat(digest).isEqualTo(Sha256.of(content.bytes()).bytes());
        assertThat(leaving.requests()).isNotEmpty();
        assertThat(edge.origin.fetched()).isNotEmpty();
    }

    @Test
    void aPeerThatSendsWrongBytesIsFoundOut() throws Exception {
        RawPeer liar = new RawPeer(1, Role.EDGE, tracker, links()).announce(content.id());
        liar.onMessage(message -> {
            if (message instanceof Want) {
                liar.sayComplete(content.id());
            } else if (message instanceof Request request) {
                ByteBuffer wrong = ByteBuffer.allocate(content.layout().length(request.piece()));
                liar.sendBlocks(request.id(), wrong, 0, wrong.remaining());
            }
        });
        warm(edge(2));
        TestEdge edge = met(edge(3), 2);

        byte[] digest = fetchAll(edge, null);

        assertThat(digest).isEqualTo(Sha256.of(content.bytes()).bytes());
        PeerLinkContract.await(() -> liar.closeCode() == PeerCloseCode.BAD_PIECE.code());
        assertThat(tracker.reports()).hasSize(1);
    }

    @Test
    void anEdgeThatStopsDuringATransferDisturbsOnlyItself() throws Exception {
        TestEdge stopping = warm(edge(1));
        TestEdge edge = met(edge(2), 1);
        List<CompletableFuture<ByteBuffer>> all = ask(edge, URL);

        all.get(content.pieces() / 4).get(120, TimeUnit.SECONDS);
        stopping.neighbours.close();

        await(all);
        for (int piece = 0; piece < content.pieces(); piece++) {
            assertThat(all.get(piece).join()).isEqualTo(content.piece(piece));
        }
        assertThat(edge.counts.snapshot().edges()).isPositive();
    }

    private void fetchMissing(TestEdge edge) throws Exception {
        List<CompletableFuture<ByteBuffer>> missing = new ArrayList<>();
        for (int piece = 0; piece < content.pieces(); piece++) {
            if (!edge.store.has(content.id(), piece)) {
                missing.add(edge.pieces.piece(content.id(), piece, null));
            }
        }
        await(missing);
    }

    /** Fetches everything; without a URL the origin is out of reach, so that it comes from peers however slow. */
    private byte[] fetchAll(TestEdge edge, @Nullable ResourceUrl url) throws Exception {
        MessageDigest digest = Sha256.digester();
        for (CompletableFuture<ByteBuffer> piece : ask(edge, url)) {
            digest.update(piece.get(120, TimeUnit.SECONDS));
        }
        return digest.digest();
    }

    private List<CompletableFuture<ByteBuffer>> ask(TestEdge edge, @Nullable ResourceUrl url) {
        List<CompletableFuture<ByteBuffer>> all = new ArrayList<>();
        for (int piece = 0; piece < content.pieces(); piece++) {
            all.add(edge.pieces.piece(content.id(), piece, url));
        }
        return all;
    }

    private static void await(List<CompletableFuture<ByteBuffer>> pieces) throws Exception {
        CompletableFuture.allOf(pieces.toArray(CompletableFuture[]::new)).get(120, TimeUnit.SECONDS);
    }

    /** Waits until so many neighbours of an edge have said what they hold, so that they are asked before the origin is. */
    private TestEdge met(TestEdge edge, int holders) throws InterruptedException {
        edge.meet(content.id());
        PeerLinkContract.await(() -> edge.holders(content.id()) == holders);
        return edge;
    }

    private TestEdge warm(TestEdge edge) {
        content.into(edge.store);
        tracker.announce(edge.id, content.id());
        return edge;
    }

    /** An edge with threads and a native factory of its own, and without its disk and its ways to tracker and origin. */
    private TestEdge edge(long number) throws Exception {
        PeerLoop loop = opened(new PeerLoop());
        ExecutorService workers = Executors.newFixedThreadPool(2);
        open.add(workers::shutdownNow);
        TestEdge edge = new TestEdge(number, site, tracker, new TestEdge.Host(loop, workers, links()));
        open.add(edge.neighbours);
        return edge;
    }

    private WebRtcLinks links() throws Exception {
        return opened(WebRtcLinks.start(UdpPorts.ANY));
    }

    private <T extends AutoCloseable> T opened(T resource) {
        open.add(resource);
        return resource;
    }
}
