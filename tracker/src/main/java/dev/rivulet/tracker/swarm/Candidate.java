package dev.rivulet.tracker.swarm;

import dev.rivulet.protocol.id.ContentId;
import dev.rivulet.protocol.id.PeerId;
import dev.rivulet.protocol.id.ResourceUrl;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A peer that another is told of.
 *
 * @param holds what of the wanted it holds
 * @param http base URL where an edge serves pieces
 */
public record Candidate(
        PeerId id,
        boolean edge,
        List<ContentId> holds,
        @Nullable ResourceUrl http) {}
