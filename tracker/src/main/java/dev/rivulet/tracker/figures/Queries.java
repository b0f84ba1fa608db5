package dev.rivulet.tracker.figures;

import dev.rivulet.protocol.id.ContentId;
import dev.rivulet.protocol.id.KeyId;
import dev.rivulet.protocol.id.PeerId;
import dev.rivulet.protocol.id.SiteId;
import dev.rivulet.tracker.catalog.CatalogEntry;
import dev.rivulet.tracker.figures.Views.Overview;
import dev.rivulet.tracker.figures.Views.Series;
import dev.rivulet.tracker.history.ContentSpan;
import dev.rivulet.tracker.history.EdgeSpan;
import dev.rivulet.tracker.history.History;
import dev.rivulet.tracker.history.Range;
import dev.rivulet.tracker.history.SiteSpan;
import dev.rivulet.tracker.history.Step;
import dev.rivulet.tracker.history.Sum;
import dev.rivulet.tracker.history.Sums;
import dev.rivulet.tracker.policy.Price;
import dev.rivulet.tracker.publishing.Catalogs;
import dev.rivulet.tracker.signaling.Presence;
import dev.rivulet.tracker.signaling.Presence.Headcount;
import dev.rivulet.tracker.swarm.SwarmMember;
import dev.rivulet.tracker.swarm.SwarmSize;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** Answers to what operators ask about figures. Reads the database, so it blocks. Thread-safe. */
final class Queries {
    /** Members of a swarm that are shown. */
    static final int MAX_PICTURED = 100;

    /** Swarms of a site that are looked for. */
    static final int MAX_SWARMS = 200;
    /** For so many seconds the same answer is given: to find the largest, all have to be looked at. */
    static final int SWARMS_AGE_SECONDS = 5;

    private static final double GIGABYTE = 1e9;

    private final Figures figures;
    private final Presence presence;
    private final Catalogs catalogs;
    private final Supplier<Optional<Price>> price;
    private final Map<SiteId, Largest> largest = new ConcurrentHashMap<>();

    private record Largest(long at, List<SwarmSize> swarms) {}

    Queries(Figures figures, Presence presence, Catalogs catalogs, Supplier<Optional<Price>> price) {
        this.figures = figures;
        this.presence = presence;
        this.catalogs = catalogs;
        this.price = price;
    }

    /** @param site null for all */
    Overview overview(@Nullable SiteId site, Range range) throws IOException {
        Step step = range.ofSites();
        long now = figures.now();
        Sums sums = unwritten(site);
        for (SiteSpan span :
                figures.history().sites(site, step, range.from(step, now)).values()) {
            sums = sums.plus(span.sums());
        }
        Headcount heads = heads(site);
        Sums all = sums;
        return new Overview(
                now,
                heads.pages(),
                heads.edges(),
                bytes(all),
                all.offload(),
                all.saved(),
                price.get()
                        .map(each -> new Views.Money(
                                all.saved() / GIGABYTE * each.perGb().doubleValue(), each.currency()))
                        .orElse(null),
                new Views.Health(
                        all.get(Sum.FAILED), all.get(Sum.REJECTED), all.get(Sum.STALLS), all.get(Sum.CONTRADICTED)),
                heads.swarms(),
                sites(site).stream().mapToLong(catalogs::size).sum());
    }

    private static Views.Bytes bytes(Sums sums) {
        return new Views.Bytes(
                sums.get(Sum.STORE),
                sums.get(Sum.PEERS),
                sums.get(Sum.EDGES),
                sums.get(Sum.ORIGIN),
                sums.get(Sum.EDGE_ORIGIN),
                sums.get(Sum.INDEX_ORIGIN),
                sums.get(Sum.UPLOADED));
    }

    private Sums unwritten(@Nullable SiteId site) {
        return sites(site).stream().map(figures.scribe()::unwritten).reduce(Sums.NOTHING, Sums::plus);
    }

    private Headcount heads(@Nullable SiteId site) {
        Map<SiteId, Headcount> all = presence.headcounts();
        return site == null
                ? all.values().stream().reduce(Headcount.NOBODY, Headcount::plus)
                : all.getOrDefault(site, Headcount.NOBODY);
    }

    private List<SiteId> sites(@Nullable SiteId site) {
        Set<SiteId> all = presence.headcounts().keySet();
        return site == null ? List.copyOf(all) : all.contains(site) ? List.of(site) : List.of();
    }

