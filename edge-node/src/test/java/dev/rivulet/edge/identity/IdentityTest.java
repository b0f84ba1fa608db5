package dev.rivulet.edge.identity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rivulet.protocol.catalog.SigningKey;
import dev.rivulet.protocol.settings.ConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class IdentityTest {
    @TempDir
    Path directory;

    @Test
    void aKeyIsMadeOnceAndItsOwnersAlone() throws IOException {
        SigningKey key = Identity.in(directory);

        assertThat(Identity.in(directory).keyId()).isEqualTo(key.keyId());
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve(Identity.FILE))))
                .isEqualTo("rw-------");
        try (var files = Files.list(directory)) {
            assertThat(files).hasSize(1);
        }
    }

    @Test
    void aDamagedKeyIsNotReplacedByAnother() throws IOException {
        Path file = Files.writeString(directory.resolve(Identity.FILE), "{}");

        assertThatThrownBy(() -> Identity.in(directory))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(file.toString());
        assertThat(file).hasContent("{}");
    }
}
