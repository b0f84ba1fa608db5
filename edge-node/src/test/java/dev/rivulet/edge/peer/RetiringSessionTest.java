package dev.rivulet.edge.peer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rivulet.edge.store.TestContent;
import dev.rivulet.protocol.Limits;
import dev.rivulet.protocol.PeerCloseCode;
import dev.rivulet.protocol.message.ControlMessage.Choke;
import dev.rivulet.protocol.message.ControlMessage.Ping;
import dev.rivulet.protocol.message.ControlMessage.Reject;
import dev.rivulet.protocol.message.ControlMessage.RejectReason;
import dev.rivulet.protocol.message.ControlMessage.Request;
import dev.rivulet.protocol.message.ControlMessage.Unchoke;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A connection of a WebRTC process that is being replaced: how it ends, and what is still served over it. */
final class RetiringSessionTest {
    private static final int PIECE = Limits.SMALL_PIECE_BYTES;

    private final Stage stage = new Stage();
    private final TestContent content = stage.site.publish("/big", 1, 20 * PIECE + 5);
    private final TestEdge edge = stage.edge(1);
    private final RawPeer page = stage.pageAt(edge, 2);

    @Test
    void aSessionThatRetiresServesOnForAWhile() {
        content.into(edge.store);
        use(1);
        retire();
        stage.advance(Neighbours.TICK);

        ask(2, 1);

        assertThat(page.received(2)).isEqualTo(content.piece(1));
        assertThat(page.got(Choke.class)).isEmpty();
    }

    @Test
    void afterThatItServesWhatWasAskedAndNoMore() {
        List<Runnable> reading = new ArrayList<>();
        TestEdge slow = stage.edgeWithWorkers(4, reading::add);
        content.into(slow.store);
        RawPeer peer = stage.pageAt(slow, 5);
        peer.send(new Request(1, content.id(), 0, null, null));
        stage.run();

        slow.neighbours.open(peer.id).orElseThrow().retire();
        stage.advance(PeerSession.PATIENCE.plus(Neighbours.TICK.multipliedBy(2)));
        peer.send(new Request(2, content.id(), 1, null, null));
        stage.run();
        reading.forEach(Runnable::run);
        stage.run();

        assertThat(peer.got(Choke.class)).hasSize(1);
        assertThat(peer.got(Reject.class)).containsExactly(new Reject(2, RejectReason.BUSY));
        assertThat(peer.blocks.stream().filter(block -> block.requestId() == 1).count())
                .isEqualTo(PIECE / Limits.MAX_BLOCK_BYTES);
        assertThat(peer.isClosed()).isFalse();
    }

    @Test
    void aSessionThatRetiresEndsOnceThePeerKnowsAndAllHasLeft() {
        content.into(edge.store);
        retire();
        for (long id = 0; page.got(Choke.class).isEmpty(); id++) {
            assertThat(id).as("ticks until it is told").isLessThan(1_000);
            use(id);
            stage.advance(Neighbours.TICK);
        }
        stage.advance(PeerSession.SETTLE.multipliedBy(2));
        assertThat(page.isClosed()).isFalse();

        // Asked before it knew: it is rejected, which has to arrive.
        ask(1000, 0);
        answerPings();
        stage.advance(Neighbours.TICK);
        assertThat(page.isClosed()).isFalse();
        stage.advance(PeerSession.SETTLE);

        assertThat(page.closeCode()).isEqualTo(PeerCloseCode.NORMAL.code());
        assertThat(page.got(Unchoke.class)).isEmpty();
        assertThat(edge.neighbours.connected()).isZero();
    }

    @Test
    void aSessionThatRetiresEndsOnlyOnceItsSendBufferIsEmpty() {
        InMemoryLinks links = stage.links();
        TestEdge slow = stage.edgeWithLinks(4, links);
        content.into(slow.store);
        RawPeer peer = stage.pageAt(slow, 5);
        links.holdBlocks(true);
        peer.send(new Request(1, content.id(), 20, null, null));
        stage.run();

        slow.neighbours.open(peer.id).orElseThrow().retire();
        stage.advance(PeerSession.PATIENCE.plus(Neighbours.TICK));
        answerPings(peer);
        stage.advance(PeerSession.SETTLE.multipliedBy(4));
        assertThat(peer.isClosed()).isFalse();
        links.holdBlocks(false);
        stage.advance(Neighbours.TICK);
        assertThat(peer.isClosed()).isFalse();
        stage.advance(PeerSession.SETTLE);

        assertThat(peer.received(1)).isEqualTo(content.piece(20));
        assertThat(peer.closeCode()).isEqualTo(PeerCloseCode.NORMAL.code());
    }

    @Test
    void aSessionThatNobodyUsesEndsAsSoonAsThePeerKnows() {
        stage.advance(PeerSession.PATIENCE);

        retire();
        retire();
        stage.advance(Neighbours.TICK.multipliedBy(2));
        assertThat(page.got(Choke.class)).hasSize(1);
        assertThat(page.isClosed()).isFalse();
        answerPings();
        stage.advance(Neighbours.TICK.multipliedBy(2));

        assertThat(page.closeCode()).isEqualTo(PeerCloseCode.NORMAL.code());
    }

    @Test
    void aSessionThatRetiresBeforeItIsOpenOpensFirst() {
        RawPeer late = stage.page(9);
        late.offerTo(edge.id);
        stage.run();
        edge.neighbours.sessions().forEach(PeerSession::retire);

        late.hello();
        stage.run();
        stage.advance(Neighbours.TICK);

        assertThat(late.isClosed()).isFalse();
        assertThat(late.got(Choke.class)).isEmpty();
    }

    private void retire() {
        edge.neighbours.open(page.id).orElseThrow().retire();
        stage.run();
    }

    /** Has the page ask for a piece and get it. */
    private void use(long id) {
        ask(id, 0);
        assertThat(page.received(id)).isEqualTo(content.piece(0));
    }

    private void answerPings() {
        answerPings(page);
    }

    private void answerPings(RawPeer peer) {
        peer.got(Ping.class).stream()
                .filter(ping -> !ping.reply())
                .forEach(ping -> peer.send(new Ping(ping.nonce(), true)));
        stage.run();
    }

    private void ask(long id, int piece) {
        page.send(new Request(id, content.id(), piece, null, null));
        stage.run();
    }
}
