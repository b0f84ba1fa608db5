package dev.rivulet.tracker.site;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rivulet.protocol.catalog.SigningKey;
import dev.rivulet.protocol.id.KeyId;
import dev.rivulet.protocol.id.SiteId;
import dev.rivulet.tracker.config.TokenConfig.Role;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class IssuedTokensTest {
    private static final SiteId DEMO = new SiteId("demo");
    private static final KeyId FIRST = key();
    private static final KeyId SECOND = key();

    private long nowSeconds = 1_000_000;
    private final InstantSource clock = () -> Instant.ofEpochSecond(nowSeconds);
    private final FakeTokens keeper = new FakeTokens();
    private final IssuedTokens tokens = keeper.open(clock);

    @Test
    void theSecretItselfIsNotKept() throws Exception {
        IssuedTokens.Issued issued = issue(Role.EDGE, null);

        assertThat(keeper.kept).hasSize(1);
        assertThat(keeper.kept.get(0).toString()).doesNotContain(issued.secret());
        assertThat(tokens.admitsEdge(issued.secret(), DEMO, FIRST)).isTrue();
        assertThat(tokens.admitsEdge(issued.token().id(), DEMO, FIRST)).isFalse();
        assertThat(tokens.admitsEdge(issued.secret(), new SiteId("other"), FIRST))
                .isFalse();
        assertThat(tokens.mayPublish(issued.secret(), DEMO)).isFalse();
    }

    @Test
    void theFirstEdgeThatShowsItsKeyHasTheTokenForItselfAlsoAfterARestart() throws Exception {
        String secret = issue(Role.EDGE, null).secret();

        assertThat(tokens.bind(secret, DEMO, FIRST)).isTrue();

        for (IssuedTokens each : new IssuedTokens[] {tokens, keeper.open(clock)}) {
            assertThat(each.bind(secret, DEMO, FIRST)).isTrue();
            assertThat(each.bind(secret, DEMO, SECOND)).isFalse();
            assertThat(each.admitsEdge(secret, DEMO, FIRST)).isTrue();
            assertThat(each.admitsEdge(secret, DEMO, SECOND)).isFalse();
            assertThat(each.admitsEdge(secret, DEMO, null)).isFalse();
        }
    }

    @Test
    void aTokenThatNobodyUsedInTimeIsGoodForNobody() throws Exception {
        String used = issue(Role.EDGE, nowSeconds + 60).secret();
        String unused = issue(Role.EDGE, nowSeconds + 60).secret();
        String publisher = issue(Role.PUBLISH, nowSeconds + 60).secret();
        assertThat(tokens.bind(used, DEMO, FIRST)).isTrue();
        assertThat(tokens.mayPublish(publisher, DEMO)).isTrue();

        nowSeconds += 61;

        assertThat(tokens.admitsEdge(used, DEMO, FIRST)).isTrue();
        assertThat(tokens.admitsEdge(unused, DEMO, FIRST)).isFalse();
        assertThat(tokens.bind(unused, DEMO, FIRST)).isFalse();
        assertThat(tokens.mayPublish(publisher, DEMO)).isFalse();
    }

    @Test
    void aTokenThatWasTakenBackIsGoodForNobodyAndListenersAreTold() throws Exception {
        int[] told = {0};
        tokens.onRevoked(() -> told[0]++);
        IssuedTokens.Issued issued = issue(Role.EDGE, null);
        tokens.bind(issued.secret(), DEMO, FIRST);

        assertThat(tokens.revoke(issued.token().id(), Role.PUBLISH)).isFalse();
        assertThat(tokens.revoke(issued.token().id(), Role.EDGE)).isTrue();

        assertThat(told[0]).isEqualTo(1);
        assertThat(tokens.admitsEdge(issued.secret(), DEMO, FIRST)).isFalse();
        assertThat(keeper.kept).isEmpty();
    }

    @Test
    void onlyTheEdgeWhoseTokenItIsMayIndexWithIt() throws Exception {
        IssuedTokens.Issued trusted = issue(Role.EDGE, true, null);
        String plain = issue(Role.EDGE, null).secret();
        assertThat(tokens.mayIndex(trusted.secret(), DEMO, FIRST)).isFalse();
        tokens.bind(trusted.secret(), DEMO, FIRST);
        tokens.bind(plain, DEMO, FIRST);

        assertThat(tokens.mayIndex(trusted.secret(), DEMO, FIRST)).isTrue();
        assertThat(tokens.mayIndex(trusted.secret(), DEMO, SECOND)).isFalse();
        assertThat(tokens.mayIndex(trusted.secret(), new SiteId("other"), FIRST))
                .isFalse();
        assertThat(tokens.mayIndex(plain, DEMO, FIRST)).isFalse();

        tokens.revoke(trusted.token().id(), Role.EDGE);

        assertThat(tokens.mayIndex(trusted.secret(), DEMO, FIRST)).isFalse();
    }

    private IssuedTokens.Issued issue(Role role, @Nullable Long expires) throws Exception {
        return issue(role, false, expires);
    }

    private IssuedTokens.Issued issue(Role role, boolean index, @Nullable Long expires) throws Exception {
        return tokens.issue(new IssuedTokens.Order(role, DEMO, index, "note", expires))
                .orElseThrow();
    }

    private static KeyId key() {
        return SigningKey.generate(new SecureRandom()).keyId();
    }
}
