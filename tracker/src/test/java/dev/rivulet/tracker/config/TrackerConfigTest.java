package dev.rivulet.tracker.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.rivulet.protocol.id.ResourceUrl;
import dev.rivulet.protocol.message.TrackerMessage.IceServer;
import dev.rivulet.protocol.settings.ConfigException;
import dev.rivulet.protocol.settings.ListenAddress;
import dev.rivulet.protocol.settings.Sources;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class TrackerConfigTest {
    private static final String SITE = """
            sites:
              demo:
                web-origins: [http://127.0.0.1:8080, "http://*.localhost:8080"]
                content-origins: [http://127.0.0.1:8080]
            """;

    @Test
    void nothingAtAllIsAConfiguration() {
        TrackerConfig config = read("");

        assertThat(config.listen()).isEqualTo(new ListenAddress("127.0.0.1", 7070));
        assertThat(config.sites()).isEmpty();
        assertThat(config.iceServers()).isEmpty();
        assertThat(config.publicBase()).isNull();
    }

    @Test
    void sitesAreCautiousUnlessToldOtherwise() {
        SiteConfig site = read(SITE).sites().get("demo");

        assertThat(site.include()).containsExactly("/**");
        assertThat(site.indexThreshold()).isEqualTo(2);
        assertThat(site.openEdges()).isFalse();
        assertThat(site.allowPrivate()).isFalse();
        assertThat(site.mode()).isEqualTo(SiteConfig.Mode.OPEN);
    }

    @Test
    void baseUrlsGetTheSlashThatTheyLack() throws Exception {
        TrackerConfig config = read("public-url: https://t.example/rivulet\ntrackers: [https://u.example]");

        assertThat(config.publicBase()).isEqualTo(ResourceUrl.parse("https://t.example/rivulet/"));
        assertThat(config.trackerBases()).containsExactly(ResourceUrl.parse("https://u.example/"));
    }

    @Test
    void iceServersAreToldAsTheyAreWritten() {
        TrackerConfig config =
                read("ice-servers: [{urls: ['turn:t.example:3478'], username: u, credential: not-to-be-seen}]");

        assertThat(config.iceServers().stream().map(IceServerConfig::told))
                .containsExactly(new IceServer(List.of("turn:t.example:3478"), "u", "not-to-be-seen"));
        assertThat(TrackerConfig.SETTINGS.print(config)).doesNotContain("not-to-be-seen");
    }

    @Test
    void stunIsAnsweredWhereTheTrackerListensUnlessThatIsForThisMachineOnly() {
        assertThat(read("listen: 192.0.2.1:7070").stunListen()).contains(new ListenAddress("192.0.2.1", 7070));
        assertThat(read("listen: 127.0.0.1:7070").stunListen()).isEmpty();
        assertThat(read("listen: localhost:7070").stunListen()).isEmpty();
        assertThat(read("listen: '[::1]:7070'").stunListen()).isEmpty();
        assertThat(read("listen: 192.0.2.1:7070\nstun: none").stunListen()).isEmpty();
        assertThat(read("stun: '[::]:3478'").stunListen()).contains(new ListenAddress("::", 3478));
        assertThat(failure("stun: 3478 on all").key()).isEqualTo("stun");
    }

    @Test
    void mistakesAreNamedWithTheirKey() {
        assertThat(failure(SITE + "tokens: [{token: secret, role: publish, site: other}]")
                        .key())
                .isEqualTo("tokens");
        assertThat(failure(SITE + "tokens: [{token: 'not to be seen', role: edge, site: demo}]"))
                .hasMessageStartingWith("tokens[0].token: ")
                .hasMessageNotContaining("seen");
        assertThat(failure(SITE + "tokens: [{token: secret, role: admin, site: demo}]"))
                .hasMessage("tokens[0].role = admin: write one of publish, edge");
        assertThat(failure("ice-servers: [{urls: []}]").key()).isEqualTo("ice-servers[0].urls");
        assertThat(failure("ice-servers: [{urls: ['http://x']}]"))
                .hasMessageContaining("ice-servers[0].urls = http://x");
        assertThat(failure("public-url: tracker.example").key()).isEqualTo("public-url");
        assertThat(failure("proxies: [localhost]").key()).isEqualTo("proxies");
        assertThat(failure(SITE + "    mode: oblivious").remedy()).isEqualTo("write one of open, edges");
    }

    private static TrackerConfig read(String yaml) {
        return TrackerConfig.SETTINGS.read(new Sources("tracker.yaml", yaml, Map.of(), Map.of()));
    }

    private static ConfigException failure(String yaml) {
        return catchThrowableOfType(ConfigException.class, () -> read(yaml));
    }
}
