package dev.rivulet.edge.peer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rivulet.edge.store.TestContent;
import dev.rivulet.edge.transfer.Choking;
import dev.rivulet.edge.transfer.ManualLoop;
import dev.rivulet.edge.transfer.PeerSources;
import dev.rivulet.protocol.Limits;
import dev.rivulet.protocol.PeerCloseCode;
import dev.rivulet.protocol.catalog.Layout;
import dev.rivulet.protocol.frame.Block;
import dev.rivulet.protocol.id.ContentId;
import dev.rivulet.protocol.id.Sha256;
import dev.rivulet.protocol.message.Bitfield;
import dev.rivulet.protocol.message.ControlMessage;
import dev.rivulet.protocol.message.ControlMessage.Cancel;
import dev.rivulet.protocol.message.ControlMessage.Choke;
import dev.rivulet.protocol.message.ControlMessage.Have;
import dev.rivulet.protocol.message.ControlMessage.LayoutAnswer;
import dev.rivulet.protocol.message.ControlMessage.LayoutRequest;
import dev.rivulet.protocol.message.ControlMessage.Part;
import dev.rivulet.protocol.message.ControlMessage.Ping;
import dev.rivulet.protocol.message.ControlMessage.Reject;
import dev.rivulet.protocol.message.ControlMessage.RejectReason;
import dev.rivulet.protocol.message.ControlMessage.Request;
import dev.rivulet.protocol.message.ControlMessage.Unchoke;
import dev.rivulet.protocol.message.ControlMessage.Want;
import dev.rivulet.protocol.message.Holding;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** One edge and a peer that asks, politely or not. */
final class PeerSessionTest {
    private static final int PIECE = Limits.SMALL_PIECE_BYTES;

    private static final PeerSources.Outcome NOBODY = new PeerSources.Outcome() {
        @Override
        public void received(ByteBuffer bytes) {}

        @Override
        public void failed(String reason) {}
    };

    private final Stage stage = new Stage();
    private final TestContent content = stage.site.publish("/big", 1, 20 * PIECE + 5);
    private final TestEdge edge = stage.edge(1);
    private final RawPeer page = stage.pageAt(edge, 2);

    @Test
    void theFirstMessageIsHello() {
        assertThat(page.messages.get(0)).isInstanceOf(ControlMessage.Hello.class);
        assertThat(edge.neighbours.connected()).isEqualTo(1);
    }

    @Test
    void aPieceHeldIsSentWhole() {
        content.into(edge.store);

        ask(7, 3);

        assertThat(page.received(7)).isEqualTo(content.piece(3));
        assertThat(edge.counts.snapshot().uploaded()).isEqualTo(PIECE);
        assertThat(edge.counts.snapshot().store()).isEqualTo(PIECE);
    }

    @Test
    void theShorterLastPieceIsSentAsLongAsItIs() {
        content.into(edge.store);

        ask(1, 20);

        assertThat(page.received(1)).isEqualTo(content.piece(20));
    }

    @Test
    void aPartIsCountedFromItsBeginning() {
        content.into(edge.store);

        page.send(new Request(1, content.id(), 2, new Part(65536, 40000), null));
        stage.run();

        assertThat(page.received(1))
                .isEqualTo(content.piece(2).slice(content.piece(2).position() + 65536, 40000));
        assertThat(page.blocks.get(0).offset()).isZero();
    }

    @Test
    void allThatMayBeAskedAtOnceIsServedInTurn() {
        TestContent many = stage.site.publish("/many", 2, 64 * PIECE);
        many.into(edge.store);

        for (int piece = 0; piece < 64; piece++) {
            page.send(new Request(piece, many.id(), piece, null, null));
        }
        stage.run();

        for (int piece = 0; piece < 64; piece++) {
            assertThat(page.received(piece)).isEqualTo(many.piece(piece));
        }
    }

    @Test
    void aRequestBeyondTheAgreedNumberIsRejected() {
        content.into(edge.store);

        for (int id = 0; id <= Limits.MAX_OUTSTANDING_REQUESTS; id++) {
            page.send(new Request(id, content.id(), 0, null, null));
        }
        // The requests arrive in one go, before any of them can be read from the store.
        stage.run();

        assertThat(page.got(Reject.class))
                .containsExactly(new Reject(Limits.MAX_OUTSTANDING_REQUESTS, RejectReason.LIMIT));
        assertThat(page.isClosed()).isFalse();
    }

