package dev.rivulet.tracker.swarm;

import dev.rivulet.protocol.Limits;
import dev.rivulet.protocol.id.Group;
import dev.rivulet.protocol.id.PeerId;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** A peer of the site and its memberships. */
final class Member {
    final PeerId id;
    final FlatSet<Swarm> held = new FlatSet<>();
    /** The oldest wish first. */
    final Set<Swarm> wanted = new LinkedHashSet<>();

    Traits traits;
    List<Group> groups = List.of();
    int slots;
    boolean connected = true;

    Member(PeerId id, Traits traits) {
        this.id = id;
        this.traits = traits;
    }

    int maxHoldings() {
        return traits.edge() ? Limits.MAX_EDGE_HOLDINGS : Limits.MAX_PAGE_HOLDINGS;
    }

    boolean sharesGroupWith(Member other) {
        return groups.stream().anyMatch(other.groups::contains);
    }

    /** Random, because the id is. */
    @Override
    public int hashCode() {
        return (int) id.low();
    }

    @Override
    public boolean equals(Object other) {
        return this == other;
    }
}
