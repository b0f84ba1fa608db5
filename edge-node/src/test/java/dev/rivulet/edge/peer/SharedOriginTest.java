package dev.rivulet.edge.peer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rivulet.edge.store.TestContent;
import dev.rivulet.protocol.Limits;
import dev.rivulet.protocol.id.PeerId;
import dev.rivulet.protocol.id.Rendezvous;
import dev.rivulet.protocol.id.ResourceUrl;
import dev.rivulet.protocol.message.Bitfield;
import dev.rivulet.protocol.message.ControlMessage.Fetching;
import dev.rivulet.protocol.message.ControlMessage.Have;
import dev.rivulet.protocol.message.ControlMessage.Request;
import dev.rivulet.protocol.message.ControlMessage.Want;
import dev.rivulet.protocol.message.Holding;
import dev.rivulet.protocol.message.Role;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Several who want the same, and one origin. */
final class SharedOriginTest {
    private static final int PIECE = Limits.SMALL_PIECE_BYTES;
    private static final ResourceUrl URL = TestSite.url("/big");
    private static final Duration ORIGIN = Duration.ofMillis(400);
    private static final Duration MOMENT = Duration.ofMillis(20);

    private final Stage stage = new Stage();
    private final TestContent content = stage.site.publish("/big", 1, 60 * PIECE + 5);

    @Test
    void edgesThatWantTheSameAtTheSameInstantShareOneCopy() {
        List<TestEdge> edges = connected(4);

        List<List<CompletableFuture<ByteBuffer>>> all =
                edges.stream().map(this::fetchAll).toList();
        stage.advance(Duration.ofSeconds(30));

        all.forEach(this::assertRight);
        assertThat(asked(edges)).isLessThanOrEqualTo(content.pieces() * 12 / 10);
        assertThat(edges).allMatch(edge -> !edge.origin.fetched().isEmpty());
    }

    @Test
    void edgesThatComeWhileAnotherFetchesWaitForWhatItGets() {
        List<TestEdge> edges = connected(3);
        List<List<CompletableFuture<ByteBuffer>>> all = new ArrayList<>();

        for (TestEdge edge : edges) {
            all.add(fetchAll(edge));
            stage.advance(ORIGIN.dividedBy(4));
        }
        stage.advance(Duration.ofSeconds(30));

        all.forEach(this::assertRight);
        assertThat(asked(edges)).isLessThanOrEqualTo(content.pieces() * 12 / 10);
    }

    @Test
    void whatTheOriginRefusesOneTheOthersAskForThemselves() {
        List<TestEdge> edges = connected(3);
        edges.get(0).origin.refuse();

        List<List<CompletableFuture<ByteBuffer>>> all =
                edges.stream().map(this::fetchAll).toList();
        stage.advance(Duration.ofSeconds(30));

        assertRight(all.get(1));
        assertRight(all.get(2));
        assertThat(all.get(0))
                .filteredOn(piece -> !piece.isCompletedExceptionally())
                .hasSizeGreaterThan(20);
    }

    @Test
    void anEdgeThatLeavesWithItsClaimsHoldsNobodyUp() {
        List<TestEdge> edges = connected(3);

        List<List<CompletableFuture<ByteBuffer>>> all =
                edges.stream().map(this::fetchAll).toList();
        stage.advance(ORIGIN.dividedBy(2));
        var unused = edges.get(0).neighbours.sayGoodBye();
        stage.advance(Duration.ofSeconds(10));

        assertRight(all.get(1));
        assertRight(all.get(2));
    }

    @Test
    void anEdgeThatShirksIsWaitedForAMomentOnly() {
        TestEdge edge = edge(1);
        RawPeer idle = wanting(edge, 2, Role.EDGE);
        int theirs = pieceOf(idle.id, edge.id);

        CompletableFuture<ByteBuffer> piece = edge.pieces.piece(content.id(), theirs, URL);
        stage.advance(MOMENT);
        assertThat(edge.origin.fetched()).isEmpty();
        stage.advance(Duration.ofMillis(200));

        assertThat(edge.origin.fetched()).containsExactly(theirs);
        stage.advance(ORIGIN);
        assertThat(Stage.now(piece)).isEqualTo(content.piece(theirs));
    }

    @Test
    void nothingIsTheDutyOfPages() {
        TestEdge edge = edge(1);
        RawPeer page = wanting(edge, 2, Role.PAGE);

        var unused = edge.pieces.piece(content.id(), pieceOf(page.id, edge.id), URL);
        stage.advance(MOMENT);

        assertThat(edge.origin.fetched()).hasSize(1);
    }

    @Test
    void whatAPageIsGettingIsTakenFromIt() {
        TestEdge edge = edge(1);
        RawPeer page = wanting(edge, 2, Role.PAGE, 3);

        CompletableFuture<ByteBuffer> piece = edge.pieces.piece(content.id(), 3, URL);
        stage.advance(Duration.ofSeconds(1));
        assertThat(piece).isNotDone();
        page.send(new Have(content.id(), new Holding.Added(List.of(3))));
        stage.advance(MOMENT);

        assertThat(Stage.now(piece)).isEqualTo(content.piece(3));
        assertThat(edge.origin.fetched()).isEmpty();
    }

