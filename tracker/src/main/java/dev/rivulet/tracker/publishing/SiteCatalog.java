package dev.rivulet.tracker.publishing;

import dev.rivulet.protocol.DecodeException;
import dev.rivulet.protocol.Limits;
import dev.rivulet.protocol.catalog.Batch;
import dev.rivulet.protocol.catalog.BlockList;
import dev.rivulet.protocol.catalog.CatalogBody;
import dev.rivulet.protocol.catalog.CatalogException;
import dev.rivulet.protocol.catalog.CatalogVerifier;
import dev.rivulet.protocol.catalog.Head;
import dev.rivulet.protocol.catalog.Layout;
import dev.rivulet.protocol.catalog.ShardedCatalog;
import dev.rivulet.protocol.http.SitePolicy;
import dev.rivulet.protocol.id.ContentId;
import dev.rivulet.protocol.id.KeyId;
import dev.rivulet.protocol.id.ShardHash;
import dev.rivulet.protocol.id.SiteId;
import dev.rivulet.protocol.id.UrlHash;
import dev.rivulet.tracker.catalog.CatalogChange;
import dev.rivulet.tracker.catalog.CatalogChange.Pace;
import dev.rivulet.tracker.catalog.CatalogEntry;
import dev.rivulet.tracker.catalog.CatalogListener;
import dev.rivulet.tracker.catalog.CatalogPosition;
import dev.rivulet.tracker.catalog.CatalogState;
import dev.rivulet.tracker.catalog.Cut;
import dev.rivulet.tracker.catalog.CutPlan;
import dev.rivulet.tracker.catalog.RecentShards;
import dev.rivulet.tracker.catalog.SignedCatalog;
import dev.rivulet.tracker.catalog.TakeDown;
import dev.rivulet.tracker.database.CatalogTables;
import dev.rivulet.tracker.database.CatalogTables.Kept;
import dev.rivulet.tracker.database.CatalogTables.OwnedContent;
import dev.rivulet.tracker.database.TakeDownTables;
import dev.rivulet.tracker.keys.SiteKeys;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * The one writer of a site's catalog: keeps every change before it is signed, and what is signed before anybody is told.
 * What changes it is called from the catalog thread only; what reads it, from any.
 */
final class SiteCatalog {
    private final SiteId site;
    private final SitePolicy policy;
    private final SiteKeys keys;
    private final CatalogTables tables;
    private final TakeDownTables takeDowns;
    private final CatalogListener listener;
    private final Clock clock;
    private final CatalogState state;
    private final RecentShards shards;

    private volatile List<TakeDown> takenDown;
    private volatile BlockList blocked;
    private CatalogPosition position;
    private CutPlan plan;
    private volatile SignedCatalog current;

    /** What a site's catalog is made with. */
    record Surroundings(
            SitePolicy policy,
            SiteKeys keys,
            CatalogTables tables,
            TakeDownTables takeDowns,
            CatalogListener listener,
            Clock clock,
            RecentShards shards) {}

    /** Takes up where the last process left off; when that left anything unsigned, it is signed now. */
    SiteCatalog(SiteId site, Surroundings surroundings) throws IOException {
        this.site = site;
        this.policy = surroundings.policy();
        this.keys = surroundings.keys();
        this.tables = surroundings.tables();
        this.takeDowns = surroundings.takeDowns();
        this.listener = surroundings.listener();
        this.clock = surroundings.clock();
        this.takenDown = takeDowns.all(site);
        this.blocked = TakeDown.all(takenDown);
        this.shards = surroundings.shards();
        // What the site's policy does not admit any more is kept, in case it was changed by mistake, but not listed.
        List<Kept> kept = tables.entries(site).stream()
                .filter(each -> policy.admits(each.entry().url()))
                .toList();
        this.state = new CatalogState(
                kept.stream().filter(each -> !each.suspended()).map(Kept::entry).toList(),
                kept.stream().filter(Kept::suspended).map(Kept::entry).toList());
        this.position = tables.position(site);
        // It may have been taken down while no tracker ran.
        CatalogChange withdrawn = CatalogChange.remove(blockedEntries());
        CutPlan fromNothing = CutPlan.fromNothing();
        tables.apply(site, withdrawn);
        state.apply(withdrawn, fromNothing, clock.millis());
        ShardedCatalog sharded = ShardedCatalog.of(state.entries());
        Optional<Head> last = lastHead()
                .filter(head -> head.root().equals(sharded.root())
                        && Optional.ofNullable(head.blocked()).equals(blocked.name()));
        if (last.isPresent() && position.head() != null) {
            synchronized (shards) {
                shards.replace(sharded, blocked, clock.millis());
            }
            this.plan = CutPlan.fromHead(TimeUnit.SECONDS.toMillis(last.get().issuedAt()));
            this.current = signed(position.head(), sharded);
        } else {
            this.plan = fromNothing;
            this.current = cutHead();
        }
    }

