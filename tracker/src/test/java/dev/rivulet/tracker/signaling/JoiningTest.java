package dev.rivulet.tracker.signaling;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rivulet.protocol.Limits;
import dev.rivulet.protocol.TrackerCloseCode;
import dev.rivulet.protocol.id.PeerId;
import dev.rivulet.protocol.id.SiteId;
import dev.rivulet.protocol.message.ClientMessage.Announce;
import dev.rivulet.protocol.message.ClientMessage.Lookup;
import dev.rivulet.protocol.message.Role;
import dev.rivulet.protocol.message.TrackerMessage.BatchUpdate;
import dev.rivulet.protocol.message.TrackerMessage.HeadUpdate;
import dev.rivulet.protocol.message.TrackerMessage.Peers;
import dev.rivulet.protocol.message.TrackerMessage.Welcome;
import java.util.List;
import org.junit.jupiter.api.Test;

final class JoiningTest {
    private final FakeSite site = new FakeSite();

    @Test
    void aPageIsToldWhatItNeedsToKnow() {
        Welcome welcome = site.page().welcome();

        assertThat(welcome.catalog()).isEqualTo(site.catalog.body());
        assertThat(welcome.policy().include()).hasSize(1);
        assertThat(welcome.ice()).isEmpty();
    }

    @Test
    void batchesOfTheHeadFollowTheWelcome() {
        site.catalog = FakeSite.catalog("head.2.x", "batch.1.x", "batch.2.x");

        Client page = site.page();

        assertThat(page.outlet.sent).hasSize(3).first().isInstanceOf(Welcome.class);
        assertThat(page.outlet.sent(BatchUpdate.class))
                .extracting(BatchUpdate::batch)
                .containsExactly("batch.1.x", "batch.2.x");
    }

    @Test
    void pagesOfOtherOriginsAreForbidden() {
        assertThat(refusal("http://evil.example", FakeSite.DEMO, Role.PAGE, null))
                .isEqualTo(TrackerCloseCode.FORBIDDEN.code());
        assertThat(refusal("http://localhost:8080", FakeSite.DEMO, Role.PAGE, null))
                .isEqualTo(TrackerCloseCode.FORBIDDEN.code());
        assertThat(refusal(null, FakeSite.DEMO, Role.PAGE, null)).isEqualTo(TrackerCloseCode.FORBIDDEN.code());
        assertThat(refusal("null", FakeSite.DEMO, Role.PAGE, null)).isEqualTo(TrackerCloseCode.FORBIDDEN.code());
    }

    @Test
    void edgesNeedATokenOfTheirSiteAndRole() {
        assertThat(refusal(null, FakeSite.DEMO, Role.EDGE, null)).isEqualTo(TrackerCloseCode.UNAUTHORIZED.code());
        assertThat(refusal(null, FakeSite.DEMO, Role.EDGE, "guess")).isEqualTo(TrackerCloseCode.UNAUTHORIZED.code());
        assertThat(refusal(null, FakeSite.DEMO, Role.EDGE, "token-of-a-publisher"))
                .isEqualTo(TrackerCloseCode.UNAUTHORIZED.code());
        assertThat(refusal(null, FakeSite.DEMO, Role.EDGE, "token-of-another"))
                .isEqualTo(TrackerCloseCode.UNAUTHORIZED.code());
        assertThat(refusal(null, FakeSite.DEMO, Role.EDGE, FakeSite.EDGE_TOKEN)).isZero();
        assertThat(refusal(null, new SiteId("open"), Role.EDGE, null)).isZero();
    }

    @Test
    void unknownSitesAreSaidToBe() {
        assertThat(refusal(FakeSite.ORIGIN, new SiteId("nowhere"), Role.PAGE, null))
                .isEqualTo(TrackerCloseCode.UNKNOWN_SITE.code());
    }

    @Test
    void nothingComesBeforeHelloAndHelloComesOnce() {
        Client hasty = site.connect(FakeSite.ORIGIN, "192.0.2.1");
        hasty.say(new Lookup(1, List.of(FakeSite.content(1)), 1, List.of()));
        Client repetitive = site.page();
        repetitive.say(FakeSite.hello(FakeSite.DEMO, Role.PAGE, null, null));

        assertThat(hasty.outlet.closeCode).isEqualTo(TrackerCloseCode.MALFORMED.code());
        assertThat(repetitive.outlet.closeCode).isEqualTo(TrackerCloseCode.MALFORMED.code());
    }

    @Test
    void nonsenseClosesAndUnknownTypesDoNot() {
        Client page = site.page();

        page.sayText("{\"type\":\"from-the-future\",\"x\":1}");
        assertThat(page.outlet.closeCode).isZero();

        page.sayText("{\"type\":\"lookup\"}");
        assertThat(page.outlet.closeCode).isEqualTo(TrackerCloseCode.MALFORMED.code());
    }

    @Test
    void whoSaysNoHelloIsClosedInTime() {
        Client silent = site.connect(FakeSite.ORIGIN, "192.0.2.1");

        site.passSeconds(Limits.HELLO_SECONDS - 1);
        assertThat(silent.outlet.closeCode).isZero();

        site.passSeconds(1);
        assertThat(silent.outlet.closeCode).isEqualTo(TrackerCloseCode.HELLO_TIMEOUT.code());
    }

