package dev.rivulet.tracker.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rivulet.protocol.Limits;
import dev.rivulet.protocol.catalog.CatalogError;
import dev.rivulet.protocol.catalog.CatalogException;
import dev.rivulet.protocol.catalog.CatalogVerifier;
import dev.rivulet.protocol.catalog.Head;
import dev.rivulet.protocol.catalog.ShardedCatalog;
import dev.rivulet.protocol.id.SiteId;
import dev.rivulet.protocol.settings.ConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class KeyDirectoryTest {
    private static final SiteId SITE = new SiteId("demo");
    private static final long NOW = 1_800_000_000;

    @TempDir
    Path data;

    @Test
    void keysStayTheSameAcrossRestarts() {
        SiteKeys first = directory().site(SITE);
        SiteKeys second = directory().site(SITE);

        assertThat(second.rootKey()).isEqualTo(first.rootKey());
        assertThat(second.sign(head(1))).isEqualTo(first.sign(head(1)));
    }

    @Test
    void sitesHaveKeysOfTheirOwn() {
        assertThat(directory().site(new SiteId("other")).rootKey())
                .isNotEqualTo(directory().site(SITE).rootKey());
    }

    @Test
    void onlyTheOwnerMayReadThem() throws IOException {
        directory().site(SITE);

        for (String name : List.of(KeyDirectory.ROOT_FILE, KeyDirectory.ONLINE_FILE)) {
            Path file = data.resolve("keys/demo").resolve(name);
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                    .isEqualTo("rw-------");
        }
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(data.resolve("keys/demo"))))
                .isEqualTo("rwx------");
        try (var files = Files.list(data.resolve("keys/demo"))) {
            assertThat(files).hasSize(2);
        }
    }

    @Test
    void damagedKeyIsNamedAndNotReplaced() throws IOException {
        directory().site(SITE);
        Path file = data.resolve("keys/demo/root.jwk");
        Files.writeString(file, "{\"kty\":\"OKP\"");

        assertThatThrownBy(() -> directory().site(SITE))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining("backup");
        assertThat(file).hasContent("{\"kty\":\"OKP\"");
    }

    @Test
    void whatTheOnlineKeySignsIsBelievedByWhoPinnedTheRootKey() throws CatalogException {
        SiteKeys keys = directory().site(SITE);
        CatalogVerifier verifier = new CatalogVerifier(SITE, keys.rootKey().keyId(), null);
        verifier.delegations(keys.rootKey(), keys.delegations(1, NOW));

        assertThat(verifier.head(keys.sign(head(1)), NOW)).contains(head(1));
    }

    @Test
    void visitorWhoseClockIsBehindBelievesIt() throws CatalogException {
        SiteKeys keys = directory().site(SITE);
        CatalogVerifier verifier = new CatalogVerifier(SITE, keys.rootKey().keyId(), null);
        verifier.delegations(keys.rootKey(), keys.delegations(1, NOW));

        assertThat(verifier.head(keys.sign(head(1)), NOW - Limits.CLOCK_SKEW_SECONDS))
                .isPresent();
    }

    @Test
    void delegationEndsAndDoesNotCoverLaterEpochs() throws CatalogException {
        SiteKeys keys = directory().site(SITE);
        CatalogVerifier verifier = new CatalogVerifier(SITE, keys.rootKey().keyId(), null);
        verifier.delegations(keys.rootKey(), keys.delegations(1, NOW));

        assertThatThrownBy(() -> verifier.head(keys.sign(head(2)), NOW))
                .isInstanceOfSatisfying(
                        CatalogException.class, e -> assertThat(e.error()).isEqualTo(CatalogError.DELEGATION));
        assertThatThrownBy(() -> verifier.head(keys.sign(head(1)), NOW + SiteKeys.DELEGATION_SECONDS + 1))
                .isInstanceOfSatisfying(
                        CatalogException.class, e -> assertThat(e.error()).isEqualTo(CatalogError.DELEGATION));
    }

    private KeyDirectory directory() {
        return new KeyDirectory(data, new SecureRandom());
    }

    private static Head head(long epoch) {
        return new Head(
                SITE,
                epoch,
                1,
                NOW,
                NOW + SiteKeys.DELEGATION_SECONDS * 2,
                null,
                0,
                ShardedCatalog.of(List.of()).root());
    }
}
