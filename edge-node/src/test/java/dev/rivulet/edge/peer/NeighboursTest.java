package dev.rivulet.edge.peer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rivulet.edge.store.TestContent;
import dev.rivulet.protocol.Limits;
import dev.rivulet.protocol.PeerCloseCode;
import dev.rivulet.protocol.id.PeerId;
import dev.rivulet.protocol.message.ClientMessage;
import dev.rivulet.protocol.message.ControlMessage.Have;
import dev.rivulet.protocol.message.ControlMessage.Ping;
import dev.rivulet.protocol.message.ControlMessage.Request;
import dev.rivulet.protocol.message.ControlMessage.Want;
import dev.rivulet.protocol.message.Role;
import dev.rivulet.protocol.message.SignalBody;
import dev.rivulet.protocol.message.TrackerMessage;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** Who connects to whom. */
final class NeighboursTest {
    private final Stage stage = new Stage();

    @Test
    void twoThatOfferAtOnceEndUpWithOneConnection() {
        TestEdge smaller = stage.edge(1);
        TestEdge greater = stage.edge(2);

        stage.loop.execute(() -> {
            assertThat(smaller.neighbours.connect(greater.id, Role.EDGE)).isTrue();
            assertThat(greater.neighbours.connect(smaller.id, Role.EDGE)).isTrue();
        });
        stage.run();

        assertThat(smaller.neighbours.open()).hasSize(1);
        assertThat(greater.neighbours.open()).hasSize(1);
        stage.advance(Duration.ofMinutes(5));
        assertThat(smaller.neighbours.open()).hasSize(1);
        assertThat(greater.neighbours.open()).hasSize(1);
    }

    @Test
    void whoeverIsConnectedIsNotConnectedToAgain() {
        TestEdge one = stage.edge(1);
        TestEdge other = stage.edge(2);
        stage.loop.execute(
                () -> assertThat(one.neighbours.connect(other.id, Role.EDGE)).isTrue());
        stage.run();
        PeerSession session = one.neighbours.open().get(0);

        stage.loop.execute(
                () -> assertThat(one.neighbours.connect(other.id, Role.EDGE)).isTrue());
        stage.run();

        assertThat(one.neighbours.open()).containsExactly(session);
    }

    @Test
    void aPeerThatOffersAnewReplacesWhatItLost() {
        TestEdge edge = stage.edge(1);
        RawPeer first = stage.pageAt(edge, 2);

        RawPeer again = stage.pageAt(edge, 2);

        assertThat(first.isClosed()).isTrue();
        assertThat(again.isClosed()).isFalse();
        assertThat(edge.neighbours.open()).hasSize(1);
    }

    @Test
    void aPeerThatOffersAgainAndAgainKeepsWhatItHas() {
        TestEdge edge = stage.edge(1);
        List<RawPeer> answered = new ArrayList<>();
        for (int i = 0; i < OfferBudget.PEER_BURST; i++) {
            answered.add(stage.pageAt(edge, 2));
        }
        PeerSession last = edge.neighbours.open().get(0);

        RawPeer page = stage.page(2);
        page.offerTo(edge.id);
        stage.run();

        assertThat(page.isClosed()).isTrue();
        assertThat(edge.neighbours.open()).containsExactly(last);

        answered.forEach(NeighboursTest::lively);
        stage.advance(OfferBudget.PEER_INTERVAL);
        assertThat(stage.pageAt(edge, 2).isClosed()).isFalse();
        assertThat(edge.neighbours.open()).hasSize(1).doesNotContain(last);
    }

    @Test
    void aCrowdThatComesAtOnceIsTaken() {
        TestEdge edge = stage.edge(1);
        List<RawPeer> crowd = new ArrayList<>();
        for (int i = 0; i < NeighbourLimits.DEFAULT.connections(); i++) {
            crowd.add(stage.pageAt(edge, 2 + i));
        }

        assertThat(crowd).noneMatch(RawPeer::isClosed);
        assertThat(edge.neighbours.open()).hasSameSizeAs(crowd);
    }

