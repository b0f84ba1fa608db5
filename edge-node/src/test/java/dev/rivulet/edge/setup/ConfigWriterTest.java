package dev.rivulet.edge.setup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rivulet.edge.config.EdgeSettings;
import dev.rivulet.protocol.settings.Sources;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ConfigWriterTest {
    @TempDir
    Path directory;

    @Test
    void whatIsWrittenIsReadAsItWasMeant() {
        Map<String, String> given = Map.of(
                "tracker", "https://tracker.example.org",
                "site", "on",
                "data", "/var/lib/rivulet edge: \"1\"",
                "token", "#1: 'x' \\ y",
                "max-peers", "12",
                "allow-private", "true",
                "udp-ports", "50000-50009");

        EdgeSettings read = EdgeSettings.READER.read(new Sources("file", ConfigWriter.yaml(given), Map.of(), Map.of()));

        EdgeSettings meant = EdgeSettings.READER.read(new Sources("flags", "", Map.of(), given));
        assertThat(read).isEqualTo(meant);
    }

    @Test
    void theFileIsItsOwnersAlone() throws IOException {
        Path file = directory.resolve("new/edge.yaml");

        ConfigWriter.write(file, "site: a\n");
        ConfigWriter.write(file, "site: b\n");

        assertThat(file).hasContent("site: b");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }
}
