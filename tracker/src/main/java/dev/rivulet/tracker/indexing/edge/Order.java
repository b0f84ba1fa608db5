package dev.rivulet.tracker.indexing.edge;

import dev.rivulet.protocol.id.ResourceUrl;
import dev.rivulet.protocol.id.SiteId;
import dev.rivulet.protocol.message.IndexRequest;

/**
 * What an edge is asked for.
 *
 * @param most larger resources are not to be read, in bytes
 * @param seconds after which it is not waited for
 * @param rate bytes per second at most
 */
public record Order(SiteId site, ResourceUrl url, long most, int seconds, long rate) {
    IndexRequest request(long id) {
        return new IndexRequest(id, url, most, seconds, rate);
    }
}