    @Test
    void aFloodOfRequestsClosesTheConnection() {
        for (int id = 0; id <= Limits.MAX_CONTROL_BURST; id++) {
            page.send(new Request(id, content.id(), 0, null, null));
        }
        stage.run();

        assertThat(page.closeCode()).isEqualTo(PeerCloseCode.RATE_LIMIT.code());
        assertThat(edge.neighbours.connected()).isZero();
    }

    @Test
    void aFloodOfWantsClosesTheConnection() {
        List<ContentId> contents = contents(0, Limits.MAX_WANT_IDS);

        for (int i = 0; i <= Limits.MAX_CONTROL_BURST / Limits.MAX_WANT_IDS; i++) {
            page.send(new Want(contents, false));
        }
        stage.run();

        assertThat(page.closeCode()).isEqualTo(PeerCloseCode.RATE_LIMIT.code());
        assertThat(page.got(Have.class)).hasSizeLessThanOrEqualTo(Limits.MAX_CONTROL_BURST);
    }

    @Test
    void allThatMayBeWantedIsToldAtOnceAndAgainAfterItWasNotWantedAnyMore() {
        for (int round = 0; round < 2; round++) {
            for (int i = 0; i < Limits.MAX_WANTED_CONTENTS; i += Limits.MAX_WANT_IDS) {
                page.send(new Want(contents(i, Limits.MAX_WANT_IDS), false));
            }
            for (int i = 0; i < Limits.MAX_WANTED_CONTENTS; i += Limits.MAX_WANT_IDS) {
                page.send(new Want(contents(i, Limits.MAX_WANT_IDS), true));
            }
        }
        stage.run();

        assertThat(page.got(Have.class)).hasSize(2 * Limits.MAX_WANTED_CONTENTS);
        assertThat(page.isClosed()).isFalse();
    }

    private static List<ContentId> contents(int first, int count) {
        return IntStream.range(first, first + count)
                .mapToObj(i -> TestContent.of(i, 32).id())
                .toList();
    }

    @Test
    void aContentThatIsNotTheSitesIsUnknownEvenWhenHeld() {
        TestContent foreign = TestContent.of(99, 1000);
        foreign.into(edge.store);

        page.send(new Request(1, foreign.id(), 0, null, null));
        page.send(new LayoutRequest(2, foreign.id()));
        stage.run();

        assertThat(page.got(Reject.class))
                .containsExactly(new Reject(1, RejectReason.UNKNOWN), new Reject(2, RejectReason.UNKNOWN));
    }

    @Test
    void aPieceOrPartPastTheEndIsUnknown() {
        content.into(edge.store);

        ask(1, 21);
        page.send(new Request(2, content.id(), 20, new Part(0, 6), null));
        stage.run();

        assertThat(page.got(Reject.class))
                .containsExactly(new Reject(1, RejectReason.UNKNOWN), new Reject(2, RejectReason.UNKNOWN));
    }

    @Test
    void aPieceNotHeldIsGoneUnlessItsUrlIsTold() {
        ask(1, 0);
        page.send(new Request(2, content.id(), 0, null, TestSite.url("/big")));
        stage.advance(Duration.ofSeconds(2));

        assertThat(page.got(Reject.class)).containsExactly(new Reject(1, RejectReason.GONE));
        assertThat(page.received(2)).isEqualTo(content.piece(0));
        assertThat(edge.origin.fetched()).containsExactly(0);
        assertThat(edge.store.has(content.id(), 0)).isTrue();
    }

    @Test
    void aPieceThatVanishesBeforeItIsReadIsPulledThrough() {
        ManualLoop workers = new ManualLoop();
        TestEdge slow = stage.edgeWithWorkers(8, workers);
        content.into(slow.store);
        RawPeer visitor = stage.pageAt(slow, 9);
        visitor.send(new Request(1, content.id(), 0, null, TestSite.url("/big")));
        visitor.send(new Request(2, content.id(), 1, null, null));
        stage.run();

        slow.store.drop(content.id(), 0);
        slow.store.drop(content.id(), 1);
        for (int i = 0; i < 4; i++) {
            workers.run();
            stage.advance(Duration.ofSeconds(1));
        }

        assertThat(visitor.got(Reject.class)).containsExactly(new Reject(2, RejectReason.GONE));
        assertThat(visitor.blocks).hasSize(8).allMatch(block -> block.requestId() == 1);
    }

    @Test
    void aUrlOfAnotherContentIsUnknown() {
        stage.site.publish("/other", 3, 1000);

        page.send(new Request(1, content.id(), 0, null, TestSite.url("/other")));
        page.send(new Request(2, content.id(), 0, null, TestSite.url("/never-heard-of")));
        stage.run();

        assertThat(page.got(Reject.class))
                .containsExactly(new Reject(1, RejectReason.UNKNOWN), new Reject(2, RejectReason.UNKNOWN));
        assertThat(edge.origin.fetched()).isEmpty();
    }