    /** What to tell a visitor who arrives now. */
    SignedCatalog current() {
        return current;
    }

    /** The shards of its heads, to be handed on to who takes its place. */
    RecentShards shards() {
        return shards;
    }

    /** What pages pin. */
    KeyId rootKey() {
        return keys.rootKey().keyId();
    }

    /** How far it has come, as the answer to who changed nothing. */
    Receipt receipt() {
        return new Receipt.Accepted(position.epoch(), position.sequence(), 0);
    }

    /** What may be in it. */
    SitePolicy policy() {
        return policy;
    }

    /** What the catalog says; to be read only. */
    CatalogState state() {
        return state;
    }

    /** The bytes of a shard or index of this or a recent head. */
    Optional<byte[]> shard(ShardHash hash) {
        synchronized (shards) {
            return shards.find(hash);
        }
    }

    /** The bytes of a layout. */
    Optional<byte[]> layout(ContentId content) throws IOException {
        if (blocked.has(content)) {
            return Optional.empty();
        }
        Optional<Layout> inline = state.withContent(content).stream()
                .flatMap(entry -> Optional.ofNullable(entry.entry().layout()).stream())
                .findFirst();
        return inline.isPresent() ? inline.map(Layout::encode) : tables.layout(site, content);
    }

    /** What is taken down. */
    BlockList blocked() {
        return blocked;
    }

    /** The same, as it was ordered, the oldest first. */
    List<TakeDown> takenDown() {
        return takenDown;
    }

    /** Takes something down, durably, and says so in a head. */
    Receipt takeDown(TakeDown.Order order) throws IOException {
        try {
            TakeDown made = TakeDown.of(order, state.all(), nowSeconds()).after(takenDown);
            List<TakeDown> all = new ArrayList<>(without(order.subject()));
            all.add(made);
            BlockList next = TakeDown.all(all);
            takeDowns.put(site, made);
            return blockOnly(all, next);
        } catch (DecodeException e) {
            return new Receipt.Refused(
                    order.subject() + " is neither a URL as the site's pages use it nor a content id");
        } catch (IllegalArgumentException e) {
            return new Receipt.Refused("more than " + Limits.MAX_BLOCKED_HASHES
                    + " contents and URLs would be blocked; unblock what need not be any more");
        }
    }

    /** Gives something back, durably, and says so in a head. */
    Receipt giveBack(String subject) throws IOException {
        if (!takeDowns.remove(site, subject)) {
            return new Receipt.Refused(subject + " was not blocked under this name; the command blocked lists what is");
        }
        List<TakeDown> rest = without(subject);
        return blockOnly(rest, TakeDown.all(rest));
    }

    private List<TakeDown> without(String subject) {
        return takenDown.stream()
                .filter(each -> !each.order().subject().equals(subject))
                .toList();
    }

    private Receipt blockOnly(List<TakeDown> all, BlockList next) throws IOException {
        takenDown = List.copyOf(all);
        blocked = next;
        CatalogChange withdrawn = CatalogChange.remove(blockedEntries()).at(Pace.AT_ONCE);
        tables.apply(site, withdrawn);
        state.apply(withdrawn, plan, clock.millis());
        plan.takenDown();
        signWhatIsDue();
        tables.sync();
        return new Receipt.Accepted(
                position.epoch(), position.sequence(), withdrawn.removed().size());
    }

    private Set<UrlHash> blockedEntries() {
        return state.all().stream()
                .filter(entry -> blocked.has(entry.entry()))
                .map(CatalogEntry::key)
                .collect(Collectors.toSet());
    }

    private Optional<String> objection(CatalogChange asked) {
        return asked.puts().stream()
                .map(CatalogChange.Put::entry)
                .filter(entry -> blocked.has(entry.entry()))
                .findFirst()
                .map(entry -> entry.url() + " is blocked: this tracker's operator took it or its content ("
                        + entry.entry().content() + ") down. Leave it out, or have it given back"
                        + " (rivulet-tracker unblock)");
    }

