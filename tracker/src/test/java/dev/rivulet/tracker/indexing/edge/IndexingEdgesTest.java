package dev.rivulet.tracker.indexing.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rivulet.protocol.DecodeException;
import dev.rivulet.protocol.Limits;
import dev.rivulet.protocol.http.HeaderFields;
import dev.rivulet.protocol.id.PeerId;
import dev.rivulet.protocol.id.PieceHash;
import dev.rivulet.protocol.id.ResourceUrl;
import dev.rivulet.protocol.id.Sha256;
import dev.rivulet.protocol.id.SiteId;
import dev.rivulet.protocol.message.IndexHashes;
import dev.rivulet.protocol.message.IndexRequest;
import dev.rivulet.protocol.message.IndexStop;
import dev.rivulet.protocol.message.Indexed;
import dev.rivulet.protocol.message.TrackerMessage;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

final class IndexingEdgesTest {
    private static final SiteId SITE = new SiteId("demo");
    private static final long PATIENCE_MS = 60_000;
    private static final int PIECE = Limits.SMALL_PIECE_BYTES;
    private static final PieceHash HASH = new PieceHash(Sha256.of(new byte[] {1}));

    private long nowMs = 1;
    private final IndexingEdges edges = new IndexingEdges(() -> nowMs, PATIENCE_MS);
    private final Random random = new Random(1);

    /** An edge that answers in the moment it is asked. */
    private final class Edge implements IndexingEdges.Line {
        private final EdgeName name;
        private final List<TrackerMessage> told = new ArrayList<>();
        private Consumer<IndexRequest> behaviour = request -> {};

        Edge(String token) {
            this.name = new EdgeName(PeerId.random(random), token);
        }

        @Override
        public void send(TrackerMessage message) {
            told.add(message);
            if (message instanceof IndexRequest request) {
                behaviour.accept(request);
            }
        }

        void answer(long id, int hashes, long size) {
            edges.heard(name.id(), new IndexHashes(id, Collections.nCopies(hashes, HASH)));
            edges.heard(name.id(), answered(id, size));
        }
    }

    @Test
    void whatAnEdgeReportsIsTheAnswer() throws Exception {
        Edge edge = joined("t");
        edge.behaviour = request -> {
            edges.heard(edge.name.id(), new IndexHashes(request.id(), List.of(HASH)));
            edge.answer(request.id(), 1, PIECE + 1);
        };

        Answer.Reported report = (Answer.Reported) ask().orElseThrow();

        assertThat(report.hashes()).containsExactly(HASH, HASH);
        assertThat(report.edge()).isEqualTo(edge.name);
        assertThat(report.reportsBefore()).isZero();
        assertThat(((Answer.Reported) ask().orElseThrow()).reportsBefore()).isEqualTo(1);
        assertThat(edge.told).hasSize(2).allMatch(IndexRequest.class::isInstance);
    }

    @Test
    void nobodyIsAskedWhereNobodyIsTrusted() throws Exception {
        Edge elsewhere = new Edge("t");
        edges.joined(new SiteId("other"), elsewhere.name, elsewhere);

        assertThat(ask()).isEmpty();
        assertThat(elsewhere.told).isEmpty();
    }

    @Test
    void wrongCountsOfHashesAreNoAnswer() throws Exception {
        assertThat(reasonWhen((edge, id) -> edge.answer(id, 1, PIECE + 1))).contains("1 hashes");
        assertThat(reasonWhen((edge, id) -> edge.answer(id, 3, PIECE + 1))).contains("3 hashes");
        assertThat(reasonWhen((edge, id) -> edges.heard(edge.name.id(), answered(id, 1))))
                .contains("0 hashes");
        assertThat(reasonWhen((edge, id) -> edge.answer(id, 4, 4L * PIECE + 1))).contains("at most");
        assertThat(reasonWhen((edge, id) -> edge.answer(id, 5, 5L * PIECE))).contains("more hashes");
    }

    @Test
    void anEdgeThatSaysItCannotIsBelievedAndLeftAloneForAWhile() throws Exception {
        Edge edge = joined("t");
        edge.behaviour = request -> edges.heard(edge.name.id(), Indexed.failed(request.id(), Indexed.BUSY));

        assertThat(((Answer.None) ask().orElseThrow()).reason()).contains("busy");
        assertThat(ask()).isEmpty();
        nowMs += IndexingEdges.PAUSE_MS;
        assertThat(ask()).isPresent();
        assertThat(edge.told).noneMatch(IndexStop.class::isInstance);
    }

    @Test
    void aSilentEdgeIsGivenUpAndTold() throws Exception {
        Edge edge = joined("t");
        edge.behaviour = request -> nowMs += PATIENCE_MS;

        assertThat(((Answer.None) ask().orElseThrow()).reason()).contains("slow");
        assertThat(edge.told).last().isEqualTo(new IndexStop(0));
    }

