package dev.rivulet.tracker.figures;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rivulet.protocol.id.PeerId;
import dev.rivulet.protocol.message.ClientMessage.LinkCounts;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ClaimsTest {
    private static final long MIB = 1 << 20;

    private final Random random = new Random(7);
    private final Claims claims = new Claims();
    private final PeerId edge = PeerId.random(random);
    private final List<PeerId> pages =
            Stream.generate(() -> PeerId.random(random)).limit(6).toList();

    @Test
    void endsThatAgreeAreNotListed() {
        sent(100 * MIB);
        pages.forEach(page -> received(page, 100 * MIB));

        assertThat(claims.disagreeing()).isEmpty();
        assertThat(claims.standing(edge)).isEqualTo(new Claims.Standing(edge, 600 * MIB, 600 * MIB, 6, 0));
    }

    @Test
    void anEdgeThatClaimsMoreThanAnyOfItsReceiversHadIsSuspect() {
        sent(100 * MIB);
        pages.forEach(page -> received(page, 10 * MIB));

        Claims.Standing liar = claims.disagreeing().get(0);
        assertThat(liar).isEqualTo(new Claims.Standing(edge, 600 * MIB, 60 * MIB, 6, 6));
        assertThat(liar.suspect()).isTrue();
        assertThat(pages).noneMatch(page -> claims.standing(page).suspect());
    }

    @Test
    void aFewReceiversThatDenyMakeNobodySuspect() {
        sent(100 * MIB);
        for (int i = 0; i < pages.size(); i++) {
            received(pages.get(i), i < 3 ? 0 : 100 * MIB);
        }

        assertThat(claims.standing(edge).disagreeing()).isEqualTo(3);
        assertThat(claims.standing(edge).suspect()).isFalse();
    }

    @Test
    void aReceiverThatDeniesWhatMostOfItsNeighboursSentIsSuspectItself() {
        PeerId denier = pages.get(0);
        List<PeerId> senders = pages.subList(1, 6);
        for (PeerId sender : senders) {
            claims.said(sender, List.of(new LinkCounts(denier, 0, 50 * MIB)));
        }
        claims.said(
                denier,
                senders.stream().map(sender -> new LinkCounts(sender, 0, 0)).toList());

        assertThat(claims.standing(denier).suspect()).isTrue();
        assertThat(senders).noneMatch(sender -> claims.standing(sender).suspect());
    }

    @Test
    void whoSaysItAgainAndMoreOfItIsNotBelievedForThat() {
        sent(100 * MIB);
        pages.forEach(page -> received(page, 10 * MIB));

        sent(200 * MIB);

        assertThat(claims.standing(edge).suspect()).isTrue();
    }

    @Test
    void aDisagreementEndsWhenTheOtherHasReceivedWhatWasClaimed() {
        sent(100 * MIB);
        pages.forEach(page -> received(page, 10 * MIB));

        pages.forEach(page -> received(page, 100 * MIB));

        assertThat(claims.disagreeing()).isEmpty();
    }

    @Test
    void whatWasUnderWayWhenTheLaterOneSpokeIsNoLie() {
        sent(100 * MIB);
        pages.forEach(page -> received(page, 97 * MIB));

        assertThat(claims.disagreeing()).isEmpty();
    }

    @Test
    void whoSpokeEarlierMayKnowLess() {
        pages.forEach(page -> received(page, 10 * MIB));
        sent(100 * MIB);

        assertThat(claims.disagreeing()).isEmpty();
    }

    @Test
    void aConnectionMadeAnewIsNotComparedWithWhatWasSaidOfTheFormer() {
        sent(100 * MIB);
        pages.forEach(page -> received(page, 100 * MIB));

        pages.forEach(page -> received(page, 1 * MIB));

        assertThat(claims.disagreeing()).isEmpty();
        sent(2 * MIB);
        pages.forEach(page -> received(page, 2 * MIB));
        assertThat(claims.disagreeing()).isEmpty();
    }

    @Test
    void nobodyIsComparedWithItself() {
        claims.said(edge, List.of(new LinkCounts(edge, 0, 100 * MIB)));
        claims.said(edge, List.of(new LinkCounts(edge, 0, 200 * MIB)));

        assertThat(claims.standing(edge).compared()).isZero();
    }

    @Test
    void whoIsGoneIsForgottenButNotWhatItSaidOfWhoStays() {
        sent(100 * MIB);
        pages.forEach(page -> received(page, 0));

        claims.keepOnly(Set.of(edge));

        assertThat(claims.standing(edge).suspect()).isTrue();
        assertThat(claims.neighbours(edge)).isZero();
        assertThat(claims.connected(edge, pages.get(0))).isFalse();
    }

    @Test
    void oneEndSufficesForAConnection() {
        received(pages.get(0), 1);

        assertThat(claims.connected(edge, pages.get(0))).isTrue();
        assertThat(claims.connected(pages.get(0), edge)).isTrue();
        assertThat(claims.connected(edge, pages.get(1))).isFalse();
    }

    @Test
    void noMorePeersAreRememberedThanMayBe() {
        List<PeerId> many = new ArrayList<>();
        for (int i = 0; i <= Claims.MAX_PEERS; i++) {
            PeerId peer = PeerId.random(random);
            many.add(peer);
            claims.said(peer, List.of(new LinkCounts(edge, 1, 1)));
        }

        assertThat(claims.neighbours(many.get(Claims.MAX_PEERS - 1))).isEqualTo(1);
        assertThat(claims.neighbours(many.get(Claims.MAX_PEERS))).isZero();
    }

    private void sent(long each) {
        claims.said(
                edge, pages.stream().map(page -> new LinkCounts(page, 0, each)).toList());
    }

    private void received(PeerId page, long bytes) {
        claims.said(page, List.of(new LinkCounts(edge, bytes, 0)));
    }
}
