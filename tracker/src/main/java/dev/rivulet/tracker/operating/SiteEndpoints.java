package dev.rivulet.tracker.operating;

import dev.rivulet.protocol.id.KeyId;
import dev.rivulet.protocol.id.ResourceUrl;
import dev.rivulet.protocol.id.SiteId;
import dev.rivulet.protocol.settings.ConfigException;
import dev.rivulet.tracker.api.Call;
import dev.rivulet.tracker.api.Complaint;
import dev.rivulet.tracker.api.Endpoint;
import dev.rivulet.tracker.api.Endpoints;
import dev.rivulet.tracker.api.Help;
import dev.rivulet.tracker.api.Nothing;
import dev.rivulet.tracker.api.Page;
import dev.rivulet.tracker.api.Refusal;
import dev.rivulet.tracker.api.Role;
import dev.rivulet.tracker.config.SiteConfig;
import dev.rivulet.tracker.event.Event;
import dev.rivulet.tracker.event.Event.Kind;
import dev.rivulet.tracker.event.Events;
import dev.rivulet.tracker.indexing.OriginCheck;
import dev.rivulet.tracker.indexing.OriginCheck.Tried;
import dev.rivulet.tracker.publishing.Catalogs;
import io.undertow.util.StatusCodes;
import java.io.IOException;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Lists, adds, changes and removes sites, and tries them before. */
public final class SiteEndpoints implements Endpoints {
    private static final String SITE = "/sites/{site}";
    /** Key of the query of who saves a site whose origins are not up yet. */
    private static final String UNTRIED = "untried";

    private static final String UNTRIED_HELP = "Whether to save it without trying the content origins.";

    private final SiteDirectory directory;
    private final Catalogs catalogs;
    private final OriginCheck origins;
    private final Events events;
    private final Supplier<@Nullable ResourceUrl> publicBase;

    /** @param publicBase where browsers find the tracker; null from it: where the operator does */
    public SiteEndpoints(
            SiteDirectory directory,
            Catalogs catalogs,
            OriginCheck origins,
            Events events,
            Supplier<@Nullable ResourceUrl> publicBase) {
        this.directory = directory;
        this.catalogs = catalogs;
        this.origins = origins;
        this.events = events;
        this.publicBase = publicBase;
    }

    /** What trying a site showed. */
    record CheckView(
            @Help("Whether there are no problems, and all origins that were tried answer.")
            boolean ok,

            List<Complaint> problems,
            List<Tried> origins) {}

    /** The tag to embed. */
    record SnippetView(
            @Help("The tag, with the key pinned.") String html,
            @Help("Key id of the root key.") String key) {}

    @Override
    public List<Endpoint> endpoints() {
        return List.of(
                Endpoint.get("/sites", Role.VIEWER, "All sites.").pages(SiteView.class, this::list),
                Endpoint.post("/sites", Role.OPERATOR, "Add a site, if its content origins answer.")
                        .query(UNTRIED, UNTRIED_HELP, "true", "false")
                        .takes(SiteBody.class)
                        .tries(call -> tryOrigins(call, checkNew(call)))
                        .status(StatusCodes.CREATED)
                        .answers(SiteView.class, this::add),
                Endpoint.post("/sites/check", Role.OPERATOR, "Try a site, its content origins too, and save nothing.")
                        .takes(SiteBody.class)
                        .answers(CheckView.class, this::check),
                Endpoint.get(SITE, Role.VIEWER, "One site.").answers(SiteView.class, call -> view(site(call))),
                Endpoint.put(
                                SITE,
                                Role.OPERATOR,
                                "Change a site, if its content origins answer: its visitors and edges are told at once.")
                        .query(UNTRIED, UNTRIED_HELP, "true", "false")
                        .takes(SiteBody.class)
                        .edits(call -> view(site(call)))
                        .tries(call -> tryOrigins(call, checkOld(call)))
                        .answers(SiteView.class, this::change),
                Endpoint.delete(SITE, Role.OPERATOR, "Remove a site. Its keys and its catalog are kept.")
                        .does(this::remove),
                Endpoint.get(SITE + "/snippet", Role.VIEWER, "The tag that the site's pages embed.")
                        .answers(SnippetView.class, this::snippet));
    }

    private Page<SiteView> list(Call<Nothing> call) {
        return Page.of(directory.all().stream().map(this::view).toList(), call, SiteView::id);
    }

    private SiteId checkNew(Call<SiteBody> call) throws Refusal {
        SiteId id = call.body().checkedId();
        if (directory.find(id).isPresent()) {
            throw thereIs(id);
        }
        return id;
    }

    private static Refusal thereIs(SiteId id) {
        return Refusal.conflict("There is a site " + id + " already; change that, or choose another id.");
    }

