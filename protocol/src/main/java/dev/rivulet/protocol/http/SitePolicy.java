package dev.rivulet.protocol.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rivulet.protocol.Check;
import dev.rivulet.protocol.DecodeException;
import dev.rivulet.protocol.Limits;
import dev.rivulet.protocol.id.ResourceUrl;
import dev.rivulet.protocol.json.Json;
import dev.rivulet.protocol.json.JsonFields;
import java.util.List;

/**
 * What a site allows (docs/protocol.md, section 5.4).
 *
 * @param mode whom browsers connect to
 * @param consent whether visitors have to agree first
 * @param webOrigins origins whose pages may embed the client
 * @param contentOrigins origins whose resources may be cached
 * @param include patterns of what may be cached
 * @param exclude patterns of what may not, although included
 * @param allowPrivate whether names that resolve to private addresses may be fetched from
 * @param upload whether visitors upload
 */
public record SitePolicy(
        PrivacyMode mode,
        boolean consent,
        List<OriginPattern> webOrigins,
        List<OriginPattern> contentOrigins,
        List<UrlPattern> include,
        List<UrlPattern> exclude,
        boolean allowPrivate,
        boolean upload) {

    public SitePolicy {
        webOrigins = Check.list("webOrigins", webOrigins, 0, Limits.MAX_ORIGINS);
        contentOrigins = Check.list("contentOrigins", contentOrigins, 0, Limits.MAX_ORIGINS);
        include = Check.list("include", include, 0, Limits.MAX_PATTERNS);
        exclude = Check.list("exclude", exclude, 0, Limits.MAX_PATTERNS);
    }

    /** Whether a resource may be cached: of a content origin, included, and not excluded. */
    public boolean admits(ResourceUrl url) {
        return admitsContentOrigin(url.origin())
                && include.stream().anyMatch(pattern -> pattern.matches(url))
                && exclude.stream().noneMatch(pattern -> pattern.matches(url));
    }

    /** Whether resources of this origin may be cached at all. */
    public boolean admitsContentOrigin(String origin) {
        return contentOrigins.stream().anyMatch(pattern -> pattern.matches(origin));
    }

    /** Whether pages of this origin may embed the client. */
    public boolean admitsWebOrigin(String origin) {
        return webOrigins.stream().anyMatch(pattern -> pattern.matches(origin));
    }

    /** Reads the JSON form. */
    public static SitePolicy decode(JsonFields fields) throws DecodeException {
        return fields.make(() -> new SitePolicy(
                // An unknown mode is some stricter one of the future.
                PrivacyMode.of(fields.text("mode")).orElse(PrivacyMode.OBLIVIOUS),
                fields.flag("consent"),
                fields.values("webOrigins", Limits.MAX_ORIGINS, OriginPattern::parse),
                fields.values("contentOrigins", Limits.MAX_ORIGINS, OriginPattern::parse),
                fields.values("include", Limits.MAX_PATTERNS, UrlPattern::parse),
                fields.values("exclude", Limits.MAX_PATTERNS, UrlPattern::parse),
                fields.flag("allowPrivate"),
                fields.flag("upload")));
    }

    /** The JSON form. */
    public ObjectNode encode() {
        ObjectNode node = Json.object();
        node.put("mode", mode.text()).put("consent", consent);
        node.set("webOrigins", Json.texts(webOrigins, OriginPattern::text));
        node.set("contentOrigins", Json.texts(contentOrigins, OriginPattern::text));
        node.set("include", Json.texts(include, UrlPattern::text));
        node.set("exclude", Json.texts(exclude, UrlPattern::text));
        return node.put("allowPrivate", allowPrivate).put("upload", upload);
    }
}
