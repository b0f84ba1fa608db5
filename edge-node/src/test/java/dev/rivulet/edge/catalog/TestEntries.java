package dev.rivulet.edge.catalog;

import dev.rivulet.edge.store.TestContent;
import dev.rivulet.protocol.catalog.Entry;
import dev.rivulet.protocol.http.OriginPattern;
import dev.rivulet.protocol.http.PrivacyMode;
import dev.rivulet.protocol.http.SitePolicy;
import dev.rivulet.protocol.http.UrlPattern;
import dev.rivulet.protocol.http.Validators;
import dev.rivulet.protocol.id.ResourceUrl;
import java.util.List;
import java.util.Map;

/** Entries and policies as tests need them. */
public final class TestEntries {
    private TestEntries() {}

    public static Entry entry(ResourceUrl url, TestContent content) {
        return entry(url, content, true);
    }

    public static Entry entry(ResourceUrl url, TestContent content, boolean ranges) {
        return Entry.of(url.hash(), content.layout(), Map.of(), Validators.NONE, Long.MAX_VALUE >> 12, ranges);
    }

    /** Everything of these origins may be cached. */
    public static SitePolicy policy(String... contentOrigins) {
        return policy(false, contentOrigins);
    }

    public static SitePolicy policy(boolean allowPrivate, String... contentOrigins) {
        return new SitePolicy(
                PrivacyMode.OPEN,
                false,
                List.of(new OriginPattern("http://127.0.0.1:1")),
                List.of(contentOrigins).stream().map(OriginPattern::new).toList(),
                List.of(new UrlPattern("/**"), new UrlPattern("/**?*")),
                List.of(new UrlPattern("/secret/**")),
                allowPrivate,
                true);
    }
}
