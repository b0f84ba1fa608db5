package dev.rivulet.edge.peer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rivulet.edge.store.TestContent;
import dev.rivulet.protocol.Limits;
import dev.rivulet.protocol.PeerCloseCode;
import dev.rivulet.protocol.frame.Block;
import dev.rivulet.protocol.id.ContentId;
import dev.rivulet.protocol.id.ResourceUrl;
import dev.rivulet.protocol.message.ClientMessage.BadPiece;
import dev.rivulet.protocol.message.ControlMessage.Cancel;
import dev.rivulet.protocol.message.ControlMessage.LayoutAnswer;
import dev.rivulet.protocol.message.ControlMessage.LayoutRequest;
import dev.rivulet.protocol.message.ControlMessage.Ping;
import dev.rivulet.protocol.message.ControlMessage.Reject;
import dev.rivulet.protocol.message.ControlMessage.RejectReason;
import dev.rivulet.protocol.message.ControlMessage.Request;
import dev.rivulet.protocol.message.ControlMessage.Want;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** An edge that fetches, and peers that serve it, honestly or not. */
final class PiecesFromPeersTest {
    private static final int PIECE = Limits.SMALL_PIECE_BYTES;
    private static final Duration MOMENT = Duration.ofMillis(500);

    private static final ResourceUrl URL = TestSite.url("/big");

    private final Stage stage = new Stage();
    private final TestContent content = stage.site.publish("/big", 1, 40 * PIECE + 5);
    private final TestEdge edge = stage.edge(1);

    @Test
    void aPieceInTheStoreCostsNobodyAnything() {
        content.into(edge.store);

        CompletableFuture<ByteBuffer> piece = edge.pieces.piece(content.id(), 3, URL);
        stage.run();

        assertThat(Stage.now(piece)).isEqualTo(content.piece(3));
        assertThat(stage.tracker.lookups()).isZero();
        assertThat(edge.origin.fetched()).isEmpty();
    }

    @Test
    void aPieceWhoseReadThrowsComesFromElsewhere() {
        Queue<Runnable> work = new ArrayDeque<>();
        TestEdge careless = stage.edgeWithWorkers(9, work::add);
        content.into(careless.store);
        careless.store.failReads(true);

        CompletableFuture<ByteBuffer> piece = careless.pieces.piece(content.id(), 3, URL);
        for (int moment = 0; moment < 20; moment++) {
            stage.advance(MOMENT);
            while (!work.isEmpty()) {
                try {
                    work.remove().run();
                } catch (IllegalStateException asAPoolSwallowsIt) {
                    // and nobody else hears of it
                }
            }
        }

        assertThat(Stage.now(piece)).isEqualTo(content.piece(3));
        assertThat(careless.origin.fetched()).containsExactly(3);
    }

    @Test
    void aPieceFromAPeerThatCannotBeKeptIsGivenAndCanBeFetchedAgain() {
        warmEdge(2);
        edge.store.failWrites(true);

        for (int time = 0; time < 2; time++) {
            CompletableFuture<ByteBuffer> piece = edge.pieces.piece(content.id(), 3, URL);
            stage.advance(MOMENT);
            assertThat(Stage.now(piece)).isEqualTo(content.piece(3));
        }
        assertThat(edge.counts.verified.sum()).isEqualTo(2);
    }

    @Test
    void anEdgeThatHoldsThePieceIsFoundAndAskedBeforeTheOrigin() {
        TestEdge holder = warmEdge(2);

        CompletableFuture<ByteBuffer> piece = edge.pieces.piece(content.id(), 3, URL);
        stage.advance(MOMENT);

        assertThat(Stage.now(piece)).isEqualTo(content.piece(3));
        assertThat(edge.origin.fetched()).isEmpty();
        assertThat(edge.store.read(content.id(), 3)).isEqualTo(content.piece(3));
        assertThat(edge.counts.snapshot().edges()).isEqualTo(PIECE);
        assertThat(edge.counts.snapshot().verified()).isEqualTo(1);
        assertThat(holder.counts.snapshot().uploaded()).isEqualTo(PIECE);
    }

