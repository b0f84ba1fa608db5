package dev.rivulet.tracker.publishing;

import dev.rivulet.protocol.DecodeException;
import dev.rivulet.protocol.Limits;
import dev.rivulet.protocol.catalog.Entry;
import dev.rivulet.protocol.catalog.PublishBody;
import dev.rivulet.protocol.http.SitePolicy;
import dev.rivulet.protocol.id.ResourceUrl;
import dev.rivulet.protocol.id.UrlHash;
import dev.rivulet.tracker.catalog.CatalogChange;
import dev.rivulet.tracker.catalog.CatalogChange.Pace;
import dev.rivulet.tracker.catalog.CatalogChange.Put;
import dev.rivulet.tracker.catalog.CatalogEntry;
import dev.rivulet.tracker.catalog.Source;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What a publishing call asks for (docs/protocol.md, section 4.6): all of it is right, or it is refused. */
final class Publication {
    /** A longer {@code maxAge} counts as this one (a year), in seconds. */
    static final long MAX_AGE_SECONDS = 365L * 24 * 3600;

    private final SitePolicy policy;
    private final long nowSeconds;
    private final Set<UrlHash> seen = new HashSet<>();

    private Publication(SitePolicy policy, long nowSeconds) {
        this.policy = policy;
        this.nowSeconds = nowSeconds;
    }

    /** The change; throws {@link DecodeException} with the entry's index and field in its place. */
    static CatalogChange read(byte[] utf8, SitePolicy policy, long nowSeconds) throws DecodeException {
        PublishBody body = PublishBody.parse(utf8);
        Publication publication = new Publication(policy, nowSeconds);
        Source source = body.live() ? Source.STREAMED : Source.PUBLISHED;
        List<Put> puts = new ArrayList<>();
        for (PublishBody.Item item : body.entries()) {
            puts.add(publication.put("publish.entries[" + puts.size() + "]", item, source));
        }
        Set<UrlHash> removed = new HashSet<>();
        for (ResourceUrl url : body.removed()) {
            // It need not be admitted any more.
            publication.checkOnce("publish.removed[" + removed.size() + "]", url);
            removed.add(url.hash());
        }
        return new CatalogChange(puts, removed, Set.of(), body.live() ? Pace.STREAMED : Pace.AT_ONCE);
    }

    private Put put(String place, PublishBody.Item item, Source source) throws DecodeException {
        checkAdmitted(place + ".url", item.url());
        checkOnce(place + ".url", item.url());
        long maxAge = Math.min(item.maxAge(), MAX_AGE_SECONDS);
        Entry entry = item.entry(nowSeconds).freshUntil(nowSeconds + maxAge);
        if (entry.encodedBytes() > Limits.MAX_ENTRY_BYTES) {
            throw new DecodeException(
                    place + ".headers", "too long: the entry has more than " + Limits.MAX_ENTRY_BYTES + " bytes");
        }
        return new Put(new CatalogEntry(item.url(), entry, source, maxAge), item.layout());
    }

    private void checkAdmitted(String place, ResourceUrl url) throws DecodeException {
        if (!policy.admitsContentOrigin(url.origin())) {
            throw new DecodeException(place, url.origin() + " is not one of the site's content-origins");
        }
        if (!policy.admits(url)) {
            throw new DecodeException(
                    place, url.pathAndQuery() + " is outside the site's include and exclude patterns");
        }
    }

    private void checkOnce(String place, ResourceUrl url) throws DecodeException {
        if (!seen.add(url.hash())) {
            throw new DecodeException(place, url + " comes twice");
        }
    }
}
