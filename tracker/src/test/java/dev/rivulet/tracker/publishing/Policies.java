package dev.rivulet.tracker.publishing;

import dev.rivulet.protocol.http.OriginPattern;
import dev.rivulet.protocol.http.PrivacyMode;
import dev.rivulet.protocol.http.SitePolicy;
import dev.rivulet.protocol.http.UrlPattern;
import java.util.List;

/** Policies of sites whose pages and content have one origin. */
public final class Policies {
    private Policies() {}

    public static SitePolicy of(String origin, List<String> include, List<String> exclude) {
        return of(origin, include, exclude, false);
    }

    public static SitePolicy of(String origin, List<String> include, List<String> exclude, boolean allowPrivate) {
        return new SitePolicy(
                PrivacyMode.OPEN,
                false,
                List.of(new OriginPattern(origin)),
                List.of(new OriginPattern(origin)),
                include.stream().map(UrlPattern::new).toList(),
                exclude.stream().map(UrlPattern::new).toList(),
                allowPrivate,
                true);
    }
}
