package dev.rivulet.protocol.message;

import dev.rivulet.protocol.Check;
import dev.rivulet.protocol.Limits;
import dev.rivulet.protocol.id.ResourceUrl;

/**
 * Asks an indexing edge to fetch a resource from its origin, hash it and report (docs/protocol.md, section 5.6).
 *
 * @param id comes back in the report
 * @param most larger resources are not to be read, in bytes
 * @param seconds after which the answer is not waited for any more
 * @param rate bytes per second at which to read at most
 */
public record IndexRequest(long id, ResourceUrl url, long most, int seconds, long rate) implements TrackerMessage {
    public IndexRequest {
        Check.u32("id", id);
        Check.range("most", most, 1, Limits.MAX_RESOURCE_BYTES);
        Check.range("seconds", seconds, 1, Limits.MAX_INDEX_SECONDS);
        Check.range("rate", rate, 1, Limits.MAX_INTEGER);
    }
}
