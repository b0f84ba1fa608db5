package dev.rivulet.tracker.publishing;

import dev.rivulet.protocol.id.ContentId;
import dev.rivulet.protocol.id.SiteId;
import dev.rivulet.tracker.catalog.CatalogEntry;
import dev.rivulet.tracker.swarm.Hintable;
import java.time.Clock;
import java.util.Iterator;
import java.util.List;

/** The fresh entries of a site's catalog, as hints name them: what is stale may soon be another content. */
public record HintableEntries(Catalogs catalogs, SiteId site, Clock clock) implements Hintable {
    @Override
    public List<Resource> withContent(ContentId content) {
        return catalogs.withContent(site, content).stream()
                .filter(this::isFresh)
                .map(HintableEntries::resource)
                .toList();
    }

    @Override
    public Iterator<Resource> all() {
        return catalogs.allListed(site)
                .filter(this::isFresh)
                .map(HintableEntries::resource)
                .iterator();
    }

    private boolean isFresh(CatalogEntry entry) {
        return !entry.isStale(clock.instant().getEpochSecond());
    }

    private static Resource resource(CatalogEntry entry) {
        return new Resource(entry.url(), entry.entry().content(), entry.entry().size());
    }
}