    /** The last quarter of an hour closely, longer ranges from the database. */
    Series series(@Nullable SiteId site, Range range) throws IOException {
        long now = figures.now();
        if (range == Range.QUARTER) {
            int points = Range.QUARTER.points(Step.MINUTE) * Step.MINUTE.seconds() / RecentPoints.STEP_SECONDS;
            return recent(site, now, points);
        }
        Step step = range.ofSites();
        long from = range.from(step, now);
        NavigableMap<Long, SiteSpan> spans = figures.history().sites(site, step, from);
        // Without the present ten seconds, which the stream tells when they have ended.
        long until = figures.scribe().sampledUntil();
        Sums unwritten =
                sites(site).stream().map(figures.scribe()::unwrittenPoints).reduce(Sums.NOTHING, Sums::plus);
        Headcount heads = heads(site);
        spans.compute(
                step.startOf(now),
                (started, span) -> span == null
                        ? new SiteSpan(anyOf(site), unwritten, heads.pages(), heads.edges())
                        : new SiteSpan(
                                span.site(),
                                span.sums().plus(unwritten),
                                Math.max(span.viewers(), heads.pages()),
                                Math.max(span.edges(), heads.edges())));
        return siteSeries(new Axis(from, step.seconds(), range.points(step), until == 0 ? null : until), spans);
    }

    private static SiteId anyOf(@Nullable SiteId site) {
        return site == null ? new SiteId("all") : site;
    }

    /** The newest ten seconds that have ended; null before there are any. */
    @Nullable
    Series newest(@Nullable SiteId site) {
        Series last = recent(site, figures.now(), 2);
        return last.series().values().stream()
                        .allMatch(values -> values.stream().allMatch(value -> value == null))
                ? null
                : last;
    }

    private Series recent(@Nullable SiteId site, long now, int points) {
        int step = RecentPoints.STEP_SECONDS;
        // The present ten seconds are noted when they have ended.
        long from = RecentPoints.lastEnded(now) - (long) (points - 1) * step;
        NavigableMap<Long, SiteSpan> spans = new TreeMap<>();
        for (SiteId each : sites(site)) {
            for (RecentPoints.Point point : figures.scribe().recent(each).since(from)) {
                spans.merge(
                        point.at(),
                        point.span(),
                        (one, other) -> new SiteSpan(
                                anyOf(null),
                                one.sums().plus(other.sums()),
                                one.viewers() + other.viewers(),
                                one.edges() + other.edges()));
            }
        }
        return siteSeries(new Axis(from, step, points, null), spans);
    }

    private static Series siteSeries(Axis axis, NavigableMap<Long, SiteSpan> spans) {
        Map<String, ToLongFunction<SiteSpan>> columns = new LinkedHashMap<>();
        columns.put("store", sum(Sum.STORE));
        columns.put("peers", sum(Sum.PEERS));
        columns.put("edges", sum(Sum.EDGES));
        columns.put("origin", sum(Sum.ORIGIN));
        columns.put("edgeOrigin", sum(Sum.EDGE_ORIGIN));
        columns.put("indexOrigin", sum(Sum.INDEX_ORIGIN));
        columns.put("uploaded", sum(Sum.UPLOADED));
        columns.put("viewers", SiteSpan::viewers);
        columns.put("edgesOnline", SiteSpan::edges);
        columns.put("failed", sum(Sum.FAILED));
        columns.put("rejected", sum(Sum.REJECTED));
        columns.put("stalls", sum(Sum.STALLS));
        return series(axis, spans, columns);
    }

    private static ToLongFunction<SiteSpan> sum(Sum sum) {
        return span -> span.sums().get(sum);
    }

    private record Axis(
            long from, long step, int points, @Nullable Long until) {}

    private static <T> Series series(Axis axis, Map<Long, T> spans, Map<String, ToLongFunction<T>> columns) {
        Map<String, List<@Nullable Long>> all = new LinkedHashMap<>();
        columns.forEach((name, value) -> {
            List<@Nullable Long> values = new ArrayList<>(axis.points());
            for (int i = 0; i < axis.points(); i++) {
                T span = spans.get(axis.from() + i * axis.step());
                values.add(span == null ? null : value.applyAsLong(span));
            }
            all.put(name, values);
        });
        return new Series(axis.from(), axis.step(), axis.points(), axis.until(), all);
    }

    /** What an edge did. */
    Series edgeSeries(SiteId site, KeyId fingerprint, Range range) throws IOException {
        Step step = range.ofEdges();
        long from = range.from(step, figures.now());
        Map<String, ToLongFunction<EdgeSpan>> columns = new LinkedHashMap<>();
        columns.put("up", EdgeSpan::up);
        columns.put("down", EdgeSpan::down);
        columns.put("origin", EdgeSpan::origin);
        return series(
                new Axis(from, step.seconds(), range.points(step), null),
                figures.history().edge(site, fingerprint, step, from),
                columns);
    }

    /** What was used of a content. */
    Series contentSeries(SiteId site, ContentId content, Range range) throws IOException {
        Step step = range.ofContents();
        long from = range.from(step, figures.now());
        Map<String, ToLongFunction<ContentSpan>> columns = new LinkedHashMap<>();
        columns.put("bytes", ContentSpan::used);
        columns.put("origin", ContentSpan::origin);
        return series(
                new Axis(from, step.seconds(), range.points(step), null),
                figures.history().content(site, content, step, from),
                columns);
    }

