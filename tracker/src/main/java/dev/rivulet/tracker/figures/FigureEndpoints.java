package dev.rivulet.tracker.figures;

import dev.rivulet.protocol.id.ContentId;
import dev.rivulet.protocol.id.KeyId;
import dev.rivulet.protocol.id.PeerId;
import dev.rivulet.protocol.id.SiteId;
import dev.rivulet.tracker.api.Call;
import dev.rivulet.tracker.api.Endpoint;
import dev.rivulet.tracker.api.Endpoint.Draft;
import dev.rivulet.tracker.api.Endpoints;
import dev.rivulet.tracker.api.Nothing;
import dev.rivulet.tracker.api.Page;
import dev.rivulet.tracker.api.Refusal;
import dev.rivulet.tracker.api.Role;
import dev.rivulet.tracker.enrolment.Enrolment;
import dev.rivulet.tracker.history.Range;
import dev.rivulet.tracker.policy.Price;
import dev.rivulet.tracker.publishing.Catalogs;
import dev.rivulet.tracker.signaling.Presence;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What operators may ask about figures. */
public final class FigureEndpoints implements Endpoints {
    private static final String[] RANGES =
            Arrays.stream(Range.values()).map(Range::text).toArray(String[]::new);

    private final Queries queries;
    private final EdgeQueries edges;
    private final LiveFigures live;

    /**
     * Where answers come from.
     *
     * @param distrusted edges that lost the tracker's trust
     * @param price of what origins serve; empty when nobody said
     */
    public record Sources(
            Figures figures,
            Presence presence,
            Catalogs catalogs,
            Enrolment enrolment,
            Predicate<PeerId> distrusted,
            Supplier<Optional<Price>> price) {}

    public FigureEndpoints(Sources sources) {
        this.queries = new Queries(sources.figures(), sources.presence(), sources.catalogs(), sources.price());
        this.edges = new EdgeQueries(sources.figures(), sources.presence(), sources.enrolment(), sources.distrusted());
        this.live = new LiveFigures(sources.figures(), queries);
    }

    @Override
    public List<Endpoint> endpoints() {
        return List.of(
                ranged("/overview", "All at a glance: offload, bytes by source, who is here, what went wrong.")
                        .answers(Views.Overview.class, call -> queries.overview(site(call), range(call))),
                ranged("/series", "Figures over time; with edge, those of an edge.")
                        .query("edge", "Fingerprint of an edge; goes with site.")
                        .answers(Views.Series.class, this::series),
                ranged("/contents", "What pages used most, the first first.")
                        .pages(Views.Content.class, this::contents),
                of("/contents/{site}/{content}", "What pages used of a content.")
                        .query("range", "How far back.", RANGES)
                        .answers(
                                Views.Content.class,
                                call -> queries.content(
                                        call.path("site", SiteId::parse),
                                        call.path("content", ContentId::parse),
                                        range(call))),
                of("/contents/{site}/{content}/series", "What pages used of a content, over time.")
                        .query("range", "How far back.", RANGES)
                        .answers(
                                Views.Series.class,
                                call -> queries.contentSeries(
                                        call.path("site", SiteId::parse),
                                        call.path("content", ContentId::parse),
                                        range(call))),
                sited("/swarms", "Who holds or wants what now: the largest swarms.")
                        .pages(Views.Swarm.class, call -> Page.whole(queries.swarms(site(call), call.limit()))),
                of("/swarms/{site}/{content}", "A swarm's members, and how they are connected.")
                        .answers(
                                Views.Picture.class,
                                call -> queries.picture(
                                        call.path("site", SiteId::parse), call.path("content", ContentId::parse))),
                sited("/edges", "Every edge that was ever met.")
                        .pages(Views.Edge.class, call -> Page.of(edges.edges(site(call)), call, EdgeQueries::nameOf)),
                sited("/edges/{fingerprint}", "One edge.")
                        .answers(Views.Edge.class, call -> edges.edge(call.path("fingerprint"), site(call))
                                .orElseThrow(() -> Refusal.notFound("No edge of this fingerprint was met."))),
                of("/events", "What happened, the newest first.")
                        .query("kind", "Only of this kind, such as enrolment.")
                        .pages(Views.Event.class, this::events),
                of("/discrepancies", "Who says to have sent what receivers did not get, or the other way around.")
                        .pages(Views.Discrepancy.class, call -> Page.whole(queries.discrepancies())),
                sited("/live", "As things happen: `overview` every two seconds, `event` when there is one.")
                        .streams(live::opened));
    }

    private static Draft<Nothing> of(String path, String summary) {
        return Endpoint.get(path, Role.VIEWER, summary);
    }

    private static Draft<Nothing> sited(String path, String summary) {
        return of(path, summary).query("site", "Of this site alone.");
    }

    private static Draft<Nothing> ranged(String path, String summary) {
        return sited(path, summary).query("range", "How far back; 24h unless given.", RANGES);
    }

    static @Nullable SiteId site(Call<?> call) throws Refusal {
        return call.query("site", SiteId::parse).orElse(null);
    }

    private static Range range(Call<?> call) {
        return call.query("range").flatMap(Range::of).orElse(Range.DAY);
    }

    private Views.Series series(Call<Nothing> call) throws Refusal, IOException {
        Optional<KeyId> edge = call.query("edge", KeyId::parse);
        SiteId site = site(call);
        if (edge.isEmpty()) {
            return queries.series(site, range(call));
        }
        if (site == null) {
            throw Refusal.malformed("Name the site, too: an edge may help several.");
        }
        return queries.edgeSeries(site, edge.get(), range(call));
    }

    private Page<Views.Content> contents(Call<Nothing> call) throws Refusal, IOException {
        int skip = number(call.after(), 0);
        int limit = call.limit();
        List<Views.Content> found = queries.contents(site(call), range(call), skip, limit + 1);
        boolean more = found.size() > limit;
        return new Page<>(more ? found.subList(0, limit) : found, more ? String.valueOf(skip + limit) : null);
    }

    private Page<Views.Event> events(Call<Nothing> call) throws Refusal, IOException {
        long before = number(call.after(), Integer.MAX_VALUE);
        int limit = call.limit();
        List<Views.Event> found = queries.events(call.query("kind").orElse(null), before, limit + 1);
        boolean more = found.size() > limit;
        List<Views.Event> items = more ? found.subList(0, limit) : found;
        return new Page<>(items, more ? String.valueOf(items.get(limit - 1).id()) : null);
    }

    private static int number(@Nullable String text, int absent) throws Refusal {
        try {
            return text == null ? absent : Integer.parseUnsignedInt(text);
        } catch (NumberFormatException e) {
            throw Refusal.malformed("The query's after: write the next of the page before.");
        }
    }
}
