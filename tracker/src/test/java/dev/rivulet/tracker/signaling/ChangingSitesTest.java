package dev.rivulet.tracker.signaling;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rivulet.protocol.TrackerCloseCode;
import dev.rivulet.protocol.http.PrivacyMode;
import dev.rivulet.protocol.id.SiteId;
import dev.rivulet.protocol.message.ClientMessage.Announce;
import dev.rivulet.protocol.message.ClientMessage.Lookup;
import dev.rivulet.protocol.message.Role;
import dev.rivulet.protocol.message.TrackerMessage.Peers;
import dev.rivulet.protocol.message.TrackerMessage.PolicyUpdate;
import dev.rivulet.protocol.message.TrackerMessage.Revoked;
import dev.rivulet.protocol.message.TrackerMessage.Welcome;
import dev.rivulet.tracker.config.TokenConfig;
import dev.rivulet.tracker.site.IssuedTokens;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Sites, tokens and bans that change while peers are connected. */
final class ChangingSitesTest {
    private static final String WEB = "web-origins: [\"http://*.localhost:8080\"], ";
    private static final String CONTENT = "content-origins: [\"http://content.example\"]";

    private final FakeSite site = new FakeSite();

    @Test
    void everybodyIsToldAPolicyThatIsNewAndNewcomersAreWelcomedByIt() {
        Client page = site.page();
        Client edge = site.edge();

        site.change(FakeSite.DEMO, WEB + CONTENT + ", mode: edges");

        assertThat(page.outlet.only(PolicyUpdate.class).policy().mode()).isEqualTo(PrivacyMode.EDGES);
        assertThat(edge.outlet.only(PolicyUpdate.class).policy().mode()).isEqualTo(PrivacyMode.EDGES);
        assertThat(site.page().welcome().policy().mode()).isEqualTo(PrivacyMode.EDGES);
        assertThat(page.outlet.closeCode).isZero();
    }

    @Test
    void whatIsNotOfThePolicyIsNotPushed() {
        Client page = site.page();

        site.change(FakeSite.DEMO, WEB + CONTENT + ", include: [\"/media/**\"], index-threshold: 7");

        assertThat(page.outlet.sent(PolicyUpdate.class)).isEmpty();
    }

    @Test
    void pagesAreNotIntroducedToEachOtherOnceTheyMayMeetEdgesOnly() {
        Client holder = site.page();
        Client asker = site.page();
        holder.say(new Announce(List.of(FakeSite.content(1)), List.of(), null, 4));

        site.change(FakeSite.DEMO, WEB + CONTENT + ", mode: edges");
        asker.say(new Lookup(1, List.of(FakeSite.content(1)), 8, List.of()));

        assertThat(asker.outlet.only(Peers.class).peers()).isEmpty();
    }

    @Test
    void pagesOfAnOriginThatIsNotTheSitesAnyMoreAreClosed() {
        Client page = site.page();

        site.change(FakeSite.DEMO, "web-origins: [\"http://elsewhere.example\"], " + CONTENT);

        assertThat(page.outlet.closeCode).isEqualTo(TrackerCloseCode.FORBIDDEN.code());
    }

    @Test
    void edgesWithoutATokenAreClosedOnceTheSiteWantsOne() {
        SiteId open = new SiteId("open");
        Client edge = site.connect(null, "198.51.100.1").say(FakeSite.hello(open, Role.EDGE, null, null));
        Client page = site.connect("http://open.example", "192.0.2.1").say(FakeSite.hello(open, Role.PAGE, null, null));

        site.change(open, "web-origins: [\"http://open.example\"], content-origins: [\"http://open.example\"]");

        assertThat(edge.outlet.closeCode).isEqualTo(TrackerCloseCode.UNAUTHORIZED.code());
        assertThat(page.outlet.only(Revoked.class).peer()).isEqualTo(edge.id());
        assertThat(page.outlet.closeCode).isZero();
    }

    @Test
    void aSiteIsJoinedAsSoonAsItIsThereAndNotAnyMoreWhenItIsRemoved() {
        SiteId added = new SiteId("added");
        Client before = join(added);

        site.change(added, WEB + CONTENT);
        Client page = join(added);
        site.sites.remove(added);

        assertThat(before.outlet.closeCode).isEqualTo(TrackerCloseCode.UNKNOWN_SITE.code());
        assertThat(page.outlet.sent(Welcome.class)).hasSize(1);
        assertThat(page.outlet.closeCode).isEqualTo(TrackerCloseCode.UNKNOWN_SITE.code());
        assertThat(join(added).outlet.closeCode).isEqualTo(TrackerCloseCode.UNKNOWN_SITE.code());
    }