    @Test
    void nobodyConnectsToItself() {
        TestEdge edge = stage.edge(1);

        stage.loop.execute(
                () -> assertThat(edge.neighbours.connect(edge.id, Role.EDGE)).isFalse());
        stage.run();

        assertThat(edge.neighbours.connected()).isZero();
    }

    @Test
    void aPeerThatNeverAnswersIsGivenUp() {
        TestEdge edge = stage.edge(1);
        List<ClientMessage.Signal> heard = new ArrayList<>();
        PeerId deaf = TestEdge.peerId(2);
        hear(deaf, heard);

        stage.loop.execute(
                () -> assertThat(edge.neighbours.connect(deaf, Role.PAGE)).isTrue());
        stage.advance(Duration.ofSeconds(Limits.CONNECT_SECONDS - 1));
        assertThat(edge.neighbours.connected()).isEqualTo(1);
        stage.advance(Duration.ofSeconds(2));

        assertThat(edge.neighbours.connected()).isZero();
        assertThat(heard).last().extracting(ClientMessage.Signal::body).isEqualTo(new SignalBody.Close());
    }

    @Test
    void aPeerThatHasLeftIsGivenUpAtOnce() {
        TestEdge edge = stage.edge(1);

        stage.loop.execute(() -> assertThat(edge.neighbours.connect(TestEdge.peerId(9), Role.PAGE))
                .isTrue());
        stage.run();

        assertThat(edge.neighbours.connected()).isZero();
    }

    @Test
    void whoLosesAConnectionTellsThePeerThroughTheTracker() {
        InMemoryLinks links = stage.links();
        TestEdge edge = stage.edgeWithLinks(1, links);
        TestEdge other = stage.edge(2);
        RawPeer page = stage.pageAt(edge, 3);
        stage.loop.execute(
                () -> assertThat(other.neighbours.connect(edge.id, Role.EDGE)).isTrue());
        stage.run();
        assertThat(other.neighbours.open()).hasSize(1);

        links.crash();
        stage.run();

        assertThat(edge.neighbours.connected()).isZero();
        assertThat(other.neighbours.connected()).isZero();
        assertThat(page.isClosed()).isTrue();
    }

    @Test
    void aConnectionEndsOnlyWithASignalOfItsOwnSession() {
        TestEdge edge = stage.edge(1);
        RawPeer page = stage.pageAt(edge, 2);

        edge.neighbours.received(new TrackerMessage.Signal(page.id, Role.PAGE, "another", new SignalBody.Close()));
        stage.run();
        assertThat(edge.neighbours.open()).hasSize(1);

        edge.neighbours.received(new TrackerMessage.Signal(page.id, Role.PAGE, "raw", new SignalBody.Close()));
        stage.run();
        assertThat(edge.neighbours.connected()).isZero();
    }

    @Test
    void signalsOfAnotherSessionAreIgnored() {
        TestEdge edge = stage.edge(1);
        PeerId peer = TestEdge.peerId(2);
        hear(peer, new ArrayList<>());
        stage.loop.execute(
                () -> assertThat(edge.neighbours.connect(peer, Role.PAGE)).isTrue());
        stage.run();

        for (SignalBody body : List.of(
                new SignalBody.Answer("answer 0"),
                new SignalBody.Candidate("candidate", "0", 0),
                new SignalBody.Close())) {
            edge.neighbours.received(new TrackerMessage.Signal(peer, Role.PAGE, "another", body));
            edge.neighbours.received(new TrackerMessage.Signal(TestEdge.peerId(7), Role.PAGE, "stranger", body));
        }
        stage.run();

        assertThat(edge.neighbours.connected()).isEqualTo(1);
    }

    @Test
    void anOfferThatMakesNoSenseLeavesNothingBehind() {
        TestEdge edge = stage.edge(1);

        edge.neighbours.received(
                new TrackerMessage.Signal(TestEdge.peerId(2), Role.PAGE, "session", new SignalBody.Offer("nonsense")));
        stage.run();

        assertThat(edge.neighbours.connected()).isZero();
    }