    @Test
    void anEdgeThatSaysSomethingIsWaitedForUntilItsTimeIsUp() throws Exception {
        Edge edge = joined("t");
        edge.behaviour = request -> {
            nowMs += PATIENCE_MS - 1;
            edges.heard(edge.name.id(), new IndexHashes(request.id(), List.of(HASH)));
            nowMs += PATIENCE_MS - 1;
            edge.answer(request.id(), 1, PIECE + 1);
        };

        assertThat(ask(120)).containsInstanceOf(Answer.Reported.class);

        edge.behaviour = request -> {
            edges.heard(edge.name.id(), new IndexHashes(request.id(), List.of(HASH)));
            nowMs += 10_000;
        };
        assertThat(ask(10)).containsInstanceOf(Answer.None.class);
    }

    @Test
    void whatComesLateOrUnaskedOrFromAnotherIsIgnored() throws Exception {
        Edge edge = joined("t");
        PeerId stranger = PeerId.random(random);
        edge.behaviour = request -> {
            edges.heard(stranger, new IndexHashes(request.id(), List.of(HASH)));
            edges.heard(stranger, Indexed.failed(request.id(), Indexed.BUSY));
            edges.heard(edge.name.id(), new IndexHashes(request.id() + 1, List.of(HASH)));
            edge.answer(request.id(), 1, 1);
            edge.answer(request.id(), 1, 2);
        };

        Answer.Reported report = (Answer.Reported) ask().orElseThrow();

        assertThat(report.said().body()).isEqualTo(new Indexed.Body(1, true));
        assertThat(report.hashes()).hasSize(1);
    }

    @Test
    void anEdgeThatLeavesOrComesBackHasForgottenWhatItWasAsked() throws Exception {
        Edge edge = joined("t");
        edge.behaviour = request -> edges.left(edge.name.id(), edge);
        assertThat(((Answer.None) ask().orElseThrow()).reason()).contains("left");
        assertThat(ask()).isEmpty();

        Edge other = joined("t");
        other.behaviour = request -> edges.joined(SITE, other.name, other);
        assertThat(((Answer.None) ask().orElseThrow()).reason()).contains("anew");
    }

    @Test
    void theEndOfAnOldLineDoesNotTakeTheNewOneAlong() throws Exception {
        Edge edge = joined("t");
        edge.behaviour = request -> edge.answer(request.id(), 1, 1);

        edges.left(edge.name.id(), message -> {});

        assertThat(ask()).containsInstanceOf(Answer.Reported.class);
    }

    @Test
    void anotherEdgeIsAskedWhenOneWasTried() throws Exception {
        Edge first = joined("t");
        Edge second = joined("t");
        first.behaviour = request -> first.answer(request.id(), 1, 1);
        second.behaviour = request -> second.answer(request.id(), 1, 1);

        Answer answer = edges.ask(order(60), Set.of(first.name.id())).orElseThrow();

        assertThat(answer.edge()).isEqualTo(second.name);
    }

    @Test
    void aTokenThatLostItsTrustHasLostItForAllWhoCome() throws Exception {
        Edge liar = joined("bad");
        edges.distrust("bad");
        assertThat(ask()).isEmpty();

        joined("bad");
        edges.joined(SITE, liar.name, liar);
        assertThat(ask()).isEmpty();

        Edge honest = joined("good");
        honest.behaviour = request -> honest.answer(request.id(), 1, 1);
        assertThat(ask().orElseThrow().edge()).isEqualTo(honest.name);
    }

    private Edge joined(String token) {
        Edge edge = new Edge(token);
        edges.joined(SITE, edge.name, edge);
        return edge;
    }

    /** What an edge does when it is asked. */
    private interface Behaviour {
        void answer(Edge edge, long id);
    }

    private String reasonWhen(Behaviour behaviour) throws Exception {
        Edge edge = joined("t");
        edge.behaviour = request -> behaviour.answer(edge, request.id());
        Answer answer = ask().orElseThrow();
        assertThat(edge.told).last().isInstanceOf(IndexStop.class);
        edges.left(edge.name.id(), edge);
        return ((Answer.None) answer).reason();
    }

    private Optional<Answer> ask() throws Exception {
        return ask(600);
    }

    private Optional<Answer> ask(int seconds) throws Exception {
        return edges.ask(order(seconds), Set.of());
    }

    private static Order order(int seconds) throws DecodeException {
        return new Order(SITE, ResourceUrl.parse("https://example.org/a"), 4L * PIECE, seconds, 1000);
    }

    private static Indexed answered(long id, long size) {
        return Indexed.answered(
                id, new Indexed.Answer(200, HeaderFields.of(Map.of()), 0, 0, new Indexed.Body(size, true)));
    }
}
