package dev.rivulet.tracker.figures;

import dev.rivulet.protocol.id.PeerId;
import dev.rivulet.protocol.id.SiteId;
import dev.rivulet.protocol.message.ClientMessage.EdgeState;
import dev.rivulet.protocol.message.ClientMessage.Rates;
import dev.rivulet.protocol.message.ClientMessage.Report;
import dev.rivulet.tracker.history.EdgeStanding;
import dev.rivulet.tracker.history.Sum;
import dev.rivulet.tracker.signaling.Presence;
import dev.rivulet.tracker.signaling.ReportListener;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** What was counted since the tracker started, in memory. Thread-safe; nothing here blocks. */
final class Counting implements ReportListener {
    /** Edges of which something is remembered beyond a connection; further ones are counted on their site alone. */
    static final int MAX_EDGES = 100_000;

    private final LongSupplier clockMs;
    private final Map<SiteId, SiteTally> sites = new ConcurrentHashMap<>();
    private final Map<EdgeKey, EdgeTally> edges = new ConcurrentHashMap<>();
    private final Map<SiteId, Claims> claims = new ConcurrentHashMap<>();
    private final Map<PeerId, Long> reportedAtMs = new ConcurrentHashMap<>();
    private final LongAdder disregarded = new LongAdder();

    /**
     * Takes up what edges said before a restart.
     *
     * @param clockMs milliseconds since whenever, never going back
     */
    Counting(Collection<EdgeStanding> known, LongSupplier clockMs) {
        this.clockMs = clockMs;
        for (EdgeStanding edge : known) {
            EdgeState state = new EdgeState(edge.name(), edge.region(), edge.store(), edge.quota(), new Rates(0, 0));
            edges.put(new EdgeKey(edge.site(), edge.fingerprint()), new EdgeTally(state));
        }
    }

    @Override
    public void reported(Reporter from, Report report) {
        long nowMs = clockMs.getAsLong();
        Long before = reportedAtMs.put(from.id(), nowMs);
        if (!Plausibility.isPlausible(report, before == null ? 0 : nowMs - before)) {
            disregarded.increment();
            return;
        }
        site(from.site()).take(from.role(), report);
        if (from.identity() != null) {
            EdgeTally edge = edge(new EdgeKey(from.site(), from.identity()));
            if (edge != null) {
                edge.take(report);
            }
        }
        if (report.bytes() != null) {
            Claims of = claimsOf(from.site());
            synchronized (of) {
                of.said(from.id(), report.observed().links());
            }
        }
    }

    private @Nullable EdgeTally edge(EdgeKey key) {
        return edges.size() >= MAX_EDGES && !edges.containsKey(key)
                ? null
                : edges.computeIfAbsent(key, known -> new EdgeTally(null));
    }

    /** The tracker itself had so many bytes from a site's origins. */
    void indexed(SiteId site, long bytes) {
        site(site).add(Sum.INDEX_ORIGIN, bytes);
    }

    /** How the edge is; zeros when it never said. */
    EdgeState stateOf(EdgeKey key) {
        EdgeTally tally = edges.get(key);
        return (tally == null ? new EdgeTally(null) : tally).state();
    }

    /** Edges that have said something, ever. */
    Map<EdgeKey, EdgeTally> edges() {
        return edges;
    }

    SiteTally site(SiteId site) {
        return sites.computeIfAbsent(site, unknown -> new SiteTally());
    }

    /** Reports that could not be true. */
    long disregarded() {
        return disregarded.sum();
    }

    /** Looks at a site's claims. */
    <T> T claims(SiteId site, Function<Claims, T> look) {
        Claims of = claimsOf(site);
        synchronized (of) {
            return look.apply(of);
        }
    }

    private Claims claimsOf(SiteId site) {
        return claims.computeIfAbsent(site, unknown -> new Claims());
    }

    /** Forgets what was said by those who are not here any more. */
    void forgetAllBut(Presence presence) {
        Set<PeerId> everybody = new HashSet<>();
        List<SiteId> all = new ArrayList<>(claims.keySet());
        for (SiteId site : all) {
            Set<PeerId> here = presence.peers(site);
            everybody.addAll(here);
            claims(site, claims -> {
                claims.keepOnly(here);
                return here;
            });
        }
        presence.headcounts().keySet().stream()
                .filter(site -> !claims.containsKey(site))
                .forEach(site -> everybody.addAll(presence.peers(site)));
        reportedAtMs.keySet().retainAll(everybody);
    }
}
