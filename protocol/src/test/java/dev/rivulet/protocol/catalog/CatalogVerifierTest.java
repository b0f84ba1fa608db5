package dev.rivulet.protocol.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rivulet.protocol.id.SiteId;
import java.security.SecureRandom;
import java.util.List;
import org.junit.jupiter.api.Test;

final class CatalogVerifierTest {
    private static final long NOW = 1_790_000_000;
    private static final SiteId SITE = new SiteId("demo");

    private final SigningKey root = SigningKey.generate(new SecureRandom());
    private final SigningKey online = SigningKey.generate(new SecureRandom());
    private final String delegation =
            root.sign(new Delegation(SITE, online.publicKey(), Delegation.Role.TRACKER, 1, NOW - 10, NOW + 1000));
    private final CatalogVerifier verifier = new CatalogVerifier(SITE, root.keyId(), null);

    @Test
    void headSignedByADelegatedKeyIsTakenOnce() throws Exception {
        verifier.delegations(root.publicKey(), List.of(delegation));
        String text = online.sign(head(1, 1));

        assertThat(verifier.head(text, NOW)).contains(head(1, 1));
        assertThat(verifier.head(text, NOW)).isEmpty();
        assertThat(verifier.held()).contains(new CatalogVerifier.Held(1, 1, text, 0));
    }

    @Test
    void anotherRootKeyThanThePinnedOneIsRefused() {
        assertThatThrownBy(() -> verifier.delegations(online.publicKey(), List.of(delegation)))
                .isInstanceOfSatisfying(
                        CatalogException.class, e -> assertThat(e.error()).isEqualTo(CatalogError.ROOT_KEY));
    }

    @Test
    void keySurvivesItsJwk() throws Exception {
        assertThat(SigningKey.parse(root.privateJwk()).keyId()).isEqualTo(root.keyId());
    }

    private static Head head(long epoch, long sequence) {
        ShardedCatalog empty = ShardedCatalog.of(List.of());
        return new Head(SITE, epoch, sequence, NOW, NOW + 100, null, empty.depth(), empty.root());
    }
}