    /** Makes a change, durably, and signs what is due. */
    Receipt change(CatalogChange asked) throws IOException {
        Optional<String> objection = objection(asked).or(() -> state.objection(asked));
        if (objection.isPresent()) {
            return new Receipt.Refused(objection.get());
        }
        CatalogChange change = state.needed(asked, nowSeconds());
        if (!change.isEmpty()) {
            tables.apply(site, change);
            state.apply(change, plan, clock.millis());
        }
        if (change.pace() == Pace.AT_ONCE) {
            plan.wantHead();
        }
        signWhatIsDue();
        if (change.pace() != Pace.GATHERED) {
            tables.sync();
        }
        int changed = change.puts().size()
                + change.removed().size()
                + change.suspended().size();
        return new Receipt.Accepted(position.epoch(), position.sequence(), changed);
    }

    /** Takes entries out, durably, with layouts that nothing needs then, and says so in a head. */
    Receipt purge(Predicate<CatalogEntry> which) throws IOException {
        List<CatalogEntry> purged = state.all().stream().filter(which).toList();
        Set<UrlHash> urls = purged.stream().map(CatalogEntry::key).collect(Collectors.toSet());
        Receipt receipt = change(CatalogChange.remove(urls).at(Pace.AT_ONCE));
        Set<ContentId> needed =
                state.all().stream().map(entry -> entry.entry().content()).collect(Collectors.toSet());
        tables.deleteLayouts(purged.stream()
                .map(entry -> entry.entry().content())
                .filter(content -> !needed.contains(content))
                .map(content -> new OwnedContent(site.text(), content.text()))
                .collect(Collectors.toSet()));
        return receipt;
    }

    /** Signs what is due; returns when to call again, in milliseconds. */
    long signWhatIsDue() throws IOException {
        while (true) {
            Cut cut = plan.next(clock.millis());
            if (cut instanceof Cut.Wait wait) {
                return wait.untilMs();
            } else if (cut instanceof Cut.Batch batch) {
                cutBatch(batch);
            } else {
                current = cutHead();
                listener.head(site, current);
            }
        }
    }

    private SignedCatalog cutHead() throws IOException {
        long nowMs = clock.millis();
        ShardedCatalog sharded = ShardedCatalog.of(state.entries());
        Head head = new Head(
                site,
                position.epoch(),
                position.sequence() + 1,
                nowSeconds(),
                nowSeconds() + Limits.HEAD_LIFETIME_SECONDS,
                position.previous(),
                sharded.depth(),
                sharded.root(),
                blocked.name().orElse(null));
        String text = keys.sign(head);
        CatalogPosition next = position.withHead(text);
        tables.advance(site, next);
        position = next;
        plan.headCut(nowMs);
        synchronized (shards) {
            shards.replace(sharded, blocked, nowMs);
        }
        return signed(text, sharded);
    }

    private void cutBatch(Cut.Batch cut) throws IOException {
        CatalogPosition next = position.withBatch();
        String text = keys.sign(new Batch(
                site,
                next.epoch(),
                next.sequence(),
                next.batch(),
                nowSeconds(),
                nowSeconds() + Limits.HEAD_LIFETIME_SECONDS,
                cut.entries(),
                cut.removed()));
        tables.advance(site, next);
        position = next;
        plan.batchCut(cut);
        current = current.withBatch(text);
        listener.batch(site, text);
    }

    /** The last head that was signed, if it can still be believed and no batch extends it. */
    private Optional<Head> lastHead() {
        if (position.head() == null || position.batch() > 0) {
            return Optional.empty();
        }
        try {
            CatalogVerifier verifier = new CatalogVerifier(site, keys.rootKey().keyId(), null);
            verifier.delegations(keys.rootKey(), keys.delegations(position.epoch(), nowSeconds()));
            return verifier.head(position.head(), nowSeconds());
        } catch (CatalogException e) {
            // Expired, or signed by a key that is not ours any more: another head follows.
            return Optional.empty();
        }
    }

    private SignedCatalog signed(String head, ShardedCatalog sharded) {
        List<String> delegations = keys.delegations(position.epoch(), nowSeconds());
        return new SignedCatalog(CatalogBody.of(keys.rootKey(), delegations, head, sharded.index(), policy), List.of());
    }

    private long nowSeconds() {
        return TimeUnit.MILLISECONDS.toSeconds(clock.millis());
    }
}