    /** The contents most used, after the first {@code skip}. */
    List<Views.Content> contents(@Nullable SiteId site, Range range, int skip, int most) throws IOException {
        Step step = range.ofContents();
        long from = range.from(step, figures.now());
        return figures.history().contents(site, step, from, skip, most).stream()
                .map(this::content)
                .toList();
    }

    Views.Content content(SiteId site, ContentId content, Range range) throws IOException {
        Step step = range.ofContents();
        long used = 0;
        long origin = 0;
        for (ContentSpan span : figures.history()
                .content(site, content, step, range.from(step, figures.now()))
                .values()) {
            used += span.used();
            origin += span.origin();
        }
        return content(new ContentSpan(site, content, used, origin));
    }

    private Views.Content content(ContentSpan span) {
        Optional<CatalogEntry> entry = catalogs.withContent(span.site(), span.content()).stream()
                .min(Comparator.comparing(listed -> listed.url().text()));
        return new Views.Content(
                span.site().text(),
                span.content().text(),
                entry.map(listed -> listed.url().text()).orElse(null),
                entry.map(listed -> listed.entry().size()).orElse(null),
                presence.swarm(span.site(), span.content()).pages(),
                span.used(),
                span.used() == 0 ? 0 : 1 - (double) span.origin() / span.used());
    }

    /** The largest swarms. */
    List<Views.Swarm> swarms(@Nullable SiteId site, int most) {
        return sites(site).stream()
                .flatMap(each -> largest(each).stream().map(size -> swarm(each, size)))
                .sorted(Comparator.comparingLong((Views.Swarm swarm) -> swarm.viewers() + swarm.edges())
                        .reversed()
                        .thenComparing(Views.Swarm::content))
                .limit(most)
                .toList();
    }

    private List<SwarmSize> largest(SiteId site) {
        long now = figures.now();
        Largest known = largest.get(site);
        if (known == null || now < known.at() || now - known.at() >= SWARMS_AGE_SECONDS) {
            known = new Largest(now, presence.swarms(site, MAX_SWARMS));
            largest.put(site, known);
        }
        return known.swarms();
    }

    private Views.Swarm swarm(SiteId site, SwarmSize size) {
        String url = catalogs.withContent(site, size.content()).stream()
                .map(entry -> entry.url().text())
                .min(Comparator.naturalOrder())
                .orElse(null);
        return new Views.Swarm(site.text(), size.content().text(), url, size.pages(), size.edges());
    }

    /** Who is in a swarm, and connected to whom. */
    Views.Picture picture(SiteId site, ContentId content) {
        List<SwarmMember> members = presence.members(site, content, MAX_PICTURED);
        if (members.isEmpty()) {
            return new Views.Picture(List.of(), List.of());
        }
        return figures.counting().claims(site, claims -> {
            List<List<String>> connections = new ArrayList<>();
            for (int i = 0; i < members.size(); i++) {
                for (int j = i + 1; j < members.size(); j++) {
                    PeerId one = members.get(i).id();
                    PeerId other = members.get(j).id();
                    if (claims.connected(one, other)) {
                        connections.add(List.of(one.text(), other.text()));
                    }
                }
            }
            return new Views.Picture(members.stream().map(Queries::member).toList(), connections);
        });
    }

    private static Views.Member member(SwarmMember member) {
        return new Views.Member(member.id().text(), role(member.edge()), member.holds() ? "some" : "none");
    }

    static String role(boolean edge) {
        return edge ? "edge" : "page";
    }

    /** Everybody whom somebody contradicts. */
    List<Views.Discrepancy> discrepancies() {
        List<Views.Discrepancy> all = new ArrayList<>();
        for (SiteId site : sites(null)) {
            Map<PeerId, Presence.ConnectedEdge> edges = new LinkedHashMap<>();
            presence.edges(site).forEach(edge -> edges.put(edge.id(), edge));
            Function<Claims.Standing, Views.Discrepancy> view = standing -> {
                Presence.ConnectedEdge edge = edges.get(standing.peer());
                return new Views.Discrepancy(
                        site.text(),
                        standing.peer().text(),
                        role(edge != null),
                        edge == null || edge.identity() == null
                                ? null
                                : edge.identity().text(),
                        standing.claimed(),
                        standing.confirmed(),
                        standing.compared(),
                        standing.disagreeing(),
                        standing.suspect());
            };
            all.addAll(figures.counting().claims(site, Claims::disagreeing).stream()
                    .map(view)
                    .toList());
        }
        return all;
    }

    /** The newest first. */
    List<Views.Event> events(@Nullable String kind, long before, int most) throws IOException {
        return figures.history().events(kind, before, most).stream()
                .map(Queries::event)
                .toList();
    }

    static Views.Event event(dev.rivulet.tracker.history.Event event) {
        return new Views.Event(
                event.id(),
                event.at(),
                event.kind(),
                event.site() == null ? null : event.site().text(),
                event.text(),
                event.level().name().toLowerCase(Locale.ROOT));
    }

    History history() {
        return figures.history();
    }
}
