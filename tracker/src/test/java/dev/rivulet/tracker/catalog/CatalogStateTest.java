package dev.rivulet.tracker.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rivulet.protocol.Limits;
import dev.rivulet.protocol.catalog.Entry;
import dev.rivulet.protocol.id.Sha256;
import dev.rivulet.protocol.id.UrlHash;
import dev.rivulet.tracker.catalog.CatalogChange.Pace;
import dev.rivulet.tracker.catalog.CatalogChange.Put;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

final class CatalogStateTest {
    private static final long NOW = 1_000_000;
    private static final UrlHash ONE = Entries.url("/1").hash();

    private final CatalogState state = new CatalogState(List.of(), List.of());
    private final CutPlan plan = CutPlan.fromHead(NOW);

    @Test
    void putEntryIsFoundByUrlAndByContent() {
        Put put = Entries.put("/1", "a", 5);

        state.apply(CatalogChange.put(put.entry(), put.layout()), plan, NOW);

        assertThat(state.listed(ONE)).contains(put.entry());
        assertThat(state.withContent(put.layout().contentId())).containsExactly(put.entry());
        assertThat(state.entries()).containsExactly(put.entry().entry());
    }

    @Test
    void replacedEntryLeavesItsContentBehind() {
        put("/1", "a");
        put("/1", "b");

        assertThat(state.withContent(Entries.layout(new byte[] {'a'}).contentId()))
                .isEmpty();
        assertThat(state.withContent(Entries.layout(new byte[] {'b'}).contentId()))
                .hasSize(1);
    }

    @Test
    void suspendedEntryIsKeptOutUntilItIsPutAgain() {
        Put put = put("/1", "a");

        state.apply(CatalogChange.suspend(ONE), plan, NOW);
        assertThat(state.listed(ONE)).isEmpty();
        assertThat(state.entries()).isEmpty();
        assertThat(state.suspended(ONE)).contains(put.entry());

        put("/1", "a");
        assertThat(state.listed(ONE)).contains(put.entry());
        assertThat(state.suspended(ONE)).isEmpty();
    }

    @Test
    void removedEntryIsGone() {
        put("/1", "a");
        put("/2", "a");
        state.apply(CatalogChange.suspend(ONE), plan, NOW);

        state.apply(CatalogChange.remove(Set.of(ONE, Entries.url("/2").hash())), plan, NOW);

        assertThat(state.entries()).isEmpty();
        assertThat(state.suspended(ONE)).isEmpty();
    }

    @Test
    void readerNeverMissesAnEntryThatChanges() throws Exception {
        put("/1", "a");
        AtomicBoolean done = new AtomicBoolean();
        CompletableFuture<Boolean> missed = CompletableFuture.supplyAsync(() -> {
            boolean any = false;
            while (!done.get()) {
                any |= state.known(ONE).isEmpty();
            }
            return any;
        });

        for (int i = 0; i < 10_000; i++) {
            put("/1", i % 2 == 0 ? "b" : "a");
            state.apply(CatalogChange.suspend(ONE), plan, NOW);
        }
        done.set(true);

        assertThat(missed.get()).isFalse();
    }

    @Test
    void visitorsAreToldOfWhatChangedForThem() {
        put("/1", "a");
        Put two = put("/2", "b");
        state.apply(CatalogChange.suspend(ONE), plan, NOW);
        state.apply(CatalogChange.remove(Set.of(ONE, Entries.url("/3").hash())), plan, NOW);

        Cut cut = plan.next(NOW + CutPlan.BATCH_DELAY_MS);

        assertThat(cut).isEqualTo(new Cut.Batch(List.of(two.entry().entry()), List.of(ONE)));
    }

    @Test
    void puttingWhatIsThereAlreadyIsNotNeeded() {
        long nowSeconds = 100;
        Put first = Entries.put("/1", "a", nowSeconds + Entries.MAX_AGE_SECONDS);
        state.apply(CatalogChange.put(first.entry(), first.layout()), plan, NOW);

        Put again = Entries.put("/1", "a", nowSeconds + 10 + Entries.MAX_AGE_SECONDS);
        CatalogChange change = CatalogChange.put(again.entry(), again.layout());

        assertThat(state.needed(change, nowSeconds + 10).isEmpty()).isTrue();
        assertThat(state.needed(change, nowSeconds + Entries.MAX_AGE_SECONDS / 2 + 1))
                .isEqualTo(change);
    }