    private SiteId checkOld(Call<SiteBody> call) throws Refusal {
        SiteDirectory.Listed listed = site(call);
        refuseIfFromFile(listed);
        String named = call.body().id();
        if (named != null && !named.equals(listed.id().text())) {
            throw Refusal.invalid("id", "is another than in the path; a site keeps its id");
        }
        return listed.id();
    }

    /** Refuses a site whose content nobody could get, unless the caller knows better. */
    private void tryOrigins(Call<SiteBody> call, SiteId id) throws Refusal, IOException, InterruptedException {
        SiteBody.Checked checked = checked(call.body(), id);
        if (call.query(UNTRIED).filter("true"::equals).isPresent()) {
            call.note("untried");
            return;
        }
        List<String> named = checked.config().contentOrigins();
        List<Complaint> complaints = origins.tryAll(checked.site().policy()).stream()
                .filter(tried -> !tried.ok())
                .map(tried -> complaint(named.indexOf(tried.origin()), tried))
                .toList();
        if (!complaints.isEmpty()) {
            throw Refusal.invalid(complaints);
        }
    }

    private static Complaint complaint(int index, Tried tried) {
        return new Complaint(
                "contentOrigins[" + index + "]",
                tried.origin() + ": " + tried.text() + "; correct it, or save it all the same with the query " + UNTRIED
                        + "=true");
    }

    private SiteView add(Call<SiteBody> call) throws Refusal, IOException {
        SiteId id = checkNew(call);
        call.note(id.text());
        if (!save(call.body(), id, directory::add)) {
            throw thereIs(id);
        }
        events.happened(Event.info(Kind.SITE, id, "added by " + call.caller().name()));
        return saved(id);
    }

    private SiteView change(Call<SiteBody> call) throws Refusal, IOException {
        SiteId id = checkOld(call);
        if (!save(call.body(), id, directory::change)) {
            throw removedMeanwhile();
        }
        events.happened(Event.info(Kind.SITE, id, "changed by " + call.caller().name()));
        return saved(id);
    }

    /** How a site is saved: {@link SiteDirectory#add} or {@link SiteDirectory#change}. */
    private interface Saving {
        boolean save(SiteId id, SiteConfig config) throws IOException;
    }

    private static boolean save(SiteBody body, SiteId id, Saving saving) throws Refusal, IOException {
        try {
            return saving.save(id, body.check(id).config());
        } catch (ConfigException e) {
            throw Complaints.refusal(e);
        }
    }

    private SiteView saved(SiteId id) throws Refusal {
        return view(directory.find(id).orElseThrow(SiteEndpoints::removedMeanwhile));
    }

    private static Refusal removedMeanwhile() {
        return Refusal.conflict("The site was removed meanwhile.");
    }

    private static SiteBody.Checked checked(SiteBody body, SiteId id) throws Refusal {
        try {
            return body.check(id);
        } catch (ConfigException e) {
            throw Complaints.refusal(e);
        }
    }

    private void remove(Call<Nothing> call) throws Refusal, IOException {
        SiteDirectory.Listed listed = site(call);
        refuseIfFromFile(listed);
        directory.remove(listed.id());
        events.happened(
                Event.info(Kind.SITE, listed.id(), "removed by " + call.caller().name()));
    }

    private CheckView check(Call<SiteBody> call) throws Refusal, IOException, InterruptedException {
        SiteBody.Checked checked;
        try {
            checked = call.body().check(call.body().checkedId());
        } catch (ConfigException e) {
            return new CheckView(false, List.of(Complaints.of(e)), List.of());
        } catch (Refusal e) {
            return new CheckView(
                    false, List.of(new Complaint("id", "write a lower-case name such as my-site")), List.of());
        }
        List<Tried> tried = origins.tryAll(checked.site().policy());
        return new CheckView(tried.stream().allMatch(Tried::ok), List.of(), tried);
    }

    private SnippetView snippet(Call<Nothing> call) throws Refusal {
        SiteId id = site(call).id();
        KeyId key = catalogs.rootKey(id).orElseThrow(() -> Refusal.notFound("The site has no key yet."));
        ResourceUrl base = publicBase.get();
        return new SnippetView(Snippet.html(base == null ? call.arrival().base() : base, id, key), key.text());
    }

    private SiteDirectory.Listed site(Call<?> call) throws Refusal {
        return directory
                .find(call.path("site", SiteId::parse))
                .orElseThrow(() -> Refusal.notFound("There is no such site."));
    }

    private static void refuseIfFromFile(SiteDirectory.Listed site) throws Refusal {
        if (site.fromFile()) {
            throw Refusal.conflict(
                    "The site is in the configuration file; change it there, and start the tracker again.");
        }
    }

    private SiteView view(SiteDirectory.Listed site) {
        return SiteView.of(site, catalogs.rootKey(site.id()));
    }
}
