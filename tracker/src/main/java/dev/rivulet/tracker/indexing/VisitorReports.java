package dev.rivulet.tracker.indexing;

import dev.rivulet.protocol.id.ContentId;
import dev.rivulet.protocol.id.ResourceUrl;
import dev.rivulet.protocol.id.SiteId;
import java.util.List;

/**
 * What visitors say that bears on the catalog. They may be lying: all of it is checked again and bounded. Returns at
 * once; may be called from any thread.
 */
public interface VisitorReports {
    /** {@code asker} went to the origin for these, because they have no entry. */
    void missing(SiteId site, Asker asker, List<ResourceUrl> urls);

    /** The origin gave {@code asker} other bytes for these than their entries say. */
    void contradicted(SiteId site, Asker asker, List<ResourceUrl> urls);

    /** {@code asker} has got these, and offers them. */
    void announced(SiteId site, Asker asker, List<ContentId> contents);

    /** Somebody looks for who holds these. */
    void lookedUp(SiteId site, List<ContentId> contents);
}
