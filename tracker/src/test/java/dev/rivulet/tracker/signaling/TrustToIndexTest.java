package dev.rivulet.tracker.signaling;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rivulet.protocol.TrackerCloseCode;
import dev.rivulet.protocol.catalog.SigningKey;
import dev.rivulet.protocol.id.SiteId;
import dev.rivulet.protocol.message.ClientMessage.Hello;
import dev.rivulet.protocol.message.Role;
import dev.rivulet.protocol.message.TrackerMessage.Revoked;
import dev.rivulet.tracker.config.TokenConfig;
import dev.rivulet.tracker.indexing.edge.IndexingEdges;
import dev.rivulet.tracker.indexing.edge.Order;
import dev.rivulet.tracker.site.IssuedTokens;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Who may index where anybody may join as an edge, and until when. */
final class TrustToIndexTest {
    private static final SiteId OPEN = new SiteId("open");
    private static final SigningKey OWN = FakeSite.EDGE_KEY;
    private static final SigningKey STRANGER = SigningKey.generate(new SecureRandom());
    private static final String CONFIGURED = "token-of-an-indexer-of-another";

    private final FakeSite site = new FakeSite();
    private final IssuedTokens.Issued issued = issue(true);

    @Test
    void aTokenThatLeaksMakesNobodyElseAnIndexer() throws Exception {
        Client own = join(issued.secret(), OWN);
        Client stranger = join(issued.secret(), STRANGER);
        Client keyless = join(issued.secret(), null);

        assertThat(indexes(own)).isTrue();
        assertThat(indexes(stranger)).isFalse();
        assertThat(indexes(keyless)).isFalse();
        assertThat(isSomebodyAsked()).isTrue();
        own.leave();
        assertThat(isSomebodyAsked()).isFalse();
    }

    @Test
    void whoShowsNoKeyDoesNotIndex() {
        assertThat(indexes(join(issued.secret(), null))).isFalse();
        assertThat(indexes(join(CONFIGURED, null))).isFalse();
        assertThat(indexes(join(CONFIGURED, OWN))).isTrue();
        assertThat(indexes(join(CONFIGURED, STRANGER))).isTrue();
    }

    @Test
    void takingATokenBackClosesItsEdgeWhichIndexesNoMore() throws Exception {
        Client page = site.connect("http://open.example", "192.0.2.1").say(FakeSite.hello(OPEN, Role.PAGE, null, null));
        Client own = join(issued.secret(), OWN);
        assertThat(indexes(own)).isTrue();

        takeBack(issued);
        boolean isAsked = isSomebodyAsked();
        Client again = join(issued.secret(), OWN);

        assertThat(own.outlet.closeCode).isEqualTo(TrackerCloseCode.UNAUTHORIZED.code());
        assertThat(page.outlet.only(Revoked.class).peer()).isEqualTo(own.id());
        assertThat(isAsked).isFalse();
        assertThat(again.outlet.closeCode).isZero();
        assertThat(indexes(again)).isFalse();
        assertThat(isSomebodyAsked()).isFalse();
    }

    @Test
    void takingATokenBackThatTrustsNobodyToIndexClosesItsEdgeToo() throws Exception {
        IssuedTokens.Issued plain = issue(false);
        Client own = join(plain.secret(), OWN);

        takeBack(plain);

        assertThat(own.outlet.closeCode).isEqualTo(TrackerCloseCode.UNAUTHORIZED.code());
    }

    @Test
    void whoCameWithAnothersTokenStaysWhenThatIsTakenBack() throws Exception {
        join(issued.secret(), OWN);
        Client stranger = join(issued.secret(), STRANGER);
        Client keyless = join(issued.secret(), null);

        takeBack(issued);

        assertThat(stranger.outlet.closeCode).isZero();
        assertThat(keyless.outlet.closeCode).isZero();
    }

    @Test
    void anEdgeThatComesBackAfterItsTokenWasTakenIsTheSameAndIndexesNoMore() throws Exception {
        Client own = join(issued.secret(), OWN);
        own.lose();
        takeBack(issued);

        Client again = join(issued.secret(), OWN, own.welcome().resume());

        assertThat(again.id()).isEqualTo(own.id());
        assertThat(indexes(again)).isFalse();
        assertThat(isSomebodyAsked()).isFalse();
    }

    private IssuedTokens.Issued issue(boolean index) {
        try {
            return site.tokens
                    .issue(new IssuedTokens.Order(TokenConfig.Role.EDGE, OPEN, index, "", null))
                    .orElseThrow();
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private void takeBack(IssuedTokens.Issued token) throws IOException {
        assertThat(site.tokens.revoke(token.token().id(), TokenConfig.Role.EDGE))
                .isTrue();
    }

    private Client join(String token, @Nullable SigningKey key) {
        return join(token, key, null);
    }

    private Client join(String token, @Nullable SigningKey key, @Nullable String resume) {
        Hello hello = new Hello(
                OPEN,
                Role.EDGE,
                "test",
                token,
                resume,
                List.of(IndexingEdges.FEATURE),
                null,
                null,
                key == null ? null : key.publicKey());
        return site.connect(null, "198.51.100.1").say(hello, key == null ? OWN : key);
    }

    private boolean indexes(Client edge) {
        return site.signaling.edges(OPEN).stream()
                .filter(each -> each.id().equals(edge.id()))
                .findFirst()
                .orElseThrow()
                .indexes();
    }

    /** Whether an edge is asked to index, which it has no time for: afterwards it is left alone for a while. */
    private boolean isSomebodyAsked() throws InterruptedException {
        Order order = new Order(OPEN, FakeSite.url("http://open.example/a"), 1, 1, 1);
        return site.indexers.ask(order, Set.of()).isPresent();
    }
}
