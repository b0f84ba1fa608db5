package dev.rivulet.tracker.operating;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rivulet.protocol.DecodeException;
import dev.rivulet.protocol.id.SiteId;
import dev.rivulet.protocol.json.Json;
import dev.rivulet.protocol.settings.ConfigException;
import dev.rivulet.tracker.api.Help;
import dev.rivulet.tracker.api.Refusal;
import dev.rivulet.tracker.config.SiteConfig;
import dev.rivulet.tracker.site.Site;
import dev.rivulet.tracker.site.Sites;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A site as the API takes it: the keys of the configuration file, where what is left out is that file's default. */
record SiteBody(
        @Help("Lower-case letters, digits and hyphens; in the path where a site is changed.") @Nullable
        String id,

        @Nullable List<String> webOrigins,
        @Nullable List<String> contentOrigins,
        @Nullable List<String> include,
        @Nullable List<String> exclude,
        @Nullable Integer indexThreshold,
        @Nullable List<String> live,
        @Nullable Boolean openEdges,
        @Nullable Boolean allowPrivate,
        SiteConfig.@Nullable Mode mode,
        @Nullable Boolean consent,
        @Nullable Boolean upload) {

    /** A site that can be. */
    record Checked(SiteConfig config, Site site) {}

    /** The site's id; refuses what is none. */
    SiteId checkedId() throws Refusal {
        try {
            return SiteId.parse(id == null ? "" : id);
        } catch (DecodeException e) {
            throw Refusal.invalid("id", "write a lower-case name such as my-site");
        }
    }

    /** What it says, complete; throws {@link ConfigException} that names the key as the configuration file has it. */
    Checked check(SiteId site) {
        SiteConfig config = SiteText.read(Json.write(withKeysOfTheFile()));
        return new Checked(config, Sites.site("", site.text(), config));
    }

    private ObjectNode withKeysOfTheFile() {
        ObjectNode node = Json.object();
        put(node, "web-origins", webOrigins);
        put(node, "content-origins", contentOrigins);
        put(node, "include", include);
        put(node, "exclude", exclude);
        put(node, "live", live);
        if (indexThreshold != null) {
            node.put("index-threshold", indexThreshold);
        }
        put(node, "open-edges", openEdges);
        put(node, "allow-private", allowPrivate);
        if (mode != null) {
            node.put("mode", SiteView.textOf(mode));
        }
        put(node, "consent", consent);
        put(node, "upload", upload);
        return node;
    }

    private static void put(ObjectNode node, String key, @Nullable List<String> values) {
        if (values != null) {
            node.set(key, Json.texts(values, value -> value));
        }
    }

    private static void put(ObjectNode node, String key, @Nullable Boolean value) {
        if (value != null) {
            node.put(key, value);
        }
    }
}
