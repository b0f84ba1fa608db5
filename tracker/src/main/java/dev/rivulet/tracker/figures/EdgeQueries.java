package dev.rivulet.tracker.figures;

import dev.rivulet.protocol.id.KeyId;
import dev.rivulet.protocol.id.PeerId;
import dev.rivulet.protocol.id.SiteId;
import dev.rivulet.protocol.message.ClientMessage.EdgeState;
import dev.rivulet.tracker.database.EdgeTables.Enrolled;
import dev.rivulet.tracker.enrolment.Enrolment;
import dev.rivulet.tracker.history.EdgeStanding;
import dev.rivulet.tracker.signaling.Presence;
import dev.rivulet.tracker.signaling.Presence.ConnectedEdge;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Answers to what operators ask about edges. Reads the database, so it blocks. Thread-safe. */
final class EdgeQueries {
    private final Figures figures;
    private final Presence presence;
    private final Enrolment enrolment;
    private final Predicate<PeerId> distrusted;

    /** @param distrusted edges that lost the tracker's trust */
    EdgeQueries(Figures figures, Presence presence, Enrolment enrolment, Predicate<PeerId> distrusted) {
        this.figures = figures;
        this.presence = presence;
        this.enrolment = enrolment;
        this.distrusted = distrusted;
    }

    /** All that were ever met, and those without a key that are connected, by {@link #nameOf}. */
    List<Views.Edge> edges(@Nullable SiteId only) throws IOException {
        Map<EdgeKey, EdgeStanding> standings = new HashMap<>();
        figures.history()
                .standings()
                .forEach(standing -> standings.put(new EdgeKey(standing.site(), standing.fingerprint()), standing));
        Map<EdgeKey, ConnectedEdge> connected = new HashMap<>();
        List<Views.Edge> all = new ArrayList<>();
        for (SiteId site : presence.headcounts().keySet()) {
            for (ConnectedEdge edge : presence.edges(site)) {
                if (edge.identity() != null) {
                    connected.put(new EdgeKey(site, edge.identity()), edge);
                } else if (only == null || only.equals(site)) {
                    all.add(view(new Known(site, edge.id().text(), null, null), edge));
                }
            }
        }
        for (Enrolled edge : enrolment.known()) {
            if (only == null || only.equals(edge.site())) {
                EdgeKey key = new EdgeKey(edge.site(), edge.fingerprint());
                Known known = new Known(edge.site(), edge.fingerprint().text(), edge, standings.get(key));
                all.add(view(known, connected.get(key)));
            }
        }
        all.sort(Comparator.comparing(EdgeQueries::nameOf));
        return all;
    }

    /** Tells edges apart. */
    static String nameOf(Views.Edge edge) {
        return edge.fingerprint() + " " + edge.site();
    }

    /** The one of this fingerprint, on a site or on whichever. */
    Optional<Views.Edge> edge(String fingerprint, @Nullable SiteId site) throws IOException {
        return edges(site).stream()
                .filter(edge -> edge.fingerprint().equals(fingerprint))
                .max(Comparator.comparing(Views.Edge::online));
    }

    private record Known(
            SiteId site,
            String name,
            @Nullable Enrolled enrolled,
            @Nullable EdgeStanding standing) {
        @Nullable
        KeyId fingerprint() {
            return enrolled == null ? null : enrolled.fingerprint();
        }
    }

    private Views.Edge view(Known known, @Nullable ConnectedEdge connected) {
        KeyId fingerprint = known.fingerprint();
        EdgeState state = fingerprint == null
                ? new EdgeTally(null).state()
                : figures.counting().stateOf(new EdgeKey(known.site(), fingerprint));
        Claims.Standing word = connected == null
                ? null
                : figures.counting().claims(known.site(), claims -> claims.standing(connected.id()));
        EdgeStanding standing = known.standing();
        String agent = connected != null ? connected.agent() : standing == null ? null : standing.agent();
        long now = figures.now();
        return new Views.Edge(
                known.name(),
                state.name(),
                known.site().text(),
                connected != null,
                connected == null ? null : now - TimeUnit.MILLISECONDS.toSeconds(connected.forMs()),
                known.enrolled() == null ? null : known.enrolled().firstSeen(),
                connected != null ? Long.valueOf(now) : standing == null ? null : Long.valueOf(standing.lastSeen()),
                agent == null ? null : agent.substring(agent.indexOf('/') + 1),
                state.region(),
                connected == null ? new EdgeTally(null).state().rates() : state.rates(),
                state.store(),
                state.quota(),
                connected == null
                        ? 0
                        : figures.counting().claims(known.site(), claims -> claims.neighbours(connected.id())),
                fingerprint != null && enrolment.isRevoked(fingerprint),
                connected != null && connected.indexes(),
                gateway(connected),
                trust(connected, word));
    }

    private static Views.@Nullable Gateway gateway(@Nullable ConnectedEdge connected) {
        return connected == null || connected.http() == null
                ? null
                : new Views.Gateway(connected.http().text(), connected.reached());
    }

    private String trust(@Nullable ConnectedEdge connected, Claims.@Nullable Standing word) {
        if (connected != null && distrusted.test(connected.id())) {
            return "distrusted";
        }
        return word != null && word.suspect() ? "suspect" : "ok";
    }
}
