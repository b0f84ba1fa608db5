package dev.rivulet.protocol.settings;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class ArgumentsTest {
    private static final String ID = "-h" + "A".repeat(41);
    private static final String SHORT_ID = "-V" + "A".repeat(20);

    @Test
    void idsThatBeginWithAHyphenAreNoOptions() {
        assertThat(Arguments.withIds("run", "--token", ID, "--site", "demo"))
                .containsExactly("run", "--token=" + ID, "--site", "demo");
        assertThat(Arguments.withIds("run", "--key", "-" + ID.substring(1), "--token", "--" + ID.substring(2)))
                .containsExactly("run", "--key=" + ID, "--token=--" + ID.substring(2));
        assertThat(Arguments.withIds("edges", "revoke", ID, "--reason", "lost"))
                .containsExactly("edges", "revoke", "--reason", "lost", "--", ID);
        assertThat(Arguments.withIds("admin", "tokens", "remove", SHORT_ID))
                .containsExactly("admin", "tokens", "remove", "--", SHORT_ID);
    }

    @Test
    void theyAreSeen() {
        assertThat(Arguments.haveHyphenatedIds("run", "--token", ID)).isTrue();
        assertThat(Arguments.haveHyphenatedIds("run", "--token", "--site", "demo", "-h"))
                .isFalse();
    }

    @Test
    void everythingElseStaysAsItIs() {
        String[] others = {
            "run", "-h", "--site", "demo", "-", "A".repeat(43), "--monthly-transfer-limit", "--data=" + "a".repeat(36)
        };
        assertThat(Arguments.withIds(others)).containsExactly(others);
        assertThat(Arguments.withIds("edges", "revoke", "--reason", "lost", "--", ID))
                .containsExactly("edges", "revoke", "--reason", "lost", "--", ID);
        assertThat(Arguments.withIds()).isEmpty();
    }
}
