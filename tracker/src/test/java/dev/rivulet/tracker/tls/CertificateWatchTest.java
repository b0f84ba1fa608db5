package dev.rivulet.tracker.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rivulet.protocol.settings.ConfigException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CertificateWatchTest {
    private final List<SSLContext> handedOn = new ArrayList<>();
    private final TestCertificates certificates = new TestCertificates();
    private PemFiles files;
    private CertificateWatch watch;

    CertificateWatchTest() throws Exception {}

    @BeforeEach
    void start(@TempDir Path folder) throws Exception {
        files = TestCertificates.in(folder);
        certificates.write(files, TestCertificates.ec());
        watch = CertificateWatch.of(files, Instant::now, handedOn::add);
    }

    @AfterEach
    void end() {
        watch.close();
    }

    @Test
    void whatIsThereIsHandedOnOnce() {
        watch.look();
        watch.look();

        assertThat(handedOn).hasSize(1);
    }

    @Test
    void aNewPairIsTakenOnceItStaysTheSame() throws Exception {
        certificates.write(files, TestCertificates.rsa());

        watch.look();
        assertThat(handedOn).hasSize(1);
        watch.look();
        assertThat(handedOn).hasSize(2);
        watch.look();
        assertThat(handedOn).hasSize(2);
    }

    @Test
    void aPairThatIsReplacedByHalvesIsNotTakenBefore() throws Exception {
        KeyPair key = TestCertificates.ec();
        Files.writeString(
                files.certificate(), certificates.chain(key, Instant.now().plusSeconds(1000)));
        watch.look();
        watch.look();
        watch.look();
        assertThat(handedOn).hasSize(1);

        Files.writeString(files.key(), TestCertificates.pkcs8(key));
        watch.look();
        watch.look();
        assertThat(handedOn).hasSize(2);
    }

    @Test
    void whatIsBrokenOrMissingLeavesTheFormerInPlace() throws Exception {
        Files.writeString(files.certificate(), "nothing");
        watch.look();
        watch.look();
        Files.delete(files.key());
        watch.look();
        assertThat(handedOn).hasSize(1);

        certificates.write(files, TestCertificates.ec());
        watch.look();
        watch.look();
        assertThat(handedOn).hasSize(2);
    }

    @Test
    void aPairThatCannotBeUsedDoesNotStart() throws Exception {
        Files.writeString(files.key(), TestCertificates.pkcs8(TestCertificates.ec()));

        assertThatThrownBy(() -> CertificateWatch.of(files, Instant::now, handedOn::add))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("tls-key");
    }
}
