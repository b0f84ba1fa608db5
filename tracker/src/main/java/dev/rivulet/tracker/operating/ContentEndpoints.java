package dev.rivulet.tracker.operating;

import dev.rivulet.protocol.DecodeException;
import dev.rivulet.protocol.InvalidValueException;
import dev.rivulet.protocol.id.ContentId;
import dev.rivulet.protocol.id.ResourceUrl;
import dev.rivulet.protocol.id.SiteId;
import dev.rivulet.protocol.id.UrlHash;
import dev.rivulet.tracker.api.Call;
import dev.rivulet.tracker.api.Endpoint;
import dev.rivulet.tracker.api.Endpoints;
import dev.rivulet.tracker.api.Help;
import dev.rivulet.tracker.api.Nothing;
import dev.rivulet.tracker.api.Page;
import dev.rivulet.tracker.api.Refusal;
import dev.rivulet.tracker.api.Role;
import dev.rivulet.tracker.catalog.CatalogEntry;
import dev.rivulet.tracker.catalog.TakeDown;
import dev.rivulet.tracker.event.Event;
import dev.rivulet.tracker.event.Event.Kind;
import dev.rivulet.tracker.event.Events;
import dev.rivulet.tracker.indexing.FetchedContent;
import dev.rivulet.tracker.publishing.Catalogs;
import dev.rivulet.tracker.publishing.Receipt;
import dev.rivulet.tracker.site.Sites;
import io.undertow.util.StatusCodes;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What operators do about a site's content: purge it, take it down and give it back, and sign it by another key. */
public final class ContentEndpoints implements Endpoints {
    /** Path below {@link Endpoint#BASE} of what is taken down. */
    public static final String BLOCKS = "/sites/{site}/blocks";

    private final Sites sites;
    private final Catalogs catalogs;
    private final FetchedContent fetched;
    private final Events events;

    public ContentEndpoints(Sites sites, Catalogs catalogs, FetchedContent fetched, Events events) {
        this.sites = sites;
        this.catalogs = catalogs;
        this.fetched = fetched;
        this.events = events;
    }

    /** What to purge: exactly one of these. */
    record Purge(
            @Help("A URL, as pages ask for it.") @Nullable String url,

            @Help("How URLs begin, at least scheme://host/.") @Nullable
            String prefix,

            @Help("A content id.") @Nullable String content,

            @Help("An entry's key: the hash of its URL.") @Nullable
            String key) {
        Purge {
            if (Stream.of(url, prefix, content, key)
                            .filter(each -> each != null)
                            .count()
                    != 1) {
                throw new InvalidValueException("url", "write exactly one of url, prefix, content and key");
            }
        }

        String text() {
            return url != null ? url : prefix != null ? prefix + "…" : String.valueOf(content != null ? content : key);
        }

        Predicate<CatalogEntry> entries() throws DecodeException {
            if (url != null) {
                UrlHash hash = ResourceUrl.parse(url).hash();
                return entry -> entry.key().equals(hash);
            }
            if (prefix != null) {
                if (!prefix.matches("https?://[^/]+/.*")) {
                    throw new DecodeException("prefix", "write at least scheme://host/");
                }
                String begin = prefix;
                return entry -> entry.url().text().startsWith(begin);
            }
            if (content != null) {
                ContentId id = ContentId.parse(content);
                return entry -> entry.entry().content().equals(id);
            }
            UrlHash hash = UrlHash.parse(String.valueOf(key));
            return entry -> entry.key().equals(hash);
        }
    }

    /** What was purged. */
    record Purged(@Help("Entries that are gone.") int removed) {}

    /** The head of the catalog that tells everybody. */
    record Told(long epoch, long sequence) {
        static Told of(Receipt.Accepted receipt) {
            return new Told(receipt.epoch(), receipt.sequence());
        }
    }

    /** What to take down: one of the first two. */
    record BlockBody(
            @Help("A URL, as pages ask for it: blocked with the content that it has.") @Nullable
            String url,

            @Help("A content id: blocked with all URLs that have it.") @Nullable
            String content,

            @Help("For the record; not published.") String reason,

            @Help("Where more is on file; not published.") @Nullable
            String reference) {
        BlockBody {
            if ((url == null) == (content == null)) {
                throw new InvalidValueException("url", "write either url or content");
            }
        }

        TakeDown.Order order() throws Refusal {
            try {
                String subject = url != null
                        ? ResourceUrl.parse(url).text()
                        : ContentId.parse(String.valueOf(content)).text();
                return new TakeDown.Order(subject, reason, reference == null ? "" : reference);
            } catch (DecodeException e) {
                throw Refusal.invalid(url != null ? "url" : "content", e.reason());
            } catch (InvalidValueException e) {
                throw Refusal.invalid(e.field(), e.reason());
            }
        }
    }

    /** What is taken down. */
    record BlockView(
            @Help("By which it is lifted: the content id, or the hash of the URL.")
            String id,

            @Nullable String url,
            @Nullable String content,
            String reason,
            String reference,
            long at,

            @Help("How many contents and URLs it keeps out.")
            int hashes) {
        static BlockView of(TakeDown takeDown) {
            String subject = takeDown.order().subject();
            boolean isUrl = subject.contains(":");
            return new BlockView(
                    isUrl ? hashOf(subject) : subject,
                    isUrl ? subject : null,
                    isUrl ? null : subject,
                    takeDown.order().reason(),
                    takeDown.order().reference(),
                    takeDown.since(),
                    takeDown.blocked().hashes().size());
        }

        boolean isOf(TakeDown.Order order) {
            return order.subject().equals(url == null ? content : url);
        }

        private static String hashOf(String url) {
            try {
                return ResourceUrl.parse(url).hash().text();
            } catch (DecodeException e) {
                throw new IllegalStateException("what is taken down was a URL once: " + url, e);
            }
        }
    }

