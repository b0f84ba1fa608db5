package dev.rivulet.tracker.swarm;

import dev.rivulet.protocol.id.ResourceUrl;
import org.jspecify.annotations.Nullable;

/**
 * What does not change about a peer while it is connected.
 *
 * @param edge whether it is an edge, as opposed to a page
 * @param edgesOnly whether it connects to edges only, by the site's policy or its visitor's will; false for edges
 * @param network where it is
 * @param http base URL where an edge serves pieces, as far as it was found there
 */
public record Traits(
        boolean edge,
        boolean edgesOnly,
        Network network,
        @Nullable ResourceUrl http) {
    /** Whether two such peers may be introduced and may signal to each other. */
    boolean mayMeet(Traits other) {
        return edge || other.edge || (!edgesOnly && !other.edgesOnly);
    }
}