    @Test
    void pullingThroughDoesNotHoldUpWhatIsHeld() {
        content.into(edge.store);
        TestContent cold = stage.site.publish("/cold", 4, 40 * PIECE);

        for (int piece = 0; piece < 40; piece++) {
            page.send(new Request(piece, cold.id(), piece, null, TestSite.url("/cold")));
        }
        ask(100, 0);

        assertThat(page.received(100)).isEqualTo(content.piece(0));
        assertThat(page.received(0).hasRemaining()).isFalse();
        stage.advance(Duration.ofSeconds(5));
        for (int piece = 0; piece < 40; piece++) {
            assertThat(page.received(piece)).isEqualTo(cold.piece(piece));
        }
    }

    @Test
    void whenTheOriginRefusesTheRequestIsRejected() {
        edge.origin.refuse();

        page.send(new Request(1, content.id(), 0, null, TestSite.url("/big")));
        stage.advance(Duration.ofSeconds(20));

        assertThat(page.got(Reject.class)).containsExactly(new Reject(1, RejectReason.GONE));
    }

    @Test
    void aCancelledRequestIsNotServed() {
        content.into(edge.store);

        page.send(new Request(1, content.id(), 0, null, null));
        page.send(new Cancel(1));
        page.send(new Request(2, content.id(), 1, null, null));
        stage.run();

        assertThat(page.received(1).hasRemaining()).isFalse();
        assertThat(page.received(2)).isEqualTo(content.piece(1));
    }

    @Test
    void anIdInUseIsMalformed() {
        content.into(edge.store);

        page.send(new Request(1, content.id(), 0, null, null));
        page.send(new Request(1, content.id(), 1, null, null));
        stage.run();

        assertThat(page.closeCode()).isEqualTo(PeerCloseCode.MALFORMED.code());
    }

    @Test
    void theLayoutIsToldWithItsLength() {
        content.into(edge.store);

        page.send(new LayoutRequest(5, content.id()));
        stage.run();

        Layout layout = content.layout();
        assertThat(page.got(LayoutAnswer.class)).containsExactly(new LayoutAnswer(5, layout.encode().length));
        assertThat(page.received(5)).isEqualTo(ByteBuffer.wrap(layout.encode()));
    }

    @Test
    void wantIsAnsweredAtOnceAndFollowed() {
        edge.store.write(content.layout(), 4, content.piece(4));

        page.send(new Want(List.of(content.id()), false));
        stage.run();
        assertThat(page.got(Have.class)).containsExactly(have(4));

        edge.store.write(content.layout(), 1, content.piece(1));
        edge.store.write(content.layout(), 2, content.piece(2));
        stage.advance(Interests.GATHERING);
        assertThat(page.got(Have.class)).last().isEqualTo(new Have(content.id(), new Holding.Added(List.of(1, 2))));

        edge.store.drop(content.id(), 4);
        stage.advance(Interests.GATHERING);
        assertThat(page.got(Have.class)).last().isEqualTo(have(1, 2));

        content.into(edge.store);
        stage.advance(Interests.GATHERING);
        assertThat(page.got(Have.class)).last().isEqualTo(new Have(content.id(), new Holding.Complete()));
    }

    @Test
    void whoWantsNoMoreIsToldNoMore() {
        page.send(new Want(List.of(content.id()), false));
        page.send(new Want(List.of(content.id()), true));
        stage.run();
        int told = page.got(Have.class).size();

        content.into(edge.store);
        stage.advance(Interests.GATHERING);

        assertThat(page.got(Have.class)).hasSize(told);
    }

    @Test
    void whatIsHeldOfForeignContentsIsNotTold() {
        TestContent foreign = TestContent.of(99, 1000);
        foreign.into(edge.store);

        page.send(new Want(List.of(foreign.id()), false));
        stage.run();

        Bitfield nothing = Bitfield.of(new BitSet(), 1);
        assertThat(page.got(Have.class)).containsExactly(new Have(foreign.id(), new Holding.Pieces(nothing)));
    }

    @Test
    void wantingTooMuchClosesTheConnection() {
        for (int batch = 0; batch <= Limits.MAX_WANTED_CONTENTS / Limits.MAX_WANT_IDS; batch++) {
            List<ContentId> ids = new ArrayList<>();
            for (int i = 0; i < Limits.MAX_WANT_IDS; i++) {
                ids.add(new ContentId(new Sha256(batch, i, 0, 0)));
            }
            page.send(new Want(ids, false));
        }
        stage.run();

        assertThat(page.closeCode()).isEqualTo(PeerCloseCode.RATE_LIMIT.code());
    }

