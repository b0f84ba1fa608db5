package dev.rivulet.tracker.operating;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.rivulet.protocol.id.KeyId;
import dev.rivulet.tracker.api.Help;
import dev.rivulet.tracker.config.SiteConfig;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A site as the API answers it. */
record SiteView(
        String id,
        List<String> webOrigins,
        List<String> contentOrigins,
        List<String> include,
        List<String> exclude,
        int indexThreshold,
        List<String> live,
        boolean openEdges,
        boolean allowPrivate,
        SiteConfig.Mode mode,
        boolean consent,
        boolean upload,

        @Help("What comes from the configuration file can be changed there only.")
        Source from,

        @Help("Key id of the site's root key, which its pages pin.") @Nullable
        String key) {

    /** Where something was set. */
    enum Source {
        @JsonProperty("file")
        FILE,
        @JsonProperty("database")
        DATABASE
    }

    static SiteView of(SiteDirectory.Listed site, Optional<KeyId> key) {
        SiteConfig config = site.config();
        return new SiteView(
                site.id().text(),
                config.webOrigins(),
                config.contentOrigins(),
                config.include(),
                config.exclude(),
                config.indexThreshold(),
                config.live(),
                config.openEdges(),
                config.allowPrivate(),
                config.mode(),
                config.consent(),
                config.upload(),
                site.fromFile() ? Source.FILE : Source.DATABASE,
                key.map(KeyId::text).orElse(null));
    }

    /** As files and the API have it. */
    static String textOf(SiteConfig.Mode mode) {
        return mode.name().toLowerCase(Locale.ROOT);
    }
}
