package dev.rivulet.edge.setup;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rivulet.edge.config.EdgeSettings;
import dev.rivulet.protocol.settings.Sources;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class AdviceTest {
    private static EdgeSettings settings(String... lines) {
        String yaml = "tracker: https://tracker.example\nsite: demo\ndata: d\n" + String.join("\n", lines);
        return EdgeSettings.READER.read(new Sources("test", yaml, Map.of(), Map.of()));
    }

    private static String firewall(NatKind nat, String... lines) {
        return String.join("\n", Advice.firewall(settings(lines), nat));
    }

    @Test
    void theServiceToStartIsThatOfTheFile() {
        assertThat(Advice.start(Path.of("/etc/rivulet-edge/edge.yaml")))
                .isEqualTo("Start it: systemctl enable --now rivulet-edge");
        assertThat(Advice.start(Path.of("/etc/rivulet-edge/films.yaml")))
                .isEqualTo("Start it: systemctl enable --now rivulet-edge@films");
        assertThat(Advice.start(Path.of("/etc/rivulet-edge/my-films.2.yaml")))
                .isEqualTo("Start it: systemctl enable --now rivulet-edge@my-films.2");
    }

    @Test
    void whereThereIsNoServiceOfTheFileTheJarIsToBeRun() {
        for (String file : List.of(
                "/home/ann/edge.yaml",
                "/etc/rivulet-edge/films.yml",
                "/etc/rivulet-edge/more/films.yaml",
                "/etc/rivulet-edge/two words.yaml")) {
            assertThat(Advice.start(Path.of(file)))
                    .isEqualTo("Start it: java -jar rivulet-edge.jar run --config " + file);
        }
    }

    @Test
    void whatIsOpenIsToBeKeptSo() {
        String ports = "udp-ports: 50000-50999";

        assertThat(firewall(NatKind.OPEN, ports)).contains("UDP 50000-50999 gets in already: keep it open");
        assertThat(firewall(NatKind.FORWARDED, ports)).contains("UDP 50000-50999 gets in already: keep it forwarded");
        assertThat(firewall(NatKind.OPEN)).contains("UDP gets in already");
    }

    @Test
    void whatIsNotOpenIsToBeLetIn() {
        assertThat(firewall(NatKind.FIREWALLED, "udp-ports: 50000-50999")).contains("Let in", "UDP ports 50000-50999");
        assertThat(firewall(NatKind.STEADY)).contains("all UDP ports from 1024 up");
        assertThat(firewall(NatKind.STEADY, "max-peers: 0")).doesNotContain("UDP ports");
    }

    @Test
    void thePortIsThatOfTheUrlThatVisitorsAreTold() {
        String http = "http: 127.0.0.1:7080";

        assertThat(firewall(NatKind.OPEN, http, "http-url: https://edge.example"))
                .contains("TCP port 443, for https://edge.example")
                .doesNotContain("7080");
        assertThat(firewall(NatKind.OPEN, http, "http-url: https://edge.example:8443"))
                .contains("TCP port 8443");
        assertThat(firewall(NatKind.OPEN, http, "http-url: http://edge.example"))
                .contains("TCP port 80,");
        assertThat(firewall(NatKind.OPEN, "http: 0.0.0.0:7080")).contains("TCP port 7080.");
        assertThat(firewall(NatKind.OPEN, "http: 0.0.0.0:0")).doesNotContain("TCP port");
    }

    @Test
    void tooFewPortsAreNamedWithWhatWouldDo() {
        assertThat(Advice.scarcePorts(settings("udp-ports: 50000-50099", "max-peers: 64")))
                .hasValueSatisfying(line -> assertThat(line).contains("100 ports", "name 128", "max-peers to 50"));
        assertThat(Advice.scarcePorts(settings("udp-ports: 50000-50127", "max-peers: 64")))
                .isEmpty();
        assertThat(Advice.scarcePorts(settings("max-peers: 64"))).isEmpty();
        assertThat(Advice.scarcePorts(settings("udp-ports: 50000-50000", "max-peers: 0")))
                .isEmpty();
    }
}
