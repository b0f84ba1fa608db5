package dev.rivulet.tracker.swarm;

import dev.rivulet.protocol.id.ContentId;
import dev.rivulet.protocol.id.PeerId;
import java.util.List;
import java.util.Set;

/**
 * Whom a peer asks for.
 *
 * @param contents what it wants, at least one
 * @param count how many peers at most
 * @param exclude peers that it knows already
 */
public record Query(List<ContentId> contents, int count, Set<PeerId> exclude) {
    public Query {
        contents = contents.stream().distinct().toList();
        exclude = Set.copyOf(exclude);
    }
}
