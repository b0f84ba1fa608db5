package dev.rivulet.protocol.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.rivulet.protocol.DecodeException;
import dev.rivulet.protocol.fixtures.Samples;
import dev.rivulet.protocol.fixtures.TestKeys;
import java.security.SecureRandom;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class SigningKeyTest {
    @Test
    void generatedKeysDifferAndSurviveTheirJwk() throws DecodeException {
        SigningKey one = SigningKey.generate(new SecureRandom());
        SigningKey other = SigningKey.generate(new SecureRandom());

        assertThat(one.keyId()).isNotEqualTo(other.keyId());
        assertThat(SigningKey.parse(one.privateJwk()).sign(Samples.delegation()))
                .isEqualTo(one.sign(Samples.delegation()));
    }

    @Test
    void halvesThatDoNotBelongTogetherAreRefused() {
        String mixed = TestKeys.ROOT_JWK.replace(
                TestKeys.ROOT.publicKey().text(), TestKeys.TRACKER.publicKey().text());

        assertThatExceptionOfType(DecodeException.class)
                .isThrownBy(() -> SigningKey.parse(mixed))
                .satisfies(e -> assertThat(e.place()).isEqualTo("key.d"));
    }

    @Test
    void keysOfAnotherKindAreRefused() {
        assertThatExceptionOfType(DecodeException.class)
                .isThrownBy(() -> SigningKey.parse(TestKeys.ROOT_JWK.replace("Ed25519", "X25519")));
        assertThatExceptionOfType(DecodeException.class)
                .isThrownBy(() -> SigningKey.parse(TestKeys.ROOT_JWK.replace("OKP", "EC")));
    }

    @Test
    void aKeyInALogDoesNotTellItsPrivateHalf() {
        assertThat(TestKeys.ROOT.toString())
                .contains(TestKeys.ROOT.keyId().text())
                .doesNotContain("nWGxne");
    }

    @Test
    void aBatchThatNoMessageCouldCarryIsNotSigned() {
        Entry large = Samples.entry(Samples.url("/a"), new byte[1]);
        Map<String, String> headers = Map.of("content-security-policy", "x".repeat(2000));
        Entry entry = new Entry(
                large.url(), large.content(), large.size(), large.layout(), headers, large.validators(), 0, true);
        Batch batch =
                new Batch(Samples.SITE, 1, 1, 1, Samples.NOW, Samples.NOW, Collections.nCopies(30, entry), List.of());

        assertThatIllegalArgumentException().isThrownBy(() -> TestKeys.TRACKER.sign(batch));
    }
}