    @Test
    void puttingAnythingElseIsNeeded() {
        put("/1", "a");

        Put otherContent = Entries.put("/1", "b", 5);
        Put otherSource = Entries.published(Entries.put("/1", "a", 5));
        CatalogChange change = new CatalogChange(List.of(otherContent), Set.of(), Set.of(), Pace.AT_ONCE);

        assertThat(state.needed(change, 1)).isEqualTo(change);
        assertThat(state.needed(CatalogChange.put(otherSource.entry(), otherSource.layout()), 1)
                        .isEmpty())
                .isFalse();
    }

    @Test
    void puttingASuspendedEntryIsNeeded() {
        Put put = put("/1", "a");
        state.apply(CatalogChange.suspend(ONE), plan, NOW);

        assertThat(state.needed(CatalogChange.put(put.entry(), put.layout()), 1).isEmpty())
                .isFalse();
    }

    @Test
    void removingAndSuspendingWhatIsNotThereIsNotNeeded() {
        assertThat(state.needed(new CatalogChange(List.of(), Set.of(ONE), Set.of(ONE), Pace.GATHERED), 1)
                        .isEmpty())
                .isTrue();
    }

    @Test
    void tooManyEntriesAreRefused() {
        Put put = Entries.put("/1", "a", 5);
        List<CatalogEntry> many = new ArrayList<>();
        for (int i = 0; i < CatalogState.MAX_ENTRIES; i++) {
            Entry entry = put.entry().entry();
            UrlHash url = new UrlHash(new Sha256(i, 0, 0, 0));
            many.add(new CatalogEntry(
                    put.entry().url(),
                    new Entry(
                            url,
                            entry.content(),
                            entry.size(),
                            entry.layout(),
                            entry.headers(),
                            entry.validators(),
                            5,
                            true),
                    Source.INDEXED,
                    1));
        }
        CatalogState full = new CatalogState(many, List.of());

        assertThat(full.objection(CatalogChange.put(put.entry(), put.layout())))
                .hasValueSatisfying(reason -> assertThat(reason).contains("" + CatalogState.MAX_ENTRIES));
        assertThat(full.objection(
                        new CatalogChange(List.of(put), Set.of(many.get(0).key()), Set.of(), Pace.GATHERED)))
                .isEmpty();
    }

    @Test
    void entryThatFitsIntoNoShardIsRefused() {
        Put put = Entries.put("/1", "a", 5);
        String long1 = "x".repeat(Limits.MAX_HEADER_CHARS);
        Entry entry = put.entry().entry();
        Entry large = new Entry(
                entry.url(),
                entry.content(),
                entry.size(),
                entry.layout(),
                Map.of(
                        "content-type", long1,
                        "content-disposition", long1,
                        "content-language", long1,
                        "content-security-policy", long1),
                entry.validators(),
                5,
                true);
        CatalogEntry put2 = new CatalogEntry(put.entry().url(), large, Source.PUBLISHED, 1);

        assertThat(state.objection(CatalogChange.put(put2, put.layout())))
                .hasValueSatisfying(reason -> assertThat(reason).contains("/1").contains("headers"));
    }

    @Test
    void onlyIndexedEntriesAreForgottenForBeingStale() {
        put("/1", "a");
        Put published = Entries.published(Entries.put("/2", "a", 5));
        state.apply(CatalogChange.put(published.entry(), published.layout()), plan, NOW);

        assertThat(state.forgettableSince(5)).isEmpty();
        assertThat(state.forgettableSince(6)).containsExactly(ONE);
    }

    private Put put(String path, String text) {
        Put put = Entries.put(path, text, 5);
        state.apply(CatalogChange.put(put.entry(), put.layout()), plan, NOW);
        return put;
    }
}
