package dev.rivulet.edge.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rivulet.protocol.http.UrlPattern;
import dev.rivulet.protocol.id.ResourceUrl;
import dev.rivulet.protocol.message.HintWishes;
import dev.rivulet.protocol.settings.ByteSize;
import dev.rivulet.protocol.settings.ConfigException;
import dev.rivulet.protocol.settings.ListenAddress;
import dev.rivulet.protocol.settings.Sources;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

final class EdgeSettingsTest {
    private static final Map<String, String> REQUIRED =
            Map.of("tracker", "http://127.0.0.1:7070", "site", "demo", "data", "/var/lib/rivulet");

    @Test
    void threeSettingsAreEnough() {
        EdgeSettings settings = read(REQUIRED);

        assertThat(settings.tracker().toString()).isEqualTo("http://127.0.0.1:7070");
        assertThat(settings.siteId().text()).isEqualTo("demo");
        assertThat(settings.http()).isNull();
        assertThat(settings.token()).isNull();
        assertThat(settings.keyId()).isEmpty();
        assertThat(settings.maxDisk().bytes()).isEqualTo(10L << 30);
        assertThat(settings.allowPrivate()).isFalse();
        assertThat(settings.timeout()).isEqualTo(Duration.ofSeconds(15));
        assertThat(settings.logLevel()).isEqualTo(LogLevel.INFO);
    }

    @Test
    void everyLimitHasADefault() {
        EdgeSettings settings = read(REQUIRED);

        assertThat(settings.uploadRate()).isEqualTo(ByteSize.parse("32 MiB"));
        assertThat(settings.downloadRate()).isEqualTo(ByteSize.parse("32 MiB"));
        assertThat(settings.monthlyTransfer()).isEqualTo(ByteSize.parse("500 GiB"));
        assertThat(settings.httpConnections()).isEqualTo(512);
        assertThat(settings.status()).isNull();
    }

    @Test
    void edgesWantHintsUnlessToldOtherwise() {
        assertThat(read(REQUIRED).hintWishes()).contains(HintWishes.ANYTHING);

        Map<String, String> flags = new HashMap<>(REQUIRED);
        flags.put("prefetch", "false");
        assertThat(read(flags).hintWishes()).isEmpty();
    }

