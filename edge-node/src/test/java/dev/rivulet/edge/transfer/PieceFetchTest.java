package dev.rivulet.edge.transfer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rivulet.edge.transfer.PieceFetch.Situation;
import dev.rivulet.protocol.id.PeerId;
import dev.rivulet.protocol.message.Role;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

final class PieceFetchTest {
    private static final int BYTES = 262144;
    private static final PeerSource EDGE = source(1, Role.EDGE);
    private static final PeerSource PAGE = source(2, Role.PAGE);

    private final PieceFetch fetch = new PieceFetch(BYTES, 0);

    @Test
    void aHolderIsAskedBeforeTheOrigin() {
        assertThat(next(List.of(PAGE), false, true)).isEqualTo(new Step.AskPeer(PAGE));
    }

    @Test
    void aHolderIsAskedWithoutWaitingForTheSearch() {
        assertThat(next(List.of(PAGE), true, true)).isEqualTo(new Step.AskPeer(PAGE));
    }

    @Test
    void anEdgeIsAskedBeforeAPage() {
        assertThat(next(List.of(PAGE, EDGE), false, true)).isEqualTo(new Step.AskPeer(EDGE));
    }

    @Test
    void whileSearchingTheOriginWaits() {
        assertThat(next(List.of(), true, true)).isEqualTo(new Step.Wait());
    }

    @Test
    void withoutHoldersTheOriginIsAsked() {
        assertThat(next(List.of(), false, true)).isEqualTo(new Step.AskOrigin());
    }

    @Test
    void holdersWithoutRoomAreWaitedForOnlySoLong() {
        List<PeerSource> busy = List.of(withRoom(EDGE, 0));

        assertThat(next(busy, false, true)).isEqualTo(new Step.Wait());
        assertThat(fetch.next(new Situation(busy, false, false, true, PieceFetch.ROOM_PATIENCE.toNanos())))
                .isEqualTo(new Step.AskOrigin());
    }

    @Test
    void holdersWithoutRoomAreWaitedForWhenThereIsNoOrigin() {
        List<PeerSource> busy = List.of(withRoom(EDGE, 0));

        assertThat(fetch.next(new Situation(busy, false, false, false, PieceFetch.ROOM_PATIENCE.toNanos())))
                .isEqualTo(new Step.Wait());
    }

    @Test
    void aPeerThatFailedIsNotAskedAgainWhileThereAreOthers() {
        fetch.peerFailed(EDGE.peer(), "rejected");

        assertThat(next(List.of(EDGE, PAGE), false, true)).isEqualTo(new Step.AskPeer(PAGE));
        fetch.peerFailed(PAGE.peer(), "rejected");
        assertThat(next(List.of(EDGE, PAGE), false, true)).isEqualTo(new Step.AskOrigin());
    }

    @Test
    void aStalledPeerComesAfterTheOrigin() {
        List<PeerSource> stalled = List.of(stalled(EDGE));

        assertThat(next(stalled, false, true)).isEqualTo(new Step.AskOrigin());
        fetch.originFailed("refused");
        assertThat(next(stalled, false, true)).isEqualTo(new Step.AskPeer(stalled.get(0)));
    }

    @Test
    void whenTheOriginFailsPeersGetASecondChanceThenASearchThenNothing() {
        fetch.peerFailed(EDGE.peer(), "gone");
        assertThat(next(List.of(EDGE), false, true)).isEqualTo(new Step.AskOrigin());

        fetch.originFailed("refused");

        assertThat(next(List.of(EDGE), false, true)).isEqualTo(new Step.AskPeer(EDGE));
        fetch.peerFailed(EDGE.peer(), "gone again");
        assertThat(next(List.of(), false, true)).isEqualTo(new Step.GiveUp("gone again"));
    }