    @Test
    void anIssuedTokenIsForTheFirstEdgeAndTakingItBackEndsThat() throws Exception {
        IssuedTokens.Issued issued = site.tokens
                .issue(new IssuedTokens.Order(TokenConfig.Role.EDGE, FakeSite.DEMO, false, "", null))
                .orElseThrow();
        Client edge =
                site.connect(null, "198.51.100.1").say(FakeSite.hello(FakeSite.DEMO, Role.EDGE, issued.secret(), null));
        assertThat(edge.outlet.sent(Welcome.class)).hasSize(1);
        assertThat(site.tokens.find(issued.token().id()).orElseThrow().edge()).isEqualTo(FakeSite.EDGE_KEY.keyId());

        site.tokens.revoke(issued.token().id(), TokenConfig.Role.EDGE);

        assertThat(edge.outlet.closeCode).isEqualTo(TrackerCloseCode.UNAUTHORIZED.code());
    }

    @Test
    void aBannedEdgeIsClosedItsSiteIsToldAndItMayComeBackOnceTheBanIsLifted() {
        Client page = site.page();
        Client edge = site.edge();
        site.banned.add(FakeSite.EDGE_KEY.keyId());

        site.signaling.ban(FakeSite.EDGE_KEY.keyId());
        Client tooEarly = site.edge();
        site.banned.clear();
        Client again = site.edge();

        assertThat(edge.outlet.closeCode).isEqualTo(TrackerCloseCode.BANNED.code());
        assertThat(page.outlet.only(Revoked.class).peer()).isEqualTo(edge.id());
        assertThat(tooEarly.outlet.closeCode).isEqualTo(TrackerCloseCode.BANNED.code());
        assertThat(tooEarly.outlet.sent(Welcome.class)).isEmpty();
        assertThat(again.outlet.sent(Welcome.class)).hasSize(1);
    }

    @Test
    void aBannedPageIsClosedNotIntroducedAndItsNeighboursAreTold() {
        Client bad = site.page();
        Client good = site.page();
        bad.say(new Announce(List.of(FakeSite.content(1)), List.of(), null, 4));
        Signaling.Whereabouts found = site.signaling.find(bad.id()).orElseThrow();

        site.signaling.ban(found.site(), bad.id());
        good.say(new Lookup(1, List.of(FakeSite.content(1)), 8, List.of()));
        Client again = site.connect(FakeSite.ORIGIN, "192.0.2.1")
                .say(FakeSite.hello(
                        FakeSite.DEMO, Role.PAGE, null, bad.welcome().resume()));

        assertThat(found).isEqualTo(new Signaling.Whereabouts(FakeSite.DEMO, Role.PAGE, null));
        assertThat(bad.outlet.closeCode).isEqualTo(TrackerCloseCode.BANNED.code());
        assertThat(good.outlet.only(Revoked.class).peer()).isEqualTo(bad.id());
        assertThat(good.outlet.only(Peers.class).peers()).isEmpty();
        assertThat(again.id()).isNotEqualTo(bad.id());
        assertThat(site.signaling.find(bad.id())).isEmpty();
    }

    @Test
    void drainingSendsEverybodyAwayEvenly() {
        List<Client> pages = List.of(site.page(), site.page(), site.page(), site.page());

        site.signaling.drain(4);
        site.passSeconds(0);
        long first = gone(pages);
        site.passSeconds(1);
        site.passSeconds(1);
        long almost = gone(pages);
        site.passSeconds(1);

        assertThat(site.signaling.isDraining()).isTrue();
        assertThat(first).isEqualTo(1);
        assertThat(almost).isEqualTo(3);
        assertThat(gone(pages)).isEqualTo(4);
    }

    @Test
    void whoIsStillThereStaysWhenDrainingEnds() {
        List<Client> pages = List.of(site.page(), site.page());

        site.signaling.drain(2);
        site.passSeconds(0);
        site.signaling.endDraining();
        site.passSeconds(1);
        site.passSeconds(1);

        assertThat(site.signaling.isDraining()).isFalse();
        assertThat(gone(pages)).isEqualTo(1);
    }

    private static long gone(List<Client> pages) {
        return pages.stream()
                .filter(page -> page.outlet.closeCode == TrackerCloseCode.GOING_AWAY.code())
                .count();
    }

    private Client join(SiteId id) {
        return site.connect(FakeSite.ORIGIN, "192.0.2.1").say(FakeSite.hello(id, Role.PAGE, null, null));
    }
}
