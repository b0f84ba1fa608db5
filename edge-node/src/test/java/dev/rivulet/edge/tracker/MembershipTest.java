package dev.rivulet.edge.tracker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rivulet.edge.config.TrackerBase;
import dev.rivulet.protocol.catalog.SigningKey;
import dev.rivulet.protocol.id.SiteId;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MembershipTest {
    private static final TrackerBase HOME = TrackerBase.parse("https://tracker.example");
    private static final SigningKey KEY = SigningKey.generate(new SecureRandom());

    @TempDir
    Path home;

    private Membership of(TrackerBase tracker, String site, @Nullable String token) {
        return Membership.in(
                home.resolve("welcomed"), tracker, new Greeting(new SiteId(site), "agent", token, KEY, null));
    }

    @Test
    void aNewcomerIsNoMemberUntilItIsWelcomed() {
        Membership membership = of(HOME, "demo", "secret");
        assertThat(membership.isMember()).isFalse();

        membership.welcomed();

        assertThat(membership.isMember()).isTrue();
        assertThat(of(HOME, "demo", "secret").isMember()).as("after a restart").isTrue();
    }

    @Test
    void withOtherSettingsItIsANewcomerAgain() {
        of(HOME, "demo", "secret").welcomed();

        assertThat(of(HOME, "demo", "other").isMember()).isFalse();
        assertThat(of(HOME, "demo", null).isMember()).isFalse();
        assertThat(of(HOME, "other", "secret").isMember()).isFalse();
        assertThat(of(TrackerBase.parse("https://other.example"), "demo", "secret")
                        .isMember())
                .isFalse();
    }

    @Test
    void theTokenIsNotWritten() throws Exception {
        of(HOME, "demo", "secret").welcomed();

        assertThat(new String(Files.readAllBytes(home.resolve("welcomed")), StandardCharsets.ISO_8859_1))
                .doesNotContain("secret");
    }

    @Test
    void whatIsDamagedCountsAsNever() throws Exception {
        Files.writeString(home.resolve("welcomed"), "x".repeat(1000));

        assertThat(of(HOME, "demo", "secret").isMember()).isFalse();
    }
}
