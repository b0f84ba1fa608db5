package dev.rivulet.tracker.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rivulet.protocol.settings.ConfigException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.interfaces.ECPrivateKey;
import java.time.Duration;
import java.time.Instant;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcePEMEncryptorBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TlsIdentityTest {
    private static final Instant END = Instant.parse("2026-12-01T00:00:00Z");

    @TempDir
    Path folder;

    private final TestCertificates certificates = new TestCertificates();

    TlsIdentityTest() throws Exception {}

    @Test
    void keysOfAllUsualFormsAreRead() throws Exception {
        KeyPair rsa = TestCertificates.rsa();
        KeyPair ec = TestCertificates.ec();
        String parameters = "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n";

        assertThat(parse(rsa, TestCertificates.pkcs8(rsa)).key()).isEqualTo(rsa.getPrivate());
        assertThat(TestCertificates.traditional(rsa)).startsWith("-----BEGIN RSA PRIVATE KEY-----");
        assertThat(parse(rsa, TestCertificates.traditional(rsa)).key()).isEqualTo(rsa.getPrivate());
        assertThat(secret(parse(ec, TestCertificates.pkcs8(ec)))).isEqualTo(secret(ec));
        assertThat(TestCertificates.traditional(ec)).startsWith("-----BEGIN EC PRIVATE KEY-----");
        assertThat(secret(parse(ec, TestCertificates.traditional(ec)))).isEqualTo(secret(ec));
        assertThat(secret(parse(ec, parameters + TestCertificates.traditional(ec))))
                .isEqualTo(secret(ec));
        assertThat(parse(ec, TestCertificates.pkcs8(ec)).chain()).hasSize(2);
    }

    @Test
    void whatDoesNotBelongTogetherIsRefused() throws Exception {
        KeyPair rsa = TestCertificates.rsa();

        assertThatThrownBy(() -> parse(rsa, TestCertificates.pkcs8(TestCertificates.rsa())))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("tls-key = the-key.pem: does not belong to")
                .hasMessageContaining("the-certificate.pem");
        assertThatThrownBy(() -> parse(rsa, TestCertificates.pkcs8(TestCertificates.ec())))
                .hasMessageContaining("does not belong to");
    }

    @Test
    void whatIsNoCertificateOrKeyIsSaid() throws Exception {
        KeyPair rsa = TestCertificates.rsa();
        String chain = certificates.chain(rsa, END);
        String key = TestCertificates.pkcs8(rsa);

        refused(() -> parse("", key), "tls-certificate = the-certificate.pem: holds no certificate");
        refused(() -> parse(key, key), "tls-certificate = the-certificate.pem: holds no certificate");
        refused(() -> parse(chain, chain), "tls-key = the-key.pem: holds no private key");
        refused(() -> parse(chain.substring(0, chain.length() - 40), key), "tls-certificate = the-certificate.pem: is");
        refused(() -> parse(chain, key.substring(0, 300)), "tls-key = the-key.pem: is damaged");
        refused(() -> parse(chain, key.replace("M", "#")), "tls-key = the-key.pem");
        KeyPair other = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        refused(() -> parse(chain, TestCertificates.pkcs8(other)), "use an RSA or an EC key");
    }

    @Test
    void anEncryptedKeyIsRefusedWithTheRemedy() throws Exception {
        KeyPair rsa = TestCertificates.rsa();
        StringWriter text = new StringWriter();
        try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
            writer.writeObject(
                    rsa.getPrivate(),
                    new JcePEMEncryptorBuilder("AES-256-CBC")
                            .setProvider(new BouncyCastleProvider())
                            .build("secret".toCharArray()));
        }

        refused(() -> parse(certificates.chain(rsa, END), text.toString()), "is encrypted; store it decrypted");
    }

    @Test
    void anEndThatIsNearOrPastIsComplainedOf() throws Exception {
        KeyPair rsa = TestCertificates.rsa();
        TlsIdentity identity = parse(rsa, TestCertificates.pkcs8(rsa));

        assertThat(identity.complaint(END.minus(Duration.ofDays(30)))).isEmpty();
        assertThat(identity.complaint(END.minus(Duration.ofDays(3))))
                .hasValueSatisfying(complaint -> assertThat(complaint).startsWith("expires at 2026-12-01"));
        assertThat(identity.complaint(END.plusSeconds(1)))
                .hasValueSatisfying(complaint -> assertThat(complaint).startsWith("has expired at"));
        assertThat(identity.complaint(END.minus(Duration.ofDays(2000))))
                .hasValueSatisfying(complaint -> assertThat(complaint).startsWith("is not valid before"));
    }

    @Test
    void filesThatCannotBeReadAreNamed() throws Exception {
        PemFiles missing = TestCertificates.in(folder);
        refused(missing::identity, "tls-certificate = " + missing.certificate() + ": does not exist");
        certificates.write(missing, TestCertificates.ec());
        assertThat(missing.identity().chain()).hasSize(2);
        Files.delete(missing.key());
        Files.createDirectory(missing.key());

        refused(missing::identity, "tls-key = " + missing.key() + ": cannot be read");
    }

    private static BigInteger secret(TlsIdentity identity) {
        return ((ECPrivateKey) identity.key()).getS();
    }

    private static BigInteger secret(KeyPair pair) {
        return ((ECPrivateKey) pair.getPrivate()).getS();
    }

    private TlsIdentity parse(KeyPair certified, String key) throws Exception {
        return parse(certificates.chain(certified, END), key);
    }

    private static TlsIdentity parse(String chain, String key) {
        return TlsIdentity.parse(
                new TlsIdentity.Pem("tls-certificate", "the-certificate.pem", chain),
                new TlsIdentity.Pem("tls-key", "the-key.pem", key));
    }

    private static void refused(org.assertj.core.api.ThrowableAssert.ThrowingCallable parsing, String message) {
        assertThatThrownBy(parsing).isInstanceOf(ConfigException.class).hasMessageContaining(message);
    }
}
