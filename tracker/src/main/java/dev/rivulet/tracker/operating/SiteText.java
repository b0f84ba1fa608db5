package dev.rivulet.tracker.operating;

import dev.rivulet.protocol.settings.ConfigException;
import dev.rivulet.protocol.settings.Settings;
import dev.rivulet.protocol.settings.Sources;
import dev.rivulet.tracker.config.SiteConfig;
import java.util.Map;

/** A site's configuration as text, with the keys, defaults and errors of the configuration file. */
final class SiteText {
    private static final Settings<SiteConfig> SETTINGS = Settings.of(SiteConfig.class, "");

    private SiteText() {}

    /** Reads YAML, and so JSON; throws {@link ConfigException} that names the key. */
    static SiteConfig read(String text) {
        return SETTINGS.read(new Sources("the site", text, Map.of(), Map.of()));
    }

    /** What {@link #read} takes back. */
    static String write(SiteConfig config) {
        return SETTINGS.print(config);
    }
}
