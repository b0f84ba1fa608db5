package dev.rivulet.tracker.signaling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.rivulet.protocol.Limits;
import dev.rivulet.protocol.id.ContentId;
import dev.rivulet.protocol.id.Group;
import dev.rivulet.protocol.id.PeerId;
import dev.rivulet.protocol.id.SiteId;
import dev.rivulet.protocol.message.ClientMessage.Announce;
import dev.rivulet.protocol.message.ClientMessage.Lookup;
import dev.rivulet.protocol.message.ClientMessage.Missing;
import dev.rivulet.protocol.message.ClientMessage.Report;
import dev.rivulet.protocol.message.ClientMessage.Signal;
import dev.rivulet.protocol.message.Role;
import dev.rivulet.protocol.message.SignalBody;
import dev.rivulet.protocol.message.TrackerMessage;
import dev.rivulet.protocol.message.TrackerMessage.Candidate;
import dev.rivulet.protocol.message.TrackerMessage.ErrorMessage;
import dev.rivulet.protocol.message.TrackerMessage.Peers;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class ConversationTest {
    private static final SiteId SHY = new SiteId("shy");
    private static final SignalBody OFFER = new SignalBody.Offer("v=0");

    private final FakeSite site = new FakeSite();

    @Test
    void lookupAnswersWithHoldersAndEdges() {
        Client holder = site.page();
        holder.say(new Announce(List.of(FakeSite.content(1)), List.of(), null, 4));
        Client edge = site.edge();
        Client asker = site.page();

        asker.say(new Lookup(7, List.of(FakeSite.content(1), FakeSite.content(2)), 5, List.of()));

        assertThat(asker.outlet.only(Peers.class))
                .isEqualTo(new Peers(
                        7L,
                        List.of(
                                new Candidate(holder.id(), Role.PAGE, List.of(FakeSite.content(1)), null),
                                new Candidate(edge.id(), Role.EDGE, List.of(), null)),
                        List.of()));
    }

    @Test
    void lookupLeavesOutWhomTheAskerKnows() {
        Client holder = site.page();
        holder.say(new Announce(List.of(FakeSite.content(1)), List.of(), null, 4));
        Client asker = site.page();

        asker.say(new Lookup(7, List.of(FakeSite.content(1)), 5, List.of(holder.id())));

        assertThat(asker.outlet.only(Peers.class).peers()).isEmpty();
    }

    @Test
    void theTrackerNamesItselfWhenItHoldsWhatIsWanted() {
        site.heldByTracker.add(FakeSite.content(1));
        Client asker = site.page();

        asker.say(new Lookup(7, List.of(FakeSite.content(2), FakeSite.content(1)), 5, List.of()));

        assertThat(site.lookedUp).containsExactly(FakeSite.content(2), FakeSite.content(1));
        assertThat(asker.outlet.only(Peers.class).http()).containsExactly(FakeSite.url("http://tracker.example/"));
    }

    @Test
    void whatPeersHaveGotIsToldToTheIndexer() {
        site.page().say(new Announce(List.of(FakeSite.content(1)), List.of(), null, 4));

        assertThat(site.announced).containsExactly(FakeSite.content(1));
    }

    @Test
    void enteringAGroupBringsAHintAlsoWhereNobodyIs() {
        Client fellow = site.page();
        fellow.say(new Announce(List.of(), List.of(), List.of(new Group("/live")), 4));
        assertThat(fellow.outlet.only(Peers.class)).isEqualTo(new Peers(null, List.of(), List.of()));
        Client newcomer = site.page();

        newcomer.say(new Announce(List.of(), List.of(), List.of(new Group("/live")), 4));
        newcomer.say(new Announce(List.of(), List.of(), List.of(new Group("/live")), 3));

        assertThat(newcomer.outlet.only(Peers.class))
                .isEqualTo(new Peers(null, List.of(new Candidate(fellow.id(), Role.PAGE, List.of(), null)), List.of()));
    }

    @Test
    void holdingTooMuchIsALimit() {
        Client page = site.page();
        List<ContentId> many = IntStream.range(0, Limits.MAX_PAGE_HOLDINGS)
                .mapToObj(FakeSite::content)
                .toList();

        page.say(new Announce(many, List.of(), null, 4));
        assertThat(page.outlet.sent(ErrorMessage.class)).isEmpty();

        page.say(new Announce(List.of(FakeSite.content(9999)), List.of(), null, 4));
        ErrorMessage error = page.outlet.only(ErrorMessage.class);
        assertThat(error.code()).isEqualTo(ErrorMessage.LIMIT);
        assertThat(error.fatal()).isFalse();
        assertThat(page.outlet.closeCode).isZero();
    }

    @Test
    void signalsArePassedOnWithTheirSenderAndRole() {
        Client page = site.page();
        Client edge = site.edge();

        edge.say(new Signal(page.id(), "s1", OFFER));
        page.say(new Signal(edge.id(), "s1", new SignalBody.Candidate("", "0", 0)));

        assertThat(page.outlet.only(TrackerMessage.Signal.class))
                .isEqualTo(new TrackerMessage.Signal(edge.id(), Role.EDGE, "s1", OFFER));
        assertThat(edge.outlet.only(TrackerMessage.Signal.class))
                .isEqualTo(new TrackerMessage.Signal(page.id(), Role.PAGE, "s1", new SignalBody.Candidate("", "0", 0)));
    }

    @Test
    void signalsToNobodyAreAnsweredSo() {
        Client page = site.page();
        Client gone = site.page();
        PeerId never = PeerId.random(new Random(1));
        gone.lose();

        page.say(new Signal(gone.id(), "s1", OFFER));
        page.say(new Signal(never, "s1", OFFER));

        assertThat(page.outlet.sent(ErrorMessage.class))
                .extracting(ErrorMessage::code, ErrorMessage::to)
                .containsExactly(tuple(ErrorMessage.UNKNOWN_PEER, gone.id()), tuple(ErrorMessage.UNKNOWN_PEER, never));
    }

    @Test
    void peersOfAnotherSiteAreNobody() {
        Client page = site.page();
        Client elsewhere = site.connect(FakeSite.ORIGIN, "192.0.2.1").say(FakeSite.hello(SHY, Role.PAGE, null, null));

        page.say(new Signal(elsewhere.id(), "s1", OFFER));

        assertThat(page.outlet.only(ErrorMessage.class).code()).isEqualTo(ErrorMessage.UNKNOWN_PEER);
        assertThat(elsewhere.outlet.sent(TrackerMessage.Signal.class)).isEmpty();
    }

    @Test
    void inEdgesModePagesAreKeptApart() {
        Client one = site.connect(FakeSite.ORIGIN, "192.0.2.1").say(FakeSite.hello(SHY, Role.PAGE, null, null));
        Client other = site.connect(FakeSite.ORIGIN, "192.0.2.1").say(FakeSite.hello(SHY, Role.PAGE, null, null));
        Client edge = site.connect(null, "192.0.2.2").say(FakeSite.hello(SHY, Role.EDGE, null, null));
        other.say(new Announce(List.of(FakeSite.content(1)), List.of(), null, 4));

        one.say(new Lookup(1, List.of(FakeSite.content(1)), 5, List.of()));
        one.say(new Signal(other.id(), "s1", OFFER));
        one.say(new Signal(edge.id(), "s1", OFFER));

        assertThat(one.outlet.only(Peers.class).peers())
                .extracting(Candidate::id)
                .containsExactly(edge.id());
        assertThat(one.outlet.only(ErrorMessage.class).code()).isEqualTo(ErrorMessage.NOT_ALLOWED);
        assertThat(edge.outlet.sent(TrackerMessage.Signal.class)).hasSize(1);
    }

    @Test
    void aVisitorMayKeepToEdgesOfItsOwnWill() {
        Client shy = site.connect(FakeSite.ORIGIN, "192.0.2.1").say(FakeSite.shyHello(FakeSite.DEMO));
        Client bold = site.page();

        bold.say(new Signal(shy.id(), "s1", OFFER));

        assertThat(bold.outlet.only(ErrorMessage.class).code()).isEqualTo(ErrorMessage.NOT_ALLOWED);
        assertThat(shy.outlet.sent(TrackerMessage.Signal.class)).isEmpty();
    }

    @Test
    void onlyUrlsThatTheSiteAdmitsAreHeardOf() {
        Client page = site.page();

        page.say(new Missing(List.of(
                FakeSite.url("http://content.example/media/a.mp4"),
                FakeSite.url("http://content.example/private/a.mp4"),
                FakeSite.url("http://evil.example/media/a.mp4"))));
        page.say(new Report(
                null,
                null,
                List.of(),
                List.of(
                        FakeSite.url("http://content.example/media/b.mp4"),
                        FakeSite.url("http://evil.example/media/b.mp4"))));

        assertThat(site.missing).containsExactly(FakeSite.url("http://content.example/media/a.mp4"));
        assertThat(site.contradicted).containsExactly(FakeSite.url("http://content.example/media/b.mp4"));
    }

    @Test
    void whoWasReplacedIsNotHeardAnyMore() {
        Client page = site.page();
        Client again = site.connect(FakeSite.ORIGIN, "192.0.2.1")
                .say(FakeSite.hello(
                        FakeSite.DEMO, Role.PAGE, null, page.welcome().resume()));
        Client other = site.page();

        page.say(new Signal(other.id(), "s1", OFFER));

        assertThat(again.id()).isEqualTo(page.id());
        assertThat(other.outlet.sent(TrackerMessage.Signal.class)).isEmpty();
    }
}