    @Test
    void aWholeResourceComesFromSeveralEdgesAtOnce() {
        TestEdge one = warmEdge(2);
        TestEdge two = warmEdge(3);

        List<CompletableFuture<ByteBuffer>> all = fetchAll();
        stage.advance(MOMENT);

        for (int piece = 0; piece < content.pieces(); piece++) {
            assertThat(Stage.now(all.get(piece))).isEqualTo(content.piece(piece));
        }
        assertThat(edge.origin.fetched()).isEmpty();
        assertThat(one.counts.snapshot().uploaded()).isGreaterThan(10 * PIECE);
        assertThat(two.counts.snapshot().uploaded()).isGreaterThan(10 * PIECE);
        assertThat(edge.counts.snapshot().edges()).isEqualTo(content.layout().size());
    }

    @Test
    void whatFewerNeighboursHoldIsWorthMore() {
        RawPeer one = holdingPage(2);
        RawPeer other = holdingPage(3);
        edge.meet(content.id());
        stage.advance(MOMENT);
        assertThat(edge.spread.uses(content.id())).isEqualTo(1);

        one.link().close();
        stage.advance(MOMENT);
        assertThat(edge.spread.uses(content.id())).isEqualTo(2);

        other.link().close();
        stage.advance(MOMENT);
        assertThat(edge.spread.uses(content.id())).isEqualTo(4);
    }

    @Test
    void whoTheTrackerNamesIsAHolderThoughNoNeighbourAnyMore() {
        TestEdge holder = warmEdge(2);
        edge.meet(content.id());
        stage.advance(MOMENT);

        var unused = holder.neighbours.sayGoodBye();
        stage.advance(MOMENT);

        assertThat(edge.neighbours.connected()).isZero();
        assertThat(edge.spread.uses(content.id())).isEqualTo(2);
    }

    /** A page that is connected and says that it holds what it is asked about. */
    private RawPeer holdingPage(long id) {
        RawPeer page = stage.pageAt(edge, id);
        return page.onMessage(message -> {
            if (message instanceof Want want && !want.stop()) {
                want.contents().forEach(page::sayComplete);
            }
        });
    }

    @Test
    void withoutHoldersTheOriginIsAskedAtOnce() {
        CompletableFuture<ByteBuffer> piece = edge.pieces.piece(content.id(), 3, URL);
        stage.run();

        assertThat(Stage.now(piece)).isEqualTo(content.piece(3));
        assertThat(edge.origin.fetched()).containsExactly(3);
        assertThat(stage.tracker.lookups()).isEqualTo(1);
    }

    @Test
    void withoutATrackerTheOriginIsAskedAtOnce() {
        stage.tracker.die();

        CompletableFuture<ByteBuffer> piece = edge.pieces.piece(content.id(), 3, URL);
        stage.run();

        assertThat(Stage.now(piece)).isEqualTo(content.piece(3));
    }

    @Test
    void manyWhoAskForTheSamePieceShareOneFetch() {
        List<CompletableFuture<ByteBuffer>> asked = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            asked.add(edge.pieces.piece(content.id(), 3, URL));
        }
        stage.run();

