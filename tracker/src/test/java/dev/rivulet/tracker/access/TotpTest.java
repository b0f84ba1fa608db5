package dev.rivulet.tracker.access;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

final class TotpTest {
    private static final byte[] RFC_KEY = "12345678901234567890".getBytes(StandardCharsets.US_ASCII);

    @Test
    void codesAreThoseOfRfc6238() {
        // Appendix B has eight digits; six are the last of them.
        assertThat(Totp.code(RFC_KEY, 59 / 30)).isEqualTo("287082");
        assertThat(Totp.code(RFC_KEY, 1_111_111_109L / 30)).isEqualTo("081804");
        assertThat(Totp.code(RFC_KEY, 20_000_000_000L / 30)).isEqualTo("353130");
    }

    @Test
    void keysAreWrittenAsRfc4648() {
        assertThat(Totp.base32("foobar".getBytes(StandardCharsets.US_ASCII))).isEqualTo("MZXW6YTBOI");
        assertThat(Totp.base32("fooba".getBytes(StandardCharsets.US_ASCII))).isEqualTo("MZXW6YTB");
        assertThat(Totp.uri("ada@x", RFC_KEY))
                .isEqualTo("otpauth://totp/Rivulet:ada%40x?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Rivulet");
    }

    @Property
    void aCodeIsGoodOnceAndOnlyAroundItsTime(
            @ForAll @Size(20) byte[] key,
            @ForAll @LongRange(min = 1_000, max = 1_000_000) long step,
            @ForAll @LongRange(min = -3, max = 3) long late) {
        String code = Totp.code(key, step);
        long now = (step + late) * 30;

        boolean inTime = Math.abs(late) <= Totp.TOLERANCE_STEPS;
        assertThat(Totp.step(key, code, now, 0).isPresent() || !inTime).isTrue();
        if (inTime) {
            long used = Totp.step(key, code, now, 0).getAsLong();
            assertThat(Totp.step(key, Totp.code(key, used), now, used)).isNotEqualTo(Totp.step(key, code, now, 0));
        }
    }

    @Test
    void otherTextIsNoCode() {
        assertThat(Totp.step(RFC_KEY, "287082", 59, 0)).hasValue(1);
        assertThat(Totp.step(RFC_KEY, "287082", 59, 1)).isEmpty();
        assertThat(Totp.step(RFC_KEY, "287083", 59, 0)).isEmpty();
        assertThat(Totp.step(RFC_KEY, "", 59, 0)).isEmpty();
        assertThat(Totp.step(RFC_KEY, "287082", 59 + 90, 0)).isEmpty();
    }
}