    @Test
    void patternsSayWhatIsFetched() throws Exception {
        Map<String, String> flags = new HashMap<>(REQUIRED);
        flags.put("pin", "/films/** /images/*.png");
        flags.put("only", "/films/**");

        EdgeSettings settings = read(flags);

        HintWishes wishes = settings.hintWishes().orElseThrow();
        assertThat(wishes.pins()).extracting(UrlPattern::text).containsExactly("/films/**", "/images/*.png");
        assertThat(settings.admits(ResourceUrl.parse("http://a/films/1/2.ts"))).isTrue();
        assertThat(settings.admits(ResourceUrl.parse("http://a/images/1.png"))).isFalse();
        assertThat(wishes.pinned(ResourceUrl.parse("http://a/images/1.png"))).isFalse();
        assertThat(read(REQUIRED).admits(ResourceUrl.parse("http://a/images/1.png")))
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource({"pin, films", "only, ''", "pin, /a b", "pin, /ä"})
    void whatIsNoPatternIsRefused(String key, String value) {
        Map<String, String> flags = new HashMap<>(REQUIRED);
        flags.put(key, value);

        assertThatThrownBy(() -> read(flags))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(key);
    }

    @Test
    void pinsWithoutPrefetchAreAContradiction() {
        Map<String, String> flags = new HashMap<>(REQUIRED);
        flags.put("prefetch", "false");
        flags.put("pin", "/films/**");

        assertThatThrownBy(() -> read(flags))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("prefetch");
    }

    @Test
    void theFlagOfAPatternMayComeSeveralTimes() {
        CommandSpec command = CommandSpec.create();
        SettingFlags.addTo(command);

        Map<String, String> flags = SettingFlags.of(
                new CommandLine(command).parseArgs("--pin", "/films/**", "--site", "demo", "--pin", "/images/*"));

        assertThat(flags).containsOnly(Map.entry("pin", "/films/** /images/*"), Map.entry("site", "demo"));
    }

    @ParameterizedTest
    @CsvSource({"upload-rate, 1 KiB", "upload-rate, 127 KiB", "download-rate, 255 KiB", "http-connections, 7"})
    void whatIsTooLittleToWorkWithIsRefused(String key, String value) {
        Map<String, String> flags = new HashMap<>(REQUIRED);
        flags.put(key, value);

        assertThatThrownBy(() -> read(flags))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(key);
    }

    @Test
    void noLimitIsWrittenAsNothing() {
        Map<String, String> flags = new HashMap<>(REQUIRED);
        flags.put("upload-rate", "0 B");
        flags.put("download-rate", "0 B");
        flags.put("monthly-transfer", "0 B");

        EdgeSettings settings = read(flags);

        assertThat(settings.uploadRate().bytes()).isZero();
        assertThat(settings.downloadRate().bytes()).isZero();
        assertThat(settings.monthlyTransfer().bytes()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1:0", "127.1.2.3:7081", "localhost:7081", "[::1]:7081", "none"})
    void statusIsForThisMachine(String address) {
        Map<String, String> flags = new HashMap<>(REQUIRED);
        flags.put("status", address);

        assertThat(read(flags).status()).hasToString(address);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0:7081", "192.0.2.1:7081", "[::]:7081", "example.org:80", "127.0.0.1"})
    void statusIsForNobodyElse(String address) {
        Map<String, String> flags = new HashMap<>(REQUIRED);
        flags.put("status", address);

        assertThatThrownBy(() -> read(flags))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("status");
    }

    @Test
    void theStatusAddressIsFoundWithoutTheRest() {
        String yaml = "tracker: http://localhost:1\nstatus: none\n";

        assertThat(EdgeSettings.statusOf(new Sources("edge.yaml", yaml, Map.of(), Map.of())))
                .hasValue(StatusAddress.parse("none"));
        assertThat(EdgeSettings.statusOf(new Sources("no file", "", Map.of(), Map.of())))
                .isEmpty();
        assertThat(EdgeSettings.statusOf(
                        new Sources("edge.yaml", yaml, Map.of("RIVULET_EDGE_STATUS", "localhost:2"), Map.of())))
                .hasValue(StatusAddress.parse("localhost:2"));
    }

    @Test
    void flagsWinOverTheEnvironmentAndThatOverTheFile() {
        String yaml = """
                tracker: https://file.example/
                site: from-file
                data: from-file
                http: 127.0.0.1:1
                max-disk: 1 GiB
                udp-ports: 50000-50099
                log-level: debug
                """;
        Map<String, String> environment = Map.of(
                "RIVULET_EDGE_SITE", "from-environment",
                "RIVULET_EDGE_TOKEN", "secret",
                "RIVULET_EDGE_MAX_DISK", "2 GiB",
                "PATH", "/bin");
        Map<String, String> flags = Map.of("max-disk", "3 GiB", "http", "[::1]:0");

        EdgeSettings settings = EdgeSettings.READER.read(new Sources("edge.yaml", yaml, environment, flags));

        assertThat(settings.tracker().at("/healthz")).hasToString("https://file.example/healthz");
        assertThat(settings.site()).isEqualTo("from-environment");
        assertThat(settings.data()).isEqualTo("from-file");
        assertThat(settings.token()).isEqualTo("secret");
        assertThat(settings.maxDisk().bytes()).isEqualTo(3L << 30);
        assertThat(settings.http()).isEqualTo(new ListenAddress("::1", 0));
        assertThat(settings.udpPorts()).isEqualTo(new UdpPortRange(50000, 50099));
        assertThat(settings.logLevel()).isEqualTo(LogLevel.DEBUG);
    }

    @Test
    void whatIsPrintedHidesTheTokenAndCanBeReadAgain() {
        Map<String, String> flags = new HashMap<>(REQUIRED);
        flags.put("token", "very-secret");
        flags.put("http", "0.0.0.0:7080");
        flags.put("http-url", "https://edge.example.org/");
        flags.put("udp-ports", "50000-50099");
        EdgeSettings settings = read(flags);

        String printed = EdgeSettings.READER.print(settings);

        assertThat(printed).doesNotContain("very-secret").contains("http: 0.0.0.0:7080", "udp-ports: 50000-50099");
        EdgeSettings again = EdgeSettings.READER.read(new Sources("printed", printed, Map.of(), Map.of()));
        assertThat(EdgeSettings.READER.print(again)).isEqualTo(printed);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "tracker | tracker.example | base URL",
                "tracker | http://user@tracker.example | base URL",
                "tracker | http://tracker.example/?x | base URL",
                "site | Demo | lower-case",
                "key | abc | 43 characters",
                "http | 7080 | HOST:PORT",
                "http-url | ftp://x | base URL",
                "http-url | https://edge.example.org | set http",
                "max-disk | 1 MiB | 16 MiB or more",
                "max-disk | lots | whole number",
                "max-peers | 5000 | 0 to 1024",
                "udp-ports | 60000-50000 | FIRST-LAST",
                "origin-connections | 0 | 1 to 64",
                "timeout | 500ms | 1s to 5m",
                "timeout | soon | 30s",
                "allow-private | maybe | true or false",
                "log-level | loud | error, warn, info, debug",
            })
    void aBadValueIsNamedWithKeyValueAndRemedy(String key, String value, String remedy) {
        Map<String, String> flags = new HashMap<>(REQUIRED);
        flags.put(key, value);

        assertThatThrownBy(() -> read(flags))
                .isInstanceOf(ConfigException.class)
                .hasMessageStartingWith(key)
                .hasMessageContaining(value)
                .hasMessageContaining(remedy)
                .hasMessageNotContaining("\n");
    }

    @Test
    void unknownKeysOfTheFileAreRefused() {
        assertThatThrownBy(() -> EdgeSettings.READER.read(new Sources("edge.yaml", "trackr: x", Map.of(), REQUIRED)))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("trackr");
    }

    @Test
    void aFileThatIsNotThereIsNamed() {
        assertThatThrownBy(() -> ConfigFile.sources("/nowhere/edge.yaml", Map.of(), Map.of()))
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("config = /nowhere/edge.yaml");
    }

    @Test
    void trackersAtAddressesAreToldFromOthers() {
        assertThat(TrackerBase.parse("http://127.0.0.1:7070").namesPrivateAddress())
                .isTrue();
        assertThat(TrackerBase.parse("http://[fd00::1]:7070").namesPrivateAddress())
                .isTrue();
        assertThat(TrackerBase.parse("http://localhost").namesPrivateAddress()).isTrue();
        assertThat(TrackerBase.parse("http://192.0.9.1").namesPrivateAddress()).isFalse();
        assertThat(TrackerBase.parse("http://10.example").namesPrivateAddress()).isFalse();
    }

    @Test
    void theWebSocketIsBelowThePrefix() {
        assertThat(TrackerBase.parse("https://example.org/tracker/").webSocket())
                .hasToString("wss://example.org/tracker/");
        assertThat(TrackerBase.parse("http://127.0.0.1:7070").webSocket()).hasToString("ws://127.0.0.1:7070/");
    }

    private static EdgeSettings read(Map<String, String> flags) {
        return EdgeSettings.READER.read(new Sources("no file", "", Map.of(), flags));
    }
}
