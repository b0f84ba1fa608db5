package dev.rivulet.tracker.swarm;

import dev.rivulet.protocol.Limits;
import dev.rivulet.protocol.id.Group;
import dev.rivulet.protocol.id.PeerId;
import dev.rivulet.protocol.message.HintWishes;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

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

    /** What an edge wants hints of; null: of nothing. */
    @Nullable
    HintWishes wishes;

    /** Where the comparison of the catalog with an edge's pins stands; null: at its beginning. */
    @Nullable
    Iterator<Hintable.Resource> pinWalk;

    /** Whether the whole catalog was compared with an edge's pins. */
    boolean pinsWalked;

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
