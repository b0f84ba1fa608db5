package dev.rivulet.tracker.indexing;

import dev.rivulet.protocol.id.ResourceUrl;
import dev.rivulet.protocol.id.SiteId;

/** A URL as a resource of one site: what the indexer works on, once at a time. */
record SiteUrl(SiteId site, ResourceUrl url) {}
