package dev.rivulet.tracker.swarm;

import dev.rivulet.protocol.id.ContentId;
import dev.rivulet.protocol.id.ResourceUrl;
import java.util.Iterator;
import java.util.List;

/** The resources of a site's catalog that edges may be told of. Answers from memory. */
public interface Hintable {
    /**
     * A fresh resource.
     *
     * @param size in bytes
     */
    record Resource(ResourceUrl url, ContentId content, long size) {}

    /** Those that have this content. */
    List<Resource> withContent(ContentId content);

    /** All, one after the other: whatever comes or goes meanwhile may be among them or not. */
    Iterator<Resource> all();
}