    @Test
    void withNobodyLeftOneLastSearchIsMade() {
        assertThat(next(List.of(), false, false)).isEqualTo(new Step.Search());
        assertThat(next(List.of(), true, false)).isEqualTo(new Step.Wait());
        assertThat(next(List.of(EDGE), true, false)).isEqualTo(new Step.AskPeer(EDGE));
        assertThat(next(List.of(), false, false)).isEqualTo(new Step.GiveUp("nobody holds it"));
    }

    @Test
    void beforeGivingUpThoseThatHaveNotSaidAreWaitedForButNotForLong() {
        fetch.originFailed("refused");
        assertThat(next(List.of(), false, true)).isEqualTo(new Step.Search());
        long last = PieceFetch.UNSAID_PATIENCE.toNanos();

        assertThat(fetch.next(new Situation(List.of(), false, true, true, last - 1)))
                .isEqualTo(new Step.Wait());
        assertThat(fetch.next(new Situation(List.of(PAGE), false, false, true, last - 1)))
                .isEqualTo(new Step.AskPeer(PAGE));
        assertThat(fetch.next(new Situation(List.of(), false, true, true, last)))
                .isEqualTo(new Step.GiveUp("refused"));
    }

    @Test
    void theOriginDoesNotWaitForThoseThatHaveNotSaid() {
        assertThat(fetch.next(new Situation(List.of(), false, true, true, 1))).isEqualTo(new Step.AskOrigin());
    }

    @Test
    void afterTheDeadlineNothingIsTried() {
        assertThat(fetch.next(new Situation(List.of(EDGE), false, false, true, PieceFetch.DEADLINE.toNanos())))
                .isInstanceOf(Step.GiveUp.class);
    }

    @Test
    void aQuietPeerIsOverdueSoonerWhenThereIsSomebodyElse() {
        long soon = PieceFetch.PEER_PATIENCE.toNanos();

        assertThat(fetch.isOverdue(EDGE, 0, new Situation(List.of(EDGE), false, false, true, soon)))
                .isTrue();
        assertThat(fetch.isOverdue(EDGE, 0, new Situation(List.of(EDGE, PAGE), false, false, false, soon)))
                .isTrue();
        assertThat(fetch.isOverdue(EDGE, 0, new Situation(List.of(EDGE), false, false, false, soon)))
                .isFalse();
        assertThat(fetch.isOverdue(
                        EDGE, 0, new Situation(List.of(EDGE), false, false, false, PieceFetch.LAST_PATIENCE.toNanos())))
                .isTrue();
    }

    @Test
    void aPeerThatSendsBlocksOfOtherPiecesIsNotQuiet() {
        long now = PieceFetch.PEER_PATIENCE.toNanos();
        PeerSource busy = new PeerSource(EDGE.peer(), Role.EDGE, 1, 0, 0, false, now - 1);

        assertThat(fetch.isOverdue(busy, 0, new Situation(List.of(busy), false, false, true, now)))
                .isFalse();
    }

    @Test
    void aPeerThatTricklesForeverIsOverdueInTheEnd() {
        long now = PieceFetch.PIECE_PATIENCE.toNanos();
        PeerSource trickling = new PeerSource(EDGE.peer(), Role.EDGE, 1, 0, 0, false, now);

        assertThat(fetch.isOverdue(trickling, 0, new Situation(List.of(trickling), false, false, true, now)))
                .isTrue();
    }

    private Step next(List<PeerSource> holders, boolean searching, boolean originUsable) {
        return fetch.next(new Situation(
                holders, searching, false, originUsable, Duration.ofMillis(1).toNanos()));
    }

    static PeerSource source(long id, Role role) {
        return new PeerSource(new PeerId(id, id), role, 8, 0, 0, false, 0);
    }

    private static PeerSource withRoom(PeerSource source, int room) {
        return new PeerSource(source.peer(), source.role(), room, 0, 0, false, 0);
    }

    private static PeerSource stalled(PeerSource source) {
        return new PeerSource(source.peer(), source.role(), 8, 0, 0, true, 0);
    }
}