    /** What was taken down, and by which head. */
    record Blocked(BlockView block, Told told) {}

    @Override
    public List<Endpoint> endpoints() {
        return List.of(
                Endpoint.post(
                                "/sites/{site}/purge",
                                Role.OPERATOR,
                                "Take entries out of the catalog, and delete what the tracker stores of them.")
                        .takes(Purge.class)
                        .answers(Purged.class, this::purge),
                Endpoint.post(
                                "/sites/{site}/keys/rotate",
                                Role.OPERATOR,
                                "Make a new online key, delegated by the root key, and begin a new epoch with it.")
                        .answers(Told.class, this::rotate),
                Endpoint.get(BLOCKS, Role.VIEWER, "What is taken down, the newest first.")
                        .pages(BlockView.class, this::blocks),
                Endpoint.post(BLOCKS, Role.OPERATOR, "Take content down: edges and pages delete it at once.")
                        .takes(BlockBody.class)
                        .status(StatusCodes.CREATED)
                        .answers(Blocked.class, this::block),
                Endpoint.delete(BLOCKS + "/{id}", Role.OPERATOR, "Give back what was taken down.")
                        .needs("reason", "For the record; not published.")
                        .query("reference", "Where more is on file; not published.")
                        .answers(Told.class, this::unblock));
    }

    private Purged purge(Call<Purge> call) throws Refusal, IOException, InterruptedException {
        SiteId site = site(call);
        call.note(call.body().text());
        Predicate<CatalogEntry> which;
        try {
            which = call.body().entries();
        } catch (DecodeException e) {
            throw Refusal.invalid("", e.reason());
        }
        Set<ContentId> contents = ConcurrentHashMap.newKeySet();
        Receipt.Accepted receipt = Made.await(catalogs.purge(site, entry -> {
            boolean isMeant = which.test(entry);
            if (isMeant) {
                contents.add(entry.entry().content());
            }
            return isMeant;
        }));
        contents.removeIf(this::isNeeded);
        fetched.drop(contents);
        String text = call.caller().name() + " purged " + call.body().text() + ", " + receipt.changed() + " entries";
        events.happened(Event.info(Kind.PURGE, site, text));
        return new Purged(receipt.changed());
    }

    private boolean isNeeded(ContentId content) {
        return sites.all().stream()
                .anyMatch(site -> !catalogs.withContent(site.id(), content).isEmpty());
    }

    private Told rotate(Call<Nothing> call) throws Refusal, IOException, InterruptedException {
        SiteId site = site(call);
        Receipt.Accepted receipt = Made.await(catalogs.rotateKey(site));
        events.happened(
                Event.info(Kind.KEYS, site, call.caller().name() + " made a new online key, epoch " + receipt.epoch()));
        return Told.of(receipt);
    }

    private Page<BlockView> blocks(Call<Nothing> call) throws Refusal {
        List<BlockView> all =
                catalogs.takenDown(site(call)).stream().map(BlockView::of).toList();
        return Page.newestFirst(all, call, BlockView::at, BlockView::id);
    }

    private Blocked block(Call<BlockBody> call) throws Refusal, IOException, InterruptedException {
        SiteId site = site(call);
        TakeDown.Order order = call.body().order();
        String text = "blocked " + order.text();
        call.note(order.text());
        Receipt.Accepted receipt = Made.await(catalogs.takeDown(site, order));
        fetched.dropBlocked();
        events.happened(Event.info(Kind.BLOCK, site, call.caller().name() + " " + text));
        return new Blocked(blocked(site, view -> view.isOf(order)), Told.of(receipt));
    }

    private Told unblock(Call<Nothing> call) throws Refusal, IOException, InterruptedException {
        SiteId site = site(call);
        String id = call.path("id");
        BlockView view = blocked(site, each -> each.id().equals(id));
        String subject = String.valueOf(view.url() != null ? view.url() : view.content());
        String text = why(call, subject).text();
        call.note(text);
        Receipt.Accepted receipt = Made.await(catalogs.giveBack(site, subject));
        events.happened(Event.info(Kind.BLOCK, site, call.caller().name() + " unblocked " + text));
        return Told.of(receipt);
    }

    private static TakeDown.Order why(Call<Nothing> call, String subject) throws Refusal {
        try {
            return new TakeDown.Order(
                    subject,
                    call.query("reason").orElse(""),
                    call.query("reference").orElse(""));
        } catch (InvalidValueException e) {
            throw Refusal.malformed("The query's " + e.field() + ": " + e.reason());
        }
    }

    private BlockView blocked(SiteId site, Predicate<BlockView> which) throws Refusal {
        return catalogs.takenDown(site).stream()
                .map(BlockView::of)
                .filter(which)
                .findFirst()
                .orElseThrow(() -> Refusal.notFound("Nothing is blocked under that id."));
    }

    private SiteId site(Call<?> call) throws Refusal {
        SiteId id = call.path("site", SiteId::parse);
        if (sites.find(id).isEmpty()) {
            throw Refusal.notFound("There is no such site.");
        }
        return id;
    }
}
