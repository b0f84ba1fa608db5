package dev.rivulet.tracker.signaling;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rivulet.protocol.Limits;
import dev.rivulet.protocol.id.PeerId;
import dev.rivulet.protocol.id.ResourceUrl;
import dev.rivulet.protocol.message.ClientMessage.Announce;
import dev.rivulet.protocol.message.ClientMessage.Hello;
import dev.rivulet.protocol.message.ClientMessage.Lookup;
import dev.rivulet.protocol.message.HttpCheck;
import dev.rivulet.protocol.message.HttpChecked;
import dev.rivulet.protocol.message.HttpReady;
import dev.rivulet.protocol.message.Role;
import dev.rivulet.protocol.message.TrackerMessage;
import dev.rivulet.protocol.message.TrackerMessage.Peers;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What visitors are told of edges' HTTP gateways. */
final class GatewaysTest {
    private static final ResourceUrl BASE = FakeSite.url("https://edge.example/");
    private static final HttpChecked REFUSED = new HttpChecked(HttpChecked.CONNECT, "the connection is refused");

    private final FakeSite site = new FakeSite();

    @Test
    void anEdgeIsToldOfAtOnceAndItsUrlOnceItWasFoundThere() {
        Client edge = edge(null);
        assertThat(edge.outlet.only(HttpCheck.class)).isNotNull();
        assertThat(told(edge.id())).isEqualTo(new Told(true, null));

        edge.say(new HttpReady());

        assertThat(told(edge.id())).isEqualTo(new Told(true, BASE));
        assertThat(edge.outlet.only(HttpChecked.class)).isEqualTo(HttpChecked.REACHED);
    }

    @Test
    void aUrlThatIsNotFoundIsNeverTold() {
        site.gateways.found = Optional.of(REFUSED);

        Client edge = edge(null).say(new HttpReady());

        assertThat(told(edge.id())).isEqualTo(new Told(true, null));
        assertThat(edge.outlet.only(HttpChecked.class)).isEqualTo(REFUSED);
    }

    @Test
    void aUrlThatIsNotFoundAnyMoreIsWithdrawn() {
        Client edge = edge(null).say(new HttpReady());
        site.gateways.found = Optional.of(REFUSED);

        for (int seconds = 0; seconds < 2 * Limits.HTTP_RECHECK_SECONDS; seconds += 30) {
            site.signaling.heard(edge.session);
            site.passSeconds(30);
        }
        edge.say(new HttpReady());

        assertThat(edge.outlet.sent(HttpCheck.class)).hasSize(2);
        assertThat(told(edge.id())).isEqualTo(new Told(true, null));
    }

    @Test
    void whoComesBackHasToShowItAnew() {
        Client edge = edge(null).say(new HttpReady());
        PeerId id = edge.id();
        edge.lose();

        Client again = edge(edge.welcome().resume());

        assertThat(again.id()).isEqualTo(id);
        assertThat(told(id)).isEqualTo(new Told(true, null));
        again.say(new HttpReady());
        assertThat(told(id)).isEqualTo(new Told(true, BASE));
    }

    @Test
    void aChangeOfTheSiteChangesNothingAboutIt() {
        Client edge = edge(null).say(new HttpReady());

        site.change(FakeSite.DEMO, "web-origins: ['http://*.localhost:8080'], content-origins: ['http://c.example']");

        assertThat(told(edge.id())).isEqualTo(new Told(true, BASE));
    }

    @Test
    void whoClaimsNothingIsAskedNothing() {
        Client plain = site.edge();
        Client page = site.connect(FakeSite.ORIGIN, "192.0.2.1")
                .say(new Hello(FakeSite.DEMO, Role.PAGE, "test", null, null, List.of(), BASE, null));
        plain.say(new HttpReady());
        page.say(new HttpReady());

        assertThat(plain.outlet.sent(HttpCheck.class)).isEmpty();
        assertThat(page.outlet.sent(HttpCheck.class)).isEmpty();
        assertThat(site.gateways.looks).isEmpty();
        assertThat(plain.outlet.closeCode).isZero();
    }

    @Test
    void theAddressOfAnEdgeCountsWhereItIsSurelyItsOwn() throws Exception {
        edge(null).say(new HttpReady());
        site.connect(null, "198.51.100.2", false).say(hello(null)).say(new HttpReady());

        assertThat(site.gateways.looks)
                .extracting(look -> look.claim().from())
                .containsExactly(InetAddress.getByName("198.51.100.1"), null);
    }

    private record Told(boolean edge, @Nullable ResourceUrl http) {}

    private Told told(PeerId edge) {
        Client page = site.page();
        page.say(new Announce(List.of(), List.of(), null, 1));
        page.say(new Lookup(1, List.of(FakeSite.content(1)), 5, List.of()));
        TrackerMessage.Candidate found = page.outlet.only(Peers.class).peers().stream()
                .filter(candidate -> candidate.id().equals(edge))
                .findFirst()
                .orElseThrow();
        page.leave();
        return new Told(found.role() == Role.EDGE, found.http());
    }

    private Client edge(@Nullable String resume) {
        return site.connect(null, "198.51.100.1").say(hello(resume));
    }

    private static Hello hello(@Nullable String resume) {
        return new Hello(
                FakeSite.DEMO,
                Role.EDGE,
                "test",
                FakeSite.EDGE_TOKEN,
                resume,
                List.of(),
                BASE,
                null,
                FakeSite.EDGE_KEY.publicKey());
    }
}