    @Test
    void whoIsFullTurnsOthersAwayAtOnce() {
        TestEdge edge = stage.edge(1, 2);
        stage.pageAt(edge, 2);
        stage.pageAt(edge, 3);
        assertThat(edge.neighbours.freeSlots()).isZero();

        RawPeer third = stage.page(4);
        third.offerTo(edge.id);
        stage.run();

        assertThat(third.isClosed()).isTrue();
        assertThat(edge.neighbours.connected()).isEqualTo(2);
    }

    @Test
    void anIdleNeighbourMakesRoom() {
        TestEdge edge = stage.edge(1, 2);
        RawPeer idle = lively(stage.pageAt(edge, 2));
        RawPeer busy = lively(stage.pageAt(edge, 3));
        TestContent content = stage.site.publish("/a", 1, 1000);
        content.into(edge.store);
        stage.advance(Neighbours.DISPENSABLE);
        busy.send(new Request(1, content.id(), 0, null, null));
        stage.run();

        RawPeer third = stage.pageAt(edge, 4);

        assertThat(idle.closeCode()).isEqualTo(PeerCloseCode.NORMAL.code());
        assertThat(busy.isClosed()).isFalse();
        assertThat(third.isClosed()).isFalse();
    }

    @Test
    void anEdgeWithoutWebRtcTurnsEverybodyAwayAtOnce() {
        TestEdge edge = stage.edge(1, 0);

        RawPeer page = stage.page(2);
        page.offerTo(edge.id);
        stage.run();

        assertThat(page.isClosed()).isTrue();
        assertThat(edge.neighbours.freeSlots()).isZero();
    }

    @Test
    void thoseWhoConnectLaterAreAskedWhatTheyHold() {
        TestEdge edge = stage.edge(1);
        TestContent content = stage.site.publish("/a", 1, 1000);
        CompletableFuture<ByteBuffer> piece = edge.pieces.piece(content.id(), 0, TestSite.url("/a"));
        stage.run();
        assertThat(piece).isDone();

        RawPeer page = stage.pageAt(edge, 2);

        assertThat(page.got(Want.class)).containsExactly(new Want(List.of(content.id()), false));
    }

    @Test
    void edgesTellEachOtherOfWhatTheyGain() {
        TestEdge one = stage.edge(1);
        TestContent content = stage.site.publish("/a", 1, 1000);
        RawPeer page = stage.pageAt(one, 2);
        page.send(new Want(List.of(content.id()), false));
        stage.run();

        content.into(one.store);
        stage.advance(Interests.GATHERING);

        assertThat(page.got(Have.class)).hasSize(2);
    }

    @Test
    void stoppingSaysGoodBye() {
        TestEdge edge = stage.edge(1);
        RawPeer page = stage.pageAt(edge, 2);

        CompletableFuture<Void> said = edge.neighbours.sayGoodBye();
        stage.run();

        assertThat(said).isDone();

        assertThat(page.closeCode()).isEqualTo(PeerCloseCode.NORMAL.code());
        RawPeer late = stage.page(3);
        late.offerTo(edge.id);
        stage.run();
        assertThat(late.isClosed()).isTrue();
    }

    /** A client of the tracker that only listens. */
    private void hear(PeerId peer, List<ClientMessage.Signal> heard) {
        Predicate<ClientMessage> unused = stage.tracker.join(peer, Role.PAGE, message -> {
            if (message instanceof TrackerMessage.Signal signal) {
                heard.add(new ClientMessage.Signal(peer, signal.session(), signal.body()));
            }
        });
    }

    private static RawPeer lively(RawPeer page) {
        return page.onMessage(message -> {
            if (message instanceof Ping ping && !ping.reply()) {
                page.send(new Ping(ping.nonce(), true));
            }
        });
    }
}
