package dev.rivulet.tracker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rivulet.protocol.settings.ListenAddress;
import dev.rivulet.protocol.settings.Sources;
import dev.rivulet.tracker.config.SiteConfig;
import dev.rivulet.tracker.config.TokenConfig;
import dev.rivulet.tracker.config.TrackerConfig;
import dev.rivulet.tracker.tls.PemFiles;
import dev.rivulet.tracker.tls.TestCertificates;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class InitIT {
    @TempDir
    Path folder;

    @Test
    void whatIsWrittenIsReadAgainAndTheTagHasTheSitesKey() throws Exception {
        Path file = folder.resolve("etc/tracker.yaml");

        String said = init(
                0,
                file,
                "--public-url",
                "https://t.example",
                "--site",
                "magazine",
                "--web-origin",
                "https://www.example",
                "--web-origin",
                "https://m.example",
                "--proxy",
                "127.0.0.1");

        TrackerConfig config = read(file);
        SiteConfig site = config.sites().get("magazine");
        assertThat(site.webOrigins()).containsExactly("https://www.example", "https://m.example");
        assertThat(site.contentOrigins()).isEqualTo(site.webOrigins());
        assertThat(config.proxies()).containsExactly("127.0.0.1");
        assertThat(config.stunListen()).map(ListenAddress::toString).contains("0.0.0.0:3478");
        assertThat(said).contains("Open UDP port 3478");
        TokenConfig token = config.tokens().get(0);
        assertThat(token.role()).isEqualTo(TokenConfig.Role.PUBLISH);
        assertThat(said).contains(token.token());
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
        assertThat(said)
                .containsPattern("<script src=\"https://t\\.example/rivulet\\.js\" data-site=\"magazine\""
                        + " data-key=\"[\\w-]{43}\" async></script>");
        assertThat(folder.resolve("data/keys/magazine/root.jwk")).exists();
    }

    @Test
    void whatCannotBeRunIsNotWritten() throws Exception {
        Path file = folder.resolve("tracker.yaml");

        init(2, file, "--web-origin", "https://www.example");
        init(2, file, "--site", "magazine");
        init(2, file, "--site", "Magazine!", "--web-origin", "https://www.example");
        init(2, file, "--site", "magazine", "--web-origin", "www.example");
        init(2, file, "--site", "magazine", "--web-origin", "https://www.example", "--listen", "nowhere");
        for (String everywhere : List.of("0.0.0.0:443", "[::]:443")) {
            init(2, file, "--site", "magazine", "--web-origin", "https://www.example", "--listen", everywhere);
        }
        init(
                2,
                file,
                "--site",
                "magazine",
                "--web-origin",
                "https://www.example",
                "--tls-certificate",
                "none.pem",
                "--tls-key",
                "none.pem");

        assertThat(file).doesNotExist();
        assertThat(folder.resolve("data")).doesNotExist();
    }

    @Test
    void withoutAPublicAddressTheTagNamesTheOneThatItListensAt() {
        Path file = folder.resolve("tracker.yaml");

        String said = init(
                0, file, "--site", "magazine", "--web-origin", "https://www.example", "--listen", "192.0.2.7:7070");

        assertThat(said).contains("src=\"http://192.0.2.7:7070/rivulet.js\"", "set public-url");
    }

    @Test
    void stunIsAnsweredWhereItIsNotSaidOtherwiseAndVisitorsAreElsewhere() throws Exception {
        Path file = folder.resolve("tracker.yaml");
        List<String> site = List.of("--site", "magazine", "--web-origin", "https://www.example", "--force");

        init(0, file, with(site, "--public-url", "https://t.example", "--stun", "none"));
        assertThat(read(file).stunListen()).isEmpty();
        init(0, file, with(site, "--public-url", "http://localhost:7070"));
        assertThat(read(file).stunListen()).isEmpty();
        init(0, file, with(site, "--public-url", "https://t.example", "--listen", "192.0.2.7:7070"));
        assertThat(read(file).stunListen()).map(ListenAddress::toString).contains("192.0.2.7:7070");
    }

    private static String[] with(List<String> some, String... more) {
        return Stream.concat(some.stream(), Stream.of(more)).toArray(String[]::new);
    }

    @Test
    void aFileThatIsThereStaysUnlessToldOtherwise() throws Exception {
        Path file = Files.writeString(folder.resolve("tracker.yaml"), "listen: 127.0.0.1:1\n");
        PemFiles pem = TestCertificates.in(folder);
        new TestCertificates().write(pem, TestCertificates.ec());
        String[] flags = {
            "--site",
            "magazine",
            "--web-origin",
            "https://www.example",
            "--listen",
            "0.0.0.0:443",
            "--public-url",
            "https://t.example",
            "--tls-certificate",
            pem.certificate().toString(),
            "--tls-key",
            pem.key().toString()
        };

        init(2, file, flags);
        assertThat(file).hasContent("listen: 127.0.0.1:1\n");

        List<String> forced = new ArrayList<>(List.of(flags));
        forced.add("--force");
        init(0, file, forced.toArray(String[]::new));
        assertThat(read(file).tls()).contains(pem);
    }

    private TrackerConfig read(Path file) throws Exception {
        return TrackerConfig.SETTINGS.read(new Sources(file.toString(), Files.readString(file), Map.of(), Map.of()));
    }

    /** What it says on stdout. */
    private String init(int code, Path file, String... flags) {
        List<String> arguments = new ArrayList<>(List.of(
                "init",
                "--config",
                file.toString(),
                "--data",
                folder.resolve("data").toString()));
        arguments.addAll(List.of(flags));
        StringWriter said = new StringWriter();
        int ended = TrackerMain.commandLine().setOut(new PrintWriter(said)).execute(arguments.toArray(String[]::new));
        assertThat(ended).isEqualTo(code);
        return said.toString();
    }
}