    @Test
    void whoAsksForAPieceIsNotWaitedForWhateverItSaysItIsGetting() {
        TestEdge edge = edge(1);
        RawPeer page = wanting(edge, 2, Role.PAGE, 3);

        page.send(new Request(1, content.id(), 3, null, URL));
        stage.advance(MOMENT);

        assertThat(edge.origin.fetched()).containsExactly(3);
    }

    @Test
    void aClaimWithoutNewsIsWaitedForNoLongerThanItIsBelieved() {
        TestEdge edge = edge(1);
        wanting(edge, 2, Role.PAGE, 3);

        CompletableFuture<ByteBuffer> piece = edge.pieces.piece(content.id(), 3, URL);
        stage.advance(Duration.ofMillis(1900));
        assertThat(edge.origin.fetched()).isEmpty();
        stage.advance(Duration.ofMillis(200).plus(ORIGIN));

        assertThat(Stage.now(piece)).isEqualTo(content.piece(3));
    }

    @Test
    void whoWantsItIsToldWhatIsAskedOfTheOriginAndWhatDoesNotCome() {
        TestEdge edge = edge(1);
        RawPeer before = wanting(edge, 2, Role.PAGE);
        RawPeer stranger = stage.pageAt(edge, 3);

        var kept = edge.pieces.piece(content.id(), 3, URL);
        var too = edge.pieces.piece(content.id(), 5, URL);
        stage.advance(NeighbourSources.HAVE_PATIENCE.plus(MOMENT));
        RawPeer after = wanting(edge, 4, Role.PAGE);

        Fetching begun = new Fetching(content.id(), List.of(3, 5), false);
        assertThat(before.got(Fetching.class)).containsExactly(begun);
        assertThat(after.got(Fetching.class)).containsExactly(begun);
        assertThat(stranger.got(Fetching.class)).isEmpty();

        stage.advance(ORIGIN);
        assertThat(kept).isDone();
        assertThat(too).isDone();
        edge.origin.refuse();
        var refused = edge.pieces.piece(content.id(), 7, URL);
        stage.advance(MOMENT);
        stage.advance(ORIGIN);

        assertThat(before.got(Fetching.class))
                .containsExactly(
                        begun,
                        new Fetching(content.id(), List.of(7), false),
                        new Fetching(content.id(), List.of(7), true));
        assertThat(wanting(edge, 5, Role.PAGE).got(Fetching.class)).isEmpty();
        assertThat(refused).isNotDone();
    }

    private TestEdge edge(long id) {
        TestEdge edge = stage.edge(id);
        edge.origin.takes(ORIGIN, stage.loop);
        return edge;
    }

    private List<TestEdge> connected(int count) {
        List<TestEdge> edges =
                LongStream.rangeClosed(1, count).mapToObj(this::edge).toList();
        for (TestEdge edge : edges) {
            edges.stream()
                    .filter(other -> !other.id.equals(edge.id))
                    .forEach(other -> edge.neighbours.connect(other.id, Role.EDGE));
            stage.run();
        }
        return edges;
    }

    /** A peer at an edge that wants the content, holds nothing of it, and says that it is getting these pieces. */
    private RawPeer wanting(TestEdge edge, long id, Role role, Integer... getting) {
        RawPeer peer = stage.peer(id, role);
        peer.offerTo(edge.id);
        peer.onMessage(message -> {
            if (message instanceof Want want && !want.stop()) {
                if (getting.length > 0) {
                    peer.send(new Fetching(content.id(), List.of(getting), false));
                }
                peer.send(new Have(content.id(), new Holding.Pieces(Bitfield.of(new BitSet(), 1))));
            } else if (message instanceof Request request) {
                peer.sendBlocks(request.id(), content.piece(request.piece()), 0, PIECE);
            }
        });
        stage.run();
        peer.hello();
        peer.send(new Want(List.of(content.id()), false));
        stage.run();
        return peer;
    }

    /** A piece that falls to the first of two. */
    private int pieceOf(PeerId first, PeerId other) {
        return IntStream.range(0, content.pieces())
                .filter(piece ->
                        Rendezvous.score(first, content.id(), piece) > Rendezvous.score(other, content.id(), piece))
                .findFirst()
                .orElseThrow();
    }

    private static int asked(List<TestEdge> edges) {
        return edges.stream().mapToInt(edge -> edge.origin.fetched().size()).sum();
    }

    private List<CompletableFuture<ByteBuffer>> fetchAll(TestEdge edge) {
        List<CompletableFuture<ByteBuffer>> all = new ArrayList<>();
        for (int piece = 0; piece < content.pieces(); piece++) {
            all.add(edge.pieces.piece(content.id(), piece, URL));
        }
        return all;
    }

    private void assertRight(List<CompletableFuture<ByteBuffer>> pieces) {
        for (int piece = 0; piece < content.pieces(); piece++) {
            assertThat(Stage.now(pieces.get(piece))).isEqualTo(content.piece(piece));
        }
    }
}
