package dev.rivulet.tracker.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.password4j.Argon2Function;
import com.password4j.types.Argon2;
import dev.rivulet.protocol.InvalidValueException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

final class PasswordsTest {
    private static final String GOOD = "correct horse battery";

    @Test
    void onlyTheSamePasswordMatches() throws Exception {
        Passwords passwords = new Passwords(new SecureRandom());
        String hash = passwords.hash(GOOD);

        assertThat(hash).startsWith("$argon2id$v=19$m=" + Passwords.MEMORY_KIB + ",t=" + Passwords.PASSES + ",p=1$");
        assertThat(passwords.matches(GOOD, hash)).isTrue();
        assertThat(passwords.matches(GOOD + "!", hash)).isFalse();
        assertThat(passwords.matches(GOOD, null)).isFalse();
        assertThat(passwords.hash(GOOD)).isNotEqualTo(hash);
        assertThat(passwords.matches("pässwörter mit ö", passwords.hash("pässwörter mit ö")))
                .isTrue();
    }

    /** A vector of the reference implementation's own tests (test.c, version 0x13, Argon2id, t=2, m=2^16, p=1). */
    @Test
    void theLibraryComputesArgon2id() {
        Argon2Function argon2 =
                Argon2Function.getInstance(65536, 2, 1, 32, Argon2.ID, Argon2Function.ARGON2_VERSION_13);

        byte[] hash = argon2.hash(bytes("password"), bytes("somesalt")).getBytes();

        assertThat(HexFormat.of().formatHex(hash))
                .isEqualTo("09316115d5cf24ed5a15a31a3ba326e5cf32edc24702987c02b6566f61913cf7");
    }

    @Test
    void shortAndHugePasswordsAreRefused() {
        assertThatThrownBy(() -> Passwords.check("password", "x".repeat(Passwords.MIN_CHARS - 1)))
                .isInstanceOf(InvalidValueException.class);
        assertThatThrownBy(() -> Passwords.check("password", "x".repeat(Passwords.MAX_CHARS + 1)))
                .isInstanceOf(InvalidValueException.class);
        Passwords.check("password", "x".repeat(Passwords.MIN_CHARS));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
