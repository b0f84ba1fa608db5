package dev.rivulet.tracker.config;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.rivulet.protocol.settings.Setting;
import java.util.List;

/** One site: who may embed the client, what may be shared, and how. */
public record SiteConfig(
        @Setting(
                help = "Origins of the pages that may use the site, at least one: `scheme://host[:port]`, the host may"
                        + " begin with `*.` for any labels.")
        List<String> webOrigins,

        @Setting(
                help = "Origins whose content may be shared, at least one, in the same form. An IP literal is thereby"
                        + " allowed; a name that resolves to a private address needs `allow-private`.")
        List<String> contentOrigins,

        @Setting(
                help = "Patterns of paths that may be shared: `*` within a segment, `**` across segments; queries only"
                        + " where a pattern has a `?`.",
                fallback = "/**")
        List<String> include,

        @Setting(help = "Patterns of paths that are never shared.")
        List<String> exclude,

        @Setting(
                help = "Visitors that ask for a URL before the tracker itself indexes it; 0: it never does.",
                fallback = "2",
                min = 0,
                max = 1_000_000)
        int indexThreshold,

        @Setting(
                help =
                        "URLs of HLS playlists of running streams, on content origins, at most 16: while as many visitors"
                                + " as `index-threshold` watch one, the tracker indexes its segments as they appear.")
        List<String> live,

        @Setting(help = "Whether edges may join without a token.", fallback = "false")
        boolean openEdges,

        @Setting(
                help = "Whether content origins may resolve to loopback, private or link-local addresses.",
                fallback = "false")
        boolean allowPrivate,

        @Setting(
                help = "`open`: visitors connect to each other; `edges`: visitors connect to edges only, so that none"
                        + " learns another's address.",
                fallback = "open")
        Mode mode,

        @Setting(
                help =
                        "Whether visitors have to consent. Clients cannot ask for that yet: with `true` nothing of the site"
                                + " is shared.",
                fallback = "false")
        boolean consent,

        @Setting(help = "Whether visitors upload to each other.", fallback = "true")
        boolean upload) {

    /** Who may connect to whom. */
    public enum Mode {
        @JsonProperty("open")
        OPEN,
        @JsonProperty("edges")
        EDGES
    }

    public SiteConfig {
        webOrigins = List.copyOf(webOrigins);
        contentOrigins = List.copyOf(contentOrigins);
        include = List.copyOf(include);
        exclude = List.copyOf(exclude);
        live = List.copyOf(live);
    }
}