    @Test
    void pingIsAnswered() {
        page.send(new Ping(77, false));
        stage.run();

        assertThat(page.got(Ping.class)).contains(new Ping(77, true));
    }

    @Test
    void aSilentPeerIsPingedAndThenClosed() {
        stage.advance(Duration.ofSeconds(Limits.PEER_PING_SECONDS + 1));
        assertThat(page.got(Ping.class)).isNotEmpty();
        assertThat(page.isClosed()).isFalse();

        stage.advance(Duration.ofSeconds(Limits.PEER_SILENCE_SECONDS));

        assertThat(page.closeCode()).isEqualTo(PeerCloseCode.IDLE.code());
        assertThat(edge.neighbours.connected()).isZero();
    }

    @Test
    void aPeerThatAnswersPingsStays() {
        page.onMessage(message -> {
            if (message instanceof Ping ping) {
                page.send(new Ping(ping.nonce(), true));
            }
        });

        stage.advance(Duration.ofSeconds(10L * Limits.PEER_SILENCE_SECONDS));

        assertThat(page.isClosed()).isFalse();
    }

    @Test
    void messagesOfUnknownTypesAreIgnored() {
        page.sendText("{\"type\":\"gossip\",\"about\":[1,2]}");
        stage.run();

        assertThat(page.isClosed()).isFalse();
    }

    @Test
    void whoIsChokedIsToldAndRefusedAsBusyUntilItIsUnchoked() {
        content.into(edge.store);
        PeerSession session = edge.neighbours.open(page.id).orElseThrow();
        assertThat(page.got(Choke.class)).isEmpty();

        session.choke(true);
        session.choke(true);
        stage.run();
        ask(1, 3);

        assertThat(page.got(Choke.class)).hasSize(1);
        assertThat(page.got(Reject.class)).containsExactly(new Reject(1, RejectReason.BUSY));
        assertThat(page.blocks).isEmpty();

        session.choke(false);
        stage.run();
        ask(2, 3);

        assertThat(page.got(Unchoke.class)).hasSize(1);
        assertThat(page.received(2)).isEqualTo(content.piece(3));
    }

    @Test
    void whatIsWaitingWhenThePeerIsChokedIsRefused() {
        content.into(edge.store);
        // Nothing is read from the store before the test says so.
        List<Runnable> reading = new ArrayList<>();
        TestEdge slow = stage.edgeWithWorkers(4, reading::add);
        content.into(slow.store);
        RawPeer impatient = stage.pageAt(slow, 5);
        for (int id = 0; id < 8; id++) {
            impatient.send(new Request(id, content.id(), id, null, null));
        }
        stage.run();

        slow.neighbours.open(impatient.id).orElseThrow().choke(true);
        stage.run();
        List.copyOf(reading).forEach(Runnable::run);
        stage.run();

        assertThat(impatient.got(Reject.class)).hasSize(8);
        assertThat(impatient.blocks).isEmpty();
        assertThat(impatient.isClosed()).isFalse();
    }

    @Test
    void aPeerThatChokesIsAskedForNothing() {
        PeerSession session = edge.neighbours.open(page.id).orElseThrow();
        assertThat(session.source().room()).isPositive();

        page.send(new Choke());
        stage.run();

        assertThat(session.source().room()).isZero();
        assertThat(session.source().stalled()).isTrue();

        page.send(new Unchoke());
        stage.run();

        assertThat(session.source().room()).isPositive();
        assertThat(session.source().stalled()).isFalse();
    }

    @Test
    void theEdgeKnowsWhoTakesAndHowMuch() {
        content.into(edge.store);
        PeerSession session = edge.neighbours.open(page.id).orElseThrow();
        assertThat(session.taker()).isEqualTo(new Choking.Taker(page.id, false, 0, 0, 0));

        page.send(new Want(List.of(content.id()), false));
        ask(1, 3);
        assertThat(session.taker()).isEqualTo(new Choking.Taker(page.id, true, 0, 0, PIECE));

        page.send(new Want(List.of(content.id()), true));
        stage.run();
        assertThat(session.taker().wants()).isTrue();
        stage.advance(Duration.ofMillis(Choking.DECIDE_MILLIS));
        assertThat(session.taker().wants()).isFalse();
    }