    @Test
    void everybodyIsPingedAndTheSilentAreCut() {
        Client deaf = site.page();
        Client alive = site.page();

        site.passSeconds(Limits.TRACKER_PING_SECONDS);
        assertThat(deaf.outlet.pings).isEqualTo(1);

        site.signaling.heard(alive.session);
        site.passSeconds(Limits.TRACKER_SILENCE_SECONDS - Limits.TRACKER_PING_SECONDS);
        assertThat(deaf.outlet.cut).isTrue();
        assertThat(alive.outlet.cut).isFalse();
        assertThat(alive.outlet.pings).isEqualTo(2);
    }

    @Test
    void whoDoesNotAnswerACloseIsCut() {
        Client silent = site.connect(FakeSite.ORIGIN, "192.0.2.1");
        site.passSeconds(Limits.HELLO_SECONDS);

        site.signaling.heard(silent.session);
        site.passSeconds(9);
        assertThat(silent.outlet.cut).isFalse();

        site.passSeconds(1);
        assertThat(silent.outlet.cut).isTrue();
    }

    @Test
    void floodingCloses() {
        Client page = site.page();

        for (int i = 0; i < Limits.MAX_MESSAGE_BURST; i++) {
            page.sayText("{\"type\":\"x\"}");
        }

        assertThat(page.outlet.closeCode).isEqualTo(TrackerCloseCode.RATE_LIMIT.code());
    }

    @Test
    void whoComesBackInTimeIsTheSamePeerWithItsHoldings() {
        Client page = site.page();
        page.say(new Announce(List.of(FakeSite.content(1)), List.of(), null, 4));
        PeerId id = page.id();
        page.lose();
        assertThat(holdersOfOne()).isEmpty();

        site.passSeconds(Limits.RESUME_SECONDS - 1);
        Client again = resume(page);

        assertThat(again.id()).isEqualTo(id);
        assertThat(again.welcome().resume()).isNotEqualTo(page.welcome().resume());
        assertThat(holdersOfOne()).containsExactly(id);
    }

    @Test
    void whoComesBackTooLateIsSomebodyElse() {
        Client page = site.page();
        page.say(new Announce(List.of(FakeSite.content(1)), List.of(), null, 4));
        page.lose();

        site.passSeconds(Limits.RESUME_SECONDS);
        Client again = resume(page);

        assertThat(again.id()).isNotEqualTo(page.id());
        assertThat(holdersOfOne()).isEmpty();
    }

    @Test
    void whoLeftOfItsOwnWillIsForgottenAtOnce() {
        Client page = site.page();
        page.leave();

        assertThat(resume(page).id()).isNotEqualTo(page.id());
    }

    @Test
    void aResumptionReplacesTheConnectionThatStillStands() {
        Client page = site.page();
        Client again = resume(page);

        assertThat(again.id()).isEqualTo(page.id());
        assertThat(page.outlet.closeCode).isEqualTo(TrackerCloseCode.REPLACED.code());

        page.lose();
        site.passSeconds(Limits.RESUME_SECONDS);
        again.say(new Announce(List.of(FakeSite.content(1)), List.of(), null, 4));
        assertThat(holdersOfOne()).containsExactly(page.id());
    }

    @Test
    void aResumptionIsGoodOnceAndForTheSameRole() {
        Client page = site.page();
        page.lose();
        Client edge = site.connect(null, "192.0.2.1")
                .say(FakeSite.hello(
                        FakeSite.DEMO,
                        Role.EDGE,
                        FakeSite.EDGE_TOKEN,
                        page.welcome().resume()));
        Client again = resume(page);
        Client third = resume(page);

        assertThat(edge.id()).isNotEqualTo(page.id());
        assertThat(again.id()).isEqualTo(page.id());
        assertThat(third.id()).isNotEqualTo(page.id());
    }

    @Test
    void newsReachesEverybodyOfTheSiteOnly() {
        Client page = site.page();
        Client stranger =
                site.connect(null, "192.0.2.9").say(FakeSite.hello(new SiteId("open"), Role.EDGE, null, null));
        Client lost = site.page();
        lost.lose();

        site.signaling.head(FakeSite.DEMO, FakeSite.catalog("head.3.x"));
        site.signaling.batch(FakeSite.DEMO, "batch.3.x");

        assertThat(page.outlet.only(HeadUpdate.class).catalog().head()).isEqualTo("head.3.x");
        assertThat(page.outlet.only(BatchUpdate.class).batch()).isEqualTo("batch.3.x");
        assertThat(stranger.outlet.sent).hasSize(1);
        assertThat(lost.outlet.sent).hasSize(1);
    }

    private List<PeerId> holdersOfOne() {
        Client asker = site.page();
        asker.say(new Lookup(1, List.of(FakeSite.content(1)), 20, List.of()));
        List<PeerId> holders = asker.outlet.only(Peers.class).peers().stream()
                .filter(candidate -> !candidate.holds().isEmpty())
                .map(candidate -> candidate.id())
                .toList();
        asker.leave();
        return holders;
    }

    private Client resume(Client former) {
        return site.connect(FakeSite.ORIGIN, "192.0.2.1")
                .say(FakeSite.hello(
                        FakeSite.DEMO, Role.PAGE, null, former.welcome().resume()));
    }

    private int refusal(String origin, SiteId to, Role role, String token) {
        Client client = site.connect(origin, "192.0.2.1").say(FakeSite.hello(to, role, token, null));
        assertThat(client.outlet.sent).hasSize(client.outlet.closeCode == 0 ? 1 : 0);
        return client.outlet.closeCode;
    }
}