        asked.forEach(piece -> {
            ByteBuffer bytes = Stage.now(piece);
            assertThat(bytes).isEqualTo(content.piece(3));
            assertThat(bytes.isReadOnly()).isTrue();
            bytes.position(5);
        });
        assertThat(edge.origin.fetched()).containsExactly(3);
    }

    @Test
    void manyPiecesShareOneSearch() {
        fetchAll();
        stage.run();

        assertThat(stage.tracker.lookups()).isEqualTo(1);
        assertThat(edge.origin.fetched()).hasSize(content.pieces());
    }

    @Test
    void whoCancelsDoesNotStopTheFetchForOthers() {
        CompletableFuture<ByteBuffer> first = edge.pieces.piece(content.id(), 3, URL);
        CompletableFuture<ByteBuffer> second = edge.pieces.piece(content.id(), 3, URL);
        stage.loop.execute(() -> first.cancel(true));
        stage.run();

        assertThat(Stage.now(second)).isEqualTo(content.piece(3));
    }

    @Test
    void aUrlThatIsToldLaterHelps() {
        RawPeer stalling = servingPage(2, 0);
        CompletableFuture<ByteBuffer> without = edge.pieces.piece(content.id(), 3, null);
        stage.advance(MOMENT);
        assertThat(stalling.requests()).hasSize(1);

        CompletableFuture<ByteBuffer> with = edge.pieces.piece(content.id(), 3, URL);
        stage.advance(Duration.ofSeconds(3));

        assertThat(Stage.now(without)).isEqualTo(content.piece(3));
        assertThat(Stage.now(with)).isEqualTo(content.piece(3));
    }

    @Test
    void whatIsNotOfTheSiteIsNotFetched() {
        TestContent foreign = TestContent.of(9, 100);

        CompletableFuture<ByteBuffer> unknown = edge.pieces.piece(foreign.id(), 0, URL);
        CompletableFuture<ByteBuffer> pastTheEnd = edge.pieces.piece(content.id(), content.pieces(), URL);
        stage.run();

        Stage.assertThatFailed(unknown);
        Stage.assertThatFailed(pastTheEnd);
        assertThat(edge.origin.fetched()).isEmpty();
    }

    @Test
    void wrongBytesAreNeverDeliveredAndTheirSenderIsNotMetAgain() {
        RawPeer liar = page(2);
        liar.onMessage(message -> {
            if (message instanceof Want) {
                liar.sayComplete(content.id());
            } else if (message instanceof Request request) {
                liar.sendBlocks(request.id(), ByteBuffer.allocate(PIECE), 0, PIECE);
            }
        });
        TestEdge honest = warmEdge(3);

        List<CompletableFuture<ByteBuffer>> all = fetchAll();
        stage.advance(MOMENT);

        for (int piece = 0; piece < content.pieces(); piece++) {
            assertThat(Stage.now(all.get(piece))).isEqualTo(content.piece(piece));
            assertThat(edge.store.read(content.id(), piece)).isEqualTo(content.piece(piece));
        }
        assertThat(liar.closeCode()).isEqualTo(PeerCloseCode.BAD_PIECE.code());
        assertThat(edge.counts.snapshot().rejected()).isPositive();
        assertThat(honest.counts.snapshot().uploaded()).isPositive();
        List<BadPiece> reported = stage.tracker.reports().stream()
                .flatMap(report -> report.bad().stream())
                .toList();
        assertThat(reported).hasSize(1).allMatch(bad -> bad.peer().equals(liar.id));
        assertThat(edge.origin.fetched()).isEmpty();

        RawPeer again = stage.page(2);
        again.offerTo(edge.id);
        stage.run();
        assertThat(again.isClosed()).isTrue();
        assertThat(again.messages).isEmpty();
    }

    @Test
    void aPeerThatStallsIsLeftForTheOriginInTime() {
        RawPeer stalling = servingPage(2, 3 * 32768);

        CompletableFuture<ByteBuffer> piece = edge.pieces.piece(content.id(), 3, URL);
        stage.advance(MOMENT);
        assertThat(piece).isNotDone();
        stage.advance(Duration.ofSeconds(2));

        assertThat(Stage.now(piece)).isEqualTo(content.piece(3));
        assertThat(edge.origin.fetched()).containsExactly(3);
        assertThat(stalling.got(Cancel.class)).hasSize(1);
        assertThat(stalling.isClosed()).isFalse();
    }

    @Test
    void theLateBlocksOfAStalledPeerAreNoOffence() {
        RawPeer stalling = servingPage(2, 0);
        CompletableFuture<ByteBuffer> piece = edge.pieces.piece(content.id(), 3, URL);
        stage.advance(Duration.ofSeconds(3));
        assertThat(piece).isDone();

        stalling.sendBlocks(stalling.requests().get(0).id(), content.piece(3), 0, PIECE);
        stage.run();

        assertThat(stalling.isClosed()).isFalse();
    }

    @Test
    void aStalledPeerIsNotAskedForTheNextPiece() {
        RawPeer stalling = servingPage(2, 0);
        var unused = edge.pieces.piece(content.id(), 3, URL);
        stage.advance(Duration.ofSeconds(3));

        CompletableFuture<ByteBuffer> next = edge.pieces.piece(content.id(), 4, URL);
        stage.advance(Duration.ofSeconds(2));

        assertThat(Stage.now(next)).isEqualTo(content.piece(4));
        assertThat(stalling.requests()).hasSize(1);
    }

    @Test
    void aPeerThatLeavesMidPieceIsReplacedAtOnce() {
        RawPeer leaving = page(2);
        leaving.onMessage(message -> {
            if (message instanceof Want) {
                leaving.sayComplete(content.id());
            } else if (message instanceof Request request) {
                leaving.sendBlocks(request.id(), content.piece(request.piece()), 0, 4 * 32768);
                leaving.link().close();
            }
        });

        CompletableFuture<ByteBuffer> piece = edge.pieces.piece(content.id(), 3, URL);
        stage.advance(MOMENT);

        assertThat(Stage.now(piece)).isEqualTo(content.piece(3));
        assertThat(edge.origin.fetched()).containsExactly(3);
    }

    @Test
    void aPeerThatRejectsIsReplacedAtOnce() {
        RawPeer busy = page(2);
        busy.onMessage(message -> {
            if (message instanceof Want) {
                busy.sayComplete(content.id());
            } else if (message instanceof Request request) {
                busy.send(new Reject(request.id(), RejectReason.BUSY));
            }
        });

        CompletableFuture<ByteBuffer> piece = edge.pieces.piece(content.id(), 3, URL);
        stage.advance(MOMENT);

        assertThat(Stage.now(piece)).isEqualTo(content.piece(3));
    }

    @Test
    void whenTheOriginRefusesALivingHolderServes() {
        edge.origin.refuse();
        warmEdge(2);

        List<CompletableFuture<ByteBuffer>> all = fetchAll();
        stage.advance(MOMENT);

        for (int piece = 0; piece < content.pieces(); piece++) {
            assertThat(Stage.now(all.get(piece))).isEqualTo(content.piece(piece));
        }
    }

    @Test
    void whenNobodyCanServeTheRequestFails() {
        edge.origin.refuse();

        CompletableFuture<ByteBuffer> piece = edge.pieces.piece(content.id(), 3, URL);
        stage.advance(Duration.ofSeconds(20));

        Stage.assertThatFailed(piece);
        CompletableFuture<ByteBuffer> again = edge.pieces.piece(content.id(), 3, URL);
        stage.advance(Duration.ofSeconds(20));
        Stage.assertThatFailed(again);
    }

    @Test
    void aPieceThatABlockIsSentOfTwiceClosesTheConnection() {
        RawPeer doubling = page(2);
        doubling.onMessage(message -> {
            if (message instanceof Want) {
                doubling.sayComplete(content.id());
            } else if (message instanceof Request request) {
                doubling.sendBlocks(request.id(), content.piece(3), 0, 32768);
                doubling.sendBlocks(request.id(), content.piece(3), 0, 32768);
            }
        });

        CompletableFuture<ByteBuffer> piece = edge.pieces.piece(content.id(), 3, URL);
        stage.advance(MOMENT);

        assertThat(doubling.closeCode()).isEqualTo(PeerCloseCode.UNSOLICITED.code());
        assertThat(Stage.now(piece)).isEqualTo(content.piece(3));
    }

    @Test
    void aBlockPastTheEndOrOfTheWrongLengthClosesTheConnection() {
        List<Block> wrong = List.of(
                new Block(0, PIECE, ByteBuffer.allocate(1)),
                new Block(0, 0, ByteBuffer.allocate(100)),
                new Block(0, 7 * 32768, ByteBuffer.allocate(32767)));
        int id = 2;
        for (Block block : wrong) {
            RawPeer sloppy = page(id++);
            sloppy.onMessage(message -> {
                if (message instanceof Want) {
                    sloppy.sayComplete(content.id());
                } else if (message instanceof Request request) {
                    sloppy.link().sendBlock(new Block(request.id(), block.offset(), block.payload()));
                }
            });
        }

        List<CompletableFuture<ByteBuffer>> all = fetchAll();
        stage.advance(MOMENT);

        assertThat(edge.neighbours.connected()).isZero();
        assertThat(Stage.now(all.get(3))).isEqualTo(content.piece(3));
    }

    @Test
    void theLayoutComesFromPeersWhenTheTrackerHasNone() {
        TestEdge cut = stage.cutOff(5);
        warmEdge(2);

        CompletableFuture<ByteBuffer> piece = cut.pieces.piece(content.id(), 3, null);
        stage.advance(MOMENT);

        assertThat(Stage.now(piece)).isEqualTo(content.piece(3));
        assertThat(cut.store.layout(content.id())).contains(content.layout());
    }

    @Test
    void aWrongLayoutIsNotBelieved() {
        TestEdge cut = stage.cutOff(5);
        RawPeer liar = page(2);
        liar.onMessage(message -> {
            if (message instanceof Want) {
                liar.sayComplete(content.id());
            } else if (message instanceof LayoutRequest request) {
                byte[] other = TestContent.of(3, 40 * PIECE + 5).layout().encode();
                liar.send(new LayoutAnswer(request.id(), other.length));
                liar.sendBlocks(request.id(), ByteBuffer.wrap(other), 0, other.length);
            }
        });

        CompletableFuture<ByteBuffer> piece = cut.pieces.piece(content.id(), 3, null);
        stage.advance(Duration.ofSeconds(20));

        Stage.assertThatFailed(piece);
        assertThat(cut.store.layout(content.id())).isEmpty();
    }

    @Test
    void aLayoutOfAnotherSizeThanTheEntrySaysIsNotWaitedForEither() {
        TestContent longer = TestContent.of(3, 41 * PIECE);
        TestEdge misled = stage.edge(5, id -> CompletableFuture.completedFuture(longer.layout()));
        warmEdge(2);

        CompletableFuture<ByteBuffer> piece = misled.pieces.piece(content.id(), 3, null);
        stage.advance(MOMENT);

        assertThat(Stage.now(piece)).isEqualTo(content.piece(3));
    }

    @Test
    void aTrackerThatDawdlesWithTheLayoutIsOvertakenByAPeer() {
        TestEdge cut = stage.edge(5, id -> new CompletableFuture<>());
        warmEdge(2);

        CompletableFuture<ByteBuffer> piece = cut.pieces.piece(content.id(), 3, null);
        stage.advance(Duration.ofSeconds(2));

        assertThat(Stage.now(piece)).isEqualTo(content.piece(3));
    }

    @Test
    void whoHoldsTheLayoutAndHasNoRoomIsWaitedFor() {
        TestEdge cut = stage.cutOff(5);
        TestContent filling = stage.site.publish("/filling", 4, Downloads.WINDOW * PIECE);
        RawPeer busy = busyHolder(cut, filling);

        CompletableFuture<ByteBuffer> piece = cut.pieces.piece(content.id(), 3, null);
        stage.advance(Duration.ofSeconds(3));
        assertThat(piece).isNotDone();
        assertThat(busy.got(LayoutRequest.class)).isEmpty();
        Request answered = busy.requests().get(0);
        busy.sendBlocks(answered.id(), filling.piece(answered.piece()), 0, PIECE);
        stage.advance(MOMENT);

        assertThat(Stage.now(piece)).isEqualTo(content.piece(3));
    }

    @Test
    void roomForTheLayoutIsNotWaitedForForEver() {
        TestEdge cut = stage.cutOff(5);
        var unused = busyHolder(cut, stage.site.publish("/filling", 4, Downloads.WINDOW * PIECE));

        CompletableFuture<ByteBuffer> piece = cut.pieces.piece(content.id(), 3, null);
        stage.advance(Duration.ofSeconds(6));

        Stage.assertThatFailed(piece);
    }

    /** A page that holds everything, and was asked for as much as it takes, of what it does not send. */
    private RawPeer busyHolder(TestEdge asking, TestContent filling) {
        RawPeer busy = page(2).announce(filling.id());
        busy.onMessage(message -> {
            if (message instanceof Want want) {
                want.contents().forEach(busy::sayComplete);
            } else if (message instanceof LayoutRequest request) {
                byte[] layout = content.layout().encode();
                busy.send(new LayoutAnswer(request.id(), layout.length));
                busy.sendBlocks(request.id(), ByteBuffer.wrap(layout), 0, layout.length);
            } else if (message instanceof Request request && request.content().equals(content.id())) {
                busy.sendBlocks(request.id(), content.piece(request.piece()), 0, PIECE);
            }
        });
        for (int piece = 0; piece < Downloads.WINDOW; piece++) {
            var unused = asking.pieces.piece(filling.id(), piece, null);
        }
        stage.advance(MOMENT);
        assertThat(busy.requests()).hasSize(Downloads.WINDOW);
        return busy;
    }

    @Test
    void aPeerWithLittlePatienceIsNotAskedForMoreThanItTakes() {
        RawPeer small = page(2);
        small.onMessage(message -> {
            if (message instanceof Want) {
                small.sayComplete(content.id());
            }
        });
        stage.loop.run();

        fetchAll();
        stage.advance(MOMENT);

        assertThat(small.requests()).hasSize(Downloads.WINDOW);
    }

    @Test
    void whatIsNotFetchedAnyMoreIsNotFollowedAnyMore() {
        RawPeer page = stage.pageAt(edge, 2);
        page.onMessage(message -> {
            if (message instanceof Ping ping) {
                page.send(new Ping(ping.nonce(), true));
            }
        });
        var unused = edge.pieces.piece(content.id(), 3, URL);
        stage.advance(Duration.ofSeconds(1));
        assertThat(page.got(Want.class)).containsExactly(new Want(List.of(content.id()), false));

        stage.advance(Duration.ofSeconds(70));

        assertThat(page.got(Want.class)).last().isEqualTo(new Want(List.of(content.id()), true));
    }

    @Test
    void manySmallContentsStayWithinWhatPeersAndTrackerTake() {
        RawPeer page = stage.pageAt(edge, 2);
        int contents = Limits.MAX_WANTED_CONTENTS + 100;
        List<CompletableFuture<ByteBuffer>> pieces = new ArrayList<>();
        for (int i = 0; i < contents; i++) {
            TestContent small = stage.site.publish("/small/" + i, 100 + i, 100);
            pieces.add(edge.pieces.piece(small.id(), 0, TestSite.url("/small/" + i)));
        }
        stage.advance(Duration.ofSeconds(5));

        assertThat(pieces).allMatch(CompletableFuture::isDone);
        Set<ContentId> wanted = new HashSet<>();
        for (Want want : page.got(Want.class)) {
            if (want.stop()) {
                wanted.removeAll(want.contents());
            } else {
                wanted.addAll(want.contents());
            }
            assertThat(wanted).hasSizeLessThanOrEqualTo(Limits.MAX_WANTED_CONTENTS);
        }
        assertThat(stage.tracker.lookups()).isLessThan(5 * Limits.MAX_MESSAGES_PER_SECOND / 2);
    }

    private List<CompletableFuture<ByteBuffer>> fetchAll() {
        List<CompletableFuture<ByteBuffer>> all = new ArrayList<>();
        for (int piece = 0; piece < content.pieces(); piece++) {
            all.add(edge.pieces.piece(content.id(), piece, URL));
        }
        return all;
    }

    private TestEdge warmEdge(long id) {
        TestEdge holder = stage.edge(id);
        content.into(holder.store);
        stage.tracker.announce(holder.id, content.id());
        return holder;
    }

    /** A page that lookups find. */
    private RawPeer page(long id) {
        return stage.page(id).announce(content.id());
    }

    /** A page that holds everything and sends only the beginning of every piece. */
    private RawPeer servingPage(long id, int bytes) {
        RawPeer page = page(id);
        page.onMessage(message -> {
            if (message instanceof Want) {
                page.sayComplete(content.id());
            } else if (message instanceof Request request) {
                page.sendBlocks(request.id(), content.piece(request.piece()), 0, bytes);
            }
        });
        return page;
    }
}
