package dev.rivulet.tracker.publishing;

import dev.rivulet.protocol.DecodeException;
import dev.rivulet.protocol.catalog.Layout;
import dev.rivulet.protocol.http.SitePolicy;
import dev.rivulet.protocol.id.ContentId;
import dev.rivulet.protocol.id.SiteId;
import dev.rivulet.protocol.id.UrlHash;
import dev.rivulet.tracker.catalog.CatalogChange;
import dev.rivulet.tracker.catalog.CatalogEntry;
import dev.rivulet.tracker.indexing.SiteEntries;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** The catalogs as the indexer sees them. */
public record IndexedEntries(Catalogs catalogs) implements SiteEntries {
    @Override
    public Optional<SitePolicy> policy(SiteId site) {
        return catalogs.policy(site);
    }

    @Override
    public Optional<CatalogEntry> listed(SiteId site, UrlHash url) {
        return catalogs.listed(site, url);
    }

    @Override
    public Optional<CatalogEntry> suspended(SiteId site, UrlHash url) {
        return catalogs.suspended(site, url);
    }

    @Override
    public Optional<CatalogEntry> known(SiteId site, UrlHash url) {
        return catalogs.known(site, url);
    }

    @Override
    public List<CatalogEntry> withContent(SiteId site, ContentId content) {
        return catalogs.withContent(site, content);
    }

    @Override
    public boolean isBlocked(SiteId site, UrlHash url) {
        return catalogs.isBlocked(site, url);
    }

    @Override
    public Optional<Layout> layout(SiteId site, ContentId content) throws IOException {
        Optional<byte[]> bytes = catalogs.layout(site, content);
        try {
            return bytes.isEmpty() ? Optional.empty() : Optional.of(Layout.decode(bytes.get()));
        } catch (DecodeException e) {
            throw new IOException("the stored layout of " + content + " is damaged", e);
        }
    }

    @Override
    public CompletableFuture<Optional<String>> change(SiteId site, CatalogChange change) {
        return catalogs.change(site, change)
                .thenApply(receipt ->
                        receipt instanceof Receipt.Refused refused ? Optional.of(refused.reason()) : Optional.empty());
    }
}
