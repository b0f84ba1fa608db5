package dev.rivulet.tracker.signaling;

import dev.rivulet.protocol.id.ContentId;
import dev.rivulet.protocol.id.KeyId;
import dev.rivulet.protocol.id.PeerId;
import dev.rivulet.protocol.id.ResourceUrl;
import dev.rivulet.protocol.id.SiteId;
import dev.rivulet.tracker.swarm.SwarmMember;
import dev.rivulet.tracker.swarm.SwarmSize;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Who is connected, and to what end. May be asked from any thread; what is asked of an unknown site is nobody. */
public interface Presence {
    /**
     * How many have joined a site and are connected.
     *
     * @param swarms contents that somebody holds or wants
     */
    record Headcount(int pages, int edges, int swarms) {
        public static final Headcount NOBODY = new Headcount(0, 0, 0);

        public Headcount plus(Headcount other) {
            return new Headcount(pages + other.pages, edges + other.edges, swarms + other.swarms);
        }
    }

    /**
     * An edge that is connected.
     *
     * @param identity its fingerprint; null where none is wanted
     * @param agent in its own words
     * @param indexes whether it may index for the tracker
     * @param http where it says that it serves over HTTP
     * @param reached whether it was found there, so that visitors are told
     * @param forMs how long it has been connected
     */
    record ConnectedEdge(
            PeerId id,
            @Nullable KeyId identity,
            String agent,
            boolean indexes,
            @Nullable ResourceUrl http,
            boolean reached,
            long forMs) {}

    Map<SiteId, Headcount> headcounts();

    List<ConnectedEdge> edges(SiteId site);

    /** Everybody who is connected. */
    Set<PeerId> peers(SiteId site);

    /** The swarms with most members, the largest first. Looks at all of them. */
    List<SwarmSize> swarms(SiteId site, int most);

    SwarmSize swarm(SiteId site, ContentId content);

    /** Members of a swarm, those that hold something first. */
    List<SwarmMember> members(SiteId site, ContentId content, int most);
}
