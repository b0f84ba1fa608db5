package dev.rivulet.tracker.site;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.rivulet.protocol.http.PrivacyMode;
import dev.rivulet.protocol.id.ResourceUrl;
import dev.rivulet.protocol.id.SiteId;
import dev.rivulet.protocol.settings.ConfigException;
import dev.rivulet.protocol.settings.Sources;
import dev.rivulet.tracker.config.TrackerConfig;
import java.time.InstantSource;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class SitesTest {
    private static final String TEMPLATE = """
            sites:
              demo:
                web-origins: [WEB]
                content-origins: [CONTENT]
                include: [INCLUDE]
                mode: edges
            """;

    @Test
    void whatIsConfiguredIsThePolicy() throws Exception {
        Site site = sites("demo", "https://*.example.org", "http://127.0.0.1:8080", "/media/**")
                .find(new SiteId("demo"))
                .orElseThrow();

        assertThat(site.policy().admitsWebOrigin("https://www.example.org")).isTrue();
        assertThat(site.policy().admitsWebOrigin("https://example.org")).isFalse();
        assertThat(site.policy().admits(ResourceUrl.parse("http://127.0.0.1:8080/media/a/b.mp4")))
                .isTrue();
        assertThat(site.policy().mode()).isEqualTo(PrivacyMode.EDGES);
    }

    @Test
    void mistakesAreNamedWithTheirPlace() {
        assertThat(failure("Demo", "http://a.example", "http://a.example", "/**")
                        .key())
                .isEqualTo("sites.Demo");
        assertThat(failure("demo", "http://a.example, http://a.example/path", "http://a.example", "/**"))
                .hasMessageStartingWith("sites.demo.web-origins[1] = http://a.example/path: ");
        assertThat(failure("demo", "", "http://a.example", "/**").key()).isEqualTo("sites.demo.web-origins");
        assertThat(failure("demo", "http://a.example", "a.example", "/**").key())
                .isEqualTo("sites.demo.content-origins[0]");
        assertThat(failure("demo", "http://a.example", "http://a.example", "media/**")
                        .key())
                .isEqualTo("sites.demo.include[0]");
    }

    @Test
    void aPolicyThatNoWelcomeHasRoomForIsRefused() {
        String many = IntStream.range(0, 64)
                .mapToObj(
                        i -> "https://" + "a".repeat(60) + "." + "b".repeat(60) + "." + "c".repeat(60) + i + ".example")
                .collect(Collectors.joining(", "));
        String longPatterns =
                IntStream.range(0, 64).mapToObj(i -> "/" + "x".repeat(250) + i).collect(Collectors.joining(", "));

        assertThat(failure("demo", many, many, longPatterns))
                .hasMessageStartingWith("sites.demo: ")
                .hasMessageContaining("too long");
    }

    @Test
    void tokensAreGoodForTheirSiteAndRoleOnly() {
        TrackerConfig config = read(TEMPLATE.replace("WEB", "http://a.example")
                        .replace("CONTENT", "http://a.example")
                        .replace("INCLUDE", "/**")
                + "  other: {web-origins: [http://a.example], content-origins: [http://a.example]}\n"
                + "tokens: [{token: abc, role: edge, site: demo}]");
        Tokens tokens = new Tokens(config.tokens(), FakeTokens.issued(InstantSource.system()));

        assertThat(tokens.admitsEdge("abc", new SiteId("demo"), null)).isTrue();
        assertThat(tokens.admitsEdge("abcd", new SiteId("demo"), null)).isFalse();
        assertThat(tokens.mayPublish("abc", new SiteId("demo"))).isFalse();
        assertThat(tokens.admitsEdge("abc", new SiteId("other"), null)).isFalse();
    }

    @Test
    void playlistsOfStreamsAreUrlsOnContentOrigins() {
        String site = "sites: {demo: {web-origins: [http://a.example], content-origins: [http://a.example], live: [";

        assertThat(Sites.of(read(site + "http://a.example/live/index.m3u8]}}").sites())
                        .find(new SiteId("demo"))
                        .orElseThrow()
                        .live())
                .hasSize(1);
        assertThat(liveFailure(site + "/live/index.m3u8]}}")).hasMessageContaining("sites.demo.live[0]");
        assertThat(liveFailure(site + "http://b.example/index.m3u8]}}"))
                .hasMessageContaining("sites.demo.live[0]")
                .hasMessageContaining("content-origins");
        assertThat(liveFailure(site + "http://a.example/x, ".repeat(Sites.MAX_LIVE) + "http://a.example/x]}}"))
                .hasMessageContaining("at most " + Sites.MAX_LIVE);
    }

    private static ConfigException liveFailure(String yaml) {
        return catchThrowableOfType(
                ConfigException.class, () -> Sites.of(read(yaml).sites()));
    }

    private static Sites sites(String id, String web, String content, String include) {
        return Sites.of(read(TEMPLATE.replace("demo", id)
                        .replace("WEB", web)
                        .replace("CONTENT", content)
                        .replace("INCLUDE", include))
                .sites());
    }

    private static ConfigException failure(String id, String web, String content, String include) {
        return catchThrowableOfType(ConfigException.class, () -> sites(id, web, content, include));
    }

    private static TrackerConfig read(String yaml) {
        return TrackerConfig.SETTINGS.read(new Sources("tracker.yaml", yaml, Map.of(), Map.of()));
    }
}
