package dev.rivulet.tracker.signaling;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rivulet.protocol.TrackerCloseCode;
import dev.rivulet.protocol.catalog.EdgeProof;
import dev.rivulet.protocol.catalog.PublicKey;
import dev.rivulet.protocol.catalog.SigningKey;
import dev.rivulet.protocol.id.SiteId;
import dev.rivulet.protocol.message.ClientMessage.Hello;
import dev.rivulet.protocol.message.ClientMessage.Proof;
import dev.rivulet.protocol.message.Messages;
import dev.rivulet.protocol.message.Role;
import dev.rivulet.protocol.message.TrackerMessage.Challenge;
import dev.rivulet.protocol.message.TrackerMessage.Revoked;
import dev.rivulet.protocol.message.TrackerMessage.Welcome;
import java.security.SecureRandom;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class IdentityTest {
    private static final SigningKey KEY = FakeSite.EDGE_KEY;
    private static final SigningKey STRANGER = SigningKey.generate(new SecureRandom());

    private final FakeSite site = new FakeSite();

    @Test
    void anEdgeJoinsOnceItHasShownItsKey() {
        Client edge = site.edge();

        assertThat(edge.outlet.sent(Welcome.class)).hasSize(1);
        assertThat(site.met).containsExactly(KEY.keyId());
    }

    @Test
    void aTokenWithoutAKeyIsNotEnough() {
        assertThat(greet(null).outlet.closeCode).isEqualTo(TrackerCloseCode.UNAUTHORIZED.code());
    }

    @Test
    void aProofIsOfThatKeyThatChallengeAndThatSite() {
        assertThat(codeAfter(STRANGER, FakeSite.DEMO, null)).isEqualTo(TrackerCloseCode.UNAUTHORIZED.code());
        assertThat(codeAfter(KEY, new SiteId("open"), null)).isEqualTo(TrackerCloseCode.UNAUTHORIZED.code());
        assertThat(codeAfter(KEY, FakeSite.DEMO, EdgeProof.newChallenge(new SecureRandom())))
                .isEqualTo(TrackerCloseCode.UNAUTHORIZED.code());
        assertThat(codeAfter(KEY, FakeSite.DEMO, null)).isZero();
    }

    @Test
    void nothingElseIsHeardBeforeTheProofAndNoProofUnasked() {
        Client edge = greet(KEY.publicKey());
        edge.sayText(Messages.encode(hello(KEY.publicKey())));
        Client page = site.page();
        page.say(new Proof("a.b.c"));

        assertThat(edge.outlet.closeCode).isEqualTo(TrackerCloseCode.MALFORMED.code());
        assertThat(page.outlet.closeCode).isEqualTo(TrackerCloseCode.MALFORMED.code());
    }

    @Test
    void aRevokedEdgeIsClosedItsSiteIsToldAndItDoesNotComeBack() {
        Client page = site.page();
        Client edge = site.edge();
        var id = edge.id();
        site.revoked.add(KEY.keyId());

        site.signaling.revoke(KEY.keyId());
        Client again = site.connect(null, "198.51.100.2")
                .say(FakeSite.hello(
                        FakeSite.DEMO,
                        Role.EDGE,
                        FakeSite.EDGE_TOKEN,
                        edge.welcome().resume()));

        assertThat(edge.outlet.closeCode).isEqualTo(TrackerCloseCode.REVOKED.code());
        assertThat(page.outlet.only(Revoked.class).peer()).isEqualTo(id);
        assertThat(again.outlet.closeCode).isEqualTo(TrackerCloseCode.REVOKED.code());
        assertThat(again.outlet.sent(Welcome.class)).isEmpty();
    }

    private int codeAfter(SigningKey signer, SiteId of, @Nullable String challenge) {
        Client edge = greet(KEY.publicKey());
        String asked = edge.outlet.only(Challenge.class).challenge();
        edge.sayText(Messages.encode(new Proof(signer.sign(new EdgeProof(of, challenge == null ? asked : challenge)))));
        return edge.outlet.closeCode;
    }

    private Client greet(@Nullable PublicKey key) {
        return site.connect(null, "198.51.100.1").sayText(Messages.encode(hello(key)));
    }

    private static Hello hello(@Nullable PublicKey key) {
        return new Hello(FakeSite.DEMO, Role.EDGE, "test", FakeSite.EDGE_TOKEN, null, List.of(), null, null, key);
    }
}
