package dev.rivulet.tracker.swarm;

import dev.rivulet.protocol.id.ContentId;
import dev.rivulet.protocol.id.Group;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What changed about a peer.
 *
 * @param have content ids that it holds now
 * @param drop content ids that it no longer holds; taken before {@code have}
 * @param groups all the groups it is in, or null when they did not change
 * @param slots free upload slots
 */
public record Announcement(
        List<ContentId> have,
        List<ContentId> drop,
        @Nullable List<Group> groups,
        int slots) {}
