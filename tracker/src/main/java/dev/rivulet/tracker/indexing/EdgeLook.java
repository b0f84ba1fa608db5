package dev.rivulet.tracker.indexing;

import dev.rivulet.protocol.http.SitePolicy;
import dev.rivulet.protocol.id.PeerId;
import dev.rivulet.protocol.id.ResourceUrl;
import dev.rivulet.protocol.id.SiteId;
import dev.rivulet.tracker.indexing.EdgeAnswerJudge.Finding;
import dev.rivulet.tracker.indexing.SpotCheck.Result;
import dev.rivulet.tracker.indexing.edge.Answer;
import dev.rivulet.tracker.indexing.edge.EdgeName;
import dev.rivulet.tracker.indexing.edge.IndexingEdges;
import dev.rivulet.tracker.indexing.edge.Order;
import dev.rivulet.tracker.indexing.edge.SpotChecks;
import java.io.IOException;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at resources through indexing edges: asks one, another if that one fails, judges what they report as if the
 * tracker had got it, and checks some of it with the origin.
 */
final class EdgeLook {
    /** Edges asked for one resource. */
    static final int MAX_EDGES = 2;

    private static final Logger log = LoggerFactory.getLogger(EdgeLook.class);

    private final IndexingEdges edges;
    private final ResourceFetch.Means means;
    private final long rate;
    private final RandomGenerator random;
    private final Consequences consequences;

    /** What checks lead to. */
    interface Consequences {
        /** A check bore out what the edge reported. */
        void confirmed(EdgeName edge);

        /** A check did not bear it out. */
        void contradicted(EdgeName edge, ResourceUrl url, EdgeVerdict verdict);
    }

    /** Looks without the help of edges. */
    @FunctionalInterface
    interface OwnLook {
        Outcome look() throws InterruptedException, IOException;
    }

    /**
     * What was found.
     *
     * @param reporter on whose word; empty when the tracker itself saw all of it
     */
    record Found(Outcome outcome, Optional<EdgeName> reporter) {}

    /** @param rate bytes per second at which one edge may read */
    EdgeLook(
            IndexingEdges edges,
            ResourceFetch.Means means,
            long rate,
            RandomGenerator random,
            Consequences consequences) {
        this.edges = edges;
        this.means = means;
        this.rate = rate;
        this.random = random;
        this.consequences = consequences;
    }

    /**
     * Looks; blocks for as long as it takes.
     *
     * @param seconds that an edge has at most
     * @param own used when no edge can tell, and when one has to be checked as a whole
     */
    Found look(SiteId site, ResourceUrl url, Guarded origin, int seconds, OwnLook own)
            throws InterruptedException, IOException {
        Set<PeerId> tried = new HashSet<>();
        Order order = new Order(site, url, means.maxBytes(), seconds, rate);
        while (tried.size() < MAX_EDGES) {
            Optional<Answer> answer = edges.ask(order, tried);
            if (answer.isEmpty()) {
                break;
            }
            EdgeName edge = answer.get().edge();
            tried.add(edge.id());
            if (answer.get() instanceof Answer.Reported report) {
                Finding finding = EdgeAnswerJudge.judge(url, report, origin.policy(), nowSeconds());
                if (finding instanceof Finding.Take take) {
                    return checked(url, origin, report, take.indexed(), own);
                } else if (finding instanceof Finding.Settled settled) {
                    return new Found(settled.refused(), Optional.of(edge));
                } else if (finding instanceof Finding.Useless useless) {
                    log.info("{}: edge {} is of no help with {}: {}", site, edge, url, useless.reason());
                    break;
                }
            } else if (answer.get() instanceof Answer.None none) {
                log.info("{}: edge {} does not index {}: {}", site, edge, url, none.reason());
            }
        }
        return new Found(own.look(), Optional.empty());
    }

    /** A site's origins, and what it allows. */
    record Guarded(OriginHttp http, SitePolicy policy) {}

    private Found checked(ResourceUrl url, Guarded origin, Answer.Reported report, Outcome.Indexed indexed, OwnLook own)
            throws InterruptedException, IOException {
        EdgeName edge = report.edge();
        Set<Integer> pieces = SpotChecks.of(indexed.layout().pieceCount(), report.reportsBefore(), random);
        Result result = new SpotCheck(origin.http(), origin.policy(), means.throttle(), means.clock())
                .compare(url, indexed.layout(), pieces);
        if (result instanceof Result.Other other) {
            Outcome seen = own.look();
            consequences.contradicted(edge, url, EdgeVerdict.of(indexed, other, seen));
            return new Found(seen, Optional.empty());
        } else if (result instanceof Result.NotShared notShared) {
            return new Found(new Outcome.Refused(notShared.reason()), Optional.empty());
        } else if (result instanceof Result.Unanswered unanswered) {
            return new Found(
                    new Outcome.Failed("what edge " + edge + " reports cannot be checked: " + unanswered.reason()),
                    Optional.empty());
        }
        if (!pieces.isEmpty()) {
            consequences.confirmed(edge);
        }
        return new Found(indexed, Optional.of(edge));
    }

    private long nowSeconds() {
        return TimeUnit.MILLISECONDS.toSeconds(means.clock().millis());
    }
}
