package dev.rivulet.tracker.operating;

import dev.rivulet.protocol.id.ResourceUrl;
import dev.rivulet.tracker.api.Endpoints;
import dev.rivulet.tracker.enrolment.Bans;
import dev.rivulet.tracker.event.Events;
import dev.rivulet.tracker.indexing.FetchedContent;
import dev.rivulet.tracker.indexing.OriginCheck;
import dev.rivulet.tracker.policy.Policies;
import dev.rivulet.tracker.publishing.Catalogs;
import dev.rivulet.tracker.signaling.Signaling;
import dev.rivulet.tracker.site.IssuedTokens;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * All that operators change, and the parts of the tracker that it concerns.
 *
 * @param publicBase where browsers find the tracker; null from it: where the operator does
 */
public record Steering(
        SiteDirectory directory,
        IssuedTokens tokens,
        Bans bans,
        Policies policies,
        Catalogs catalogs,
        FetchedContent fetched,
        Signaling signaling,
        OriginCheck origins,
        Events events,
        InstantSource clock,
        Supplier<@Nullable ResourceUrl> publicBase) {

    /** The endpoints of all of it. */
    public List<Endpoints> endpoints() {
        return List.of(
                new SiteEndpoints(directory, catalogs, origins, events, publicBase),
                new ContentEndpoints(directory.sites(), catalogs, fetched, events),
                new JoinTokenEndpoints(directory.sites(), tokens, events, clock),
                new BanEndpoints(bans, signaling, events, clock),
                new PolicyEndpoints(policies, signaling, events));
    }
}
