package dev.rivulet.tracker.site;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rivulet.protocol.id.SiteId;
import dev.rivulet.protocol.settings.Sources;
import dev.rivulet.tracker.config.TrackerConfig;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class LiveSitesTest {
    private static final SiteId DEMO = new SiteId("demo");

    private final List<String> told = new ArrayList<>();
    private final Sites sites = Sites.of(Map.of());

    @Test
    void allAreToldOfAnAdditionAndAChangeInOrderAndOfARemovalInReverse() throws Exception {
        sites.subscribe(new Heard("catalog", false));
        sites.subscribe(new Heard("signaling", false));

        sites.put(site("open"));
        sites.put(site("edges"));
        boolean removed = sites.remove(DEMO);

        assertThat(removed).isTrue();
        assertThat(told)
                .containsExactly(
                        "catalog added",
                        "signaling added",
                        "catalog changed",
                        "signaling changed",
                        "signaling removed",
                        "catalog removed");
        assertThat(sites.find(DEMO)).isEmpty();
    }

    @Test
    void anAdditionThatOneCannotTakeUpIsNotMade() {
        sites.subscribe(new Heard("catalog", false));
        sites.subscribe(new Heard("signaling", true));

        assertThatThrownBy(() -> sites.put(site("open"))).isInstanceOf(IOException.class);

        assertThat(told).containsExactly("catalog added", "signaling added", "signaling removed", "catalog removed");
        assertThat(sites.find(DEMO)).isEmpty();
        assertThat(sites.remove(DEMO)).isFalse();
    }

    private static Site site(String mode) {
        String yaml =
                "sites: {demo: {web-origins: [\"http://a.example\"], content-origins: [\"http://a.example\"], mode: "
                        + mode + "}}";
        TrackerConfig config = TrackerConfig.SETTINGS.read(new Sources("test", yaml, Map.of(), Map.of()));
        return Sites.of(config.sites()).find(DEMO).orElseThrow();
    }

    private final class Heard implements SitesListener {
        private final String name;
        private final boolean fails;

        Heard(String name, boolean fails) {
            this.name = name;
            this.fails = fails;
        }

        @Override
        public void added(Site site) throws IOException {
            told.add(name + " added");
            if (fails) {
                throw new IOException("no");
            }
        }

        @Override
        public void changed(Site site) {
            told.add(name + " changed");
        }

        @Override
        public void removed(SiteId site) {
            told.add(name + " removed");
        }
    }
}