    @Test
    void whatIsNoMessageClosesTheConnection() {
        long id = 3;
        for (String text : List.of(
                "",
                "[]",
                "{",
                "{\"type\":\"request\"}",
                "{\"type\":\"request\",\"id\":-1,\"content\":\"x\",\"piece\":0}",
                "\u0000",
                "x".repeat(Limits.MAX_CONTROL_MESSAGE_BYTES + 1),
                "{\"type\":\"hello\",\"version\":1,\"agent\":\"again\",\"features\":[],\"outstanding\":1,\"credit\":1}")) {
            RawPeer hostile = stage.pageAt(edge, id++);

            hostile.sendText(text);
            stage.run();

            assertThat(hostile.closeCode()).as(text).isEqualTo(PeerCloseCode.MALFORMED.code());
        }
        assertThat(edge.neighbours.connected()).isEqualTo(1);
    }

    @Test
    void anythingBeforeHelloIsMalformed() {
        RawPeer rude = stage.page(3);
        rude.offerTo(edge.id);
        stage.run();

        rude.send(new Want(List.of(content.id()), false));
        stage.run();

        assertThat(rude.closeCode()).isEqualTo(PeerCloseCode.MALFORMED.code());
    }

    @Test
    void whoNeverSaysHelloIsGivenUp() {
        RawPeer mute = stage.page(3);
        mute.offerTo(edge.id);

        stage.advance(Duration.ofSeconds(Limits.CONNECT_SECONDS + 1));

        assertThat(mute.isClosed()).isTrue();
    }

    @Test
    void aBlockNobodyAskedForClosesTheConnection() {
        page.link().sendBlock(new Block(1, 0, ByteBuffer.allocate(10)));
        stage.run();

        assertThat(page.closeCode()).isEqualTo(PeerCloseCode.UNSOLICITED.code());
    }

    @Test
    void theBlocksOfACancelledRequestAreIgnoredOnce() {
        long request = expired(3);

        page.sendBlocks(request, content.piece(3), 0, PIECE);
        stage.run();
        assertThat(page.closeCode()).isZero();

        page.sendBlocks(request, content.piece(3), 0, Limits.MAX_BLOCK_BYTES);
        stage.run();
        assertThat(page.closeCode()).isEqualTo(PeerCloseCode.UNSOLICITED.code());
    }

    @Test
    void blocksOutsideACancelledRequestCloseTheConnection() {
        long request = expired(3);

        page.link().sendBlock(new Block(request, PIECE, ByteBuffer.allocate(10)));
        stage.run();

        assertThat(page.closeCode()).isEqualTo(PeerCloseCode.UNSOLICITED.code());
    }

    @Test
    void theBlocksOfACancelledRequestDoNotPassForThoseOfAnother() {
        PeerSession session = edge.neighbours.open(page.id).orElseThrow();
        long request = expired(3);
        assertThat(session.source().stalled()).isTrue();
        var unused = session.requestPiece(content.id(), 4, PIECE, NOBODY);
        stage.run();
        long quietSince = session.source().quietSinceNanos();

        stage.advance(Duration.ofSeconds(1));
        page.sendBlocks(request, content.piece(3), 0, Limits.MAX_BLOCK_BYTES);
        stage.run();
        assertThat(session.source().quietSinceNanos()).isEqualTo(quietSince);
        assertThat(session.source().stalled()).as("it delivers, if late").isFalse();

        page.sendBlocks(page.requests().get(1).id(), content.piece(4), 0, Limits.MAX_BLOCK_BYTES);
        stage.run();
        assertThat(session.source().quietSinceNanos()).isGreaterThan(quietSince);
    }

    /** The id of a request that the page let expire. */
    private long expired(int piece) {
        PeerSession session = edge.neighbours.open(page.id).orElseThrow();
        PeerSources.Download download = session.requestPiece(content.id(), piece, PIECE, NOBODY);
        stage.advance(Duration.ofSeconds(1));
        download.expire();
        stage.advance(Duration.ofMillis(1));
        return page.requests().get(0).id();
    }

    @Test
    void whoLeavesMidPieceDisturbsNobody() {
        content.into(edge.store);
        RawPeer other = stage.pageAt(edge, 3);

        ask(1, 0);
        page.link().close();
        other.send(new Request(1, content.id(), 1, null, null));
        stage.run();

        assertThat(other.blocks).hasSize(8);
        assertThat(edge.neighbours.connected()).isEqualTo(1);
    }

    private Have have(int... pieces) {
        BitSet held = new BitSet();
        for (int piece : pieces) {
            held.set(piece);
        }
        return new Have(content.id(), new Holding.Pieces(Bitfield.of(held, content.pieces())));
    }

    private void ask(long id, int piece) {
        page.send(new Request(id, content.id(), piece, null, null));
        stage.run();
    }
}
