package dev.rivulet.tracker.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rivulet.protocol.Limits;
import dev.rivulet.protocol.catalog.Entry;
import dev.rivulet.tracker.catalog.CatalogChange.Pace;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class CutPlanTest {
    private static final long NOW = 1_000_000;

    private final CutPlan plan = CutPlan.fromHead(NOW);

    @Test
    void newCatalogIsSignedAtOnce() {
        assertThat(CutPlan.fromNothing().next(NOW)).isEqualTo(new Cut.Head());
    }

    @Test
    void unchangedCatalogWaitsForTheRenewalOfItsHead() {
        long renewal = NOW + CutPlan.HEAD_RENEWAL_MS;

        assertThat(plan.next(NOW)).isEqualTo(new Cut.Wait(renewal));
        assertThat(plan.next(renewal)).isEqualTo(new Cut.Head());

        plan.headCut(renewal);
        assertThat(plan.next(renewal)).isEqualTo(new Cut.Wait(renewal + CutPlan.HEAD_RENEWAL_MS));
    }

    @Test
    void whatIsTakenDownIsSaidInAHeadAtOnceThoughNoEntryChanged() {
        plan.takenDown();

        assertThat(plan.next(NOW)).isEqualTo(new Cut.Head());
        plan.headCut(NOW);
        assertThat(plan.next(NOW)).isEqualTo(new Cut.Wait(NOW + CutPlan.HEAD_RENEWAL_MS));
    }

    @Test
    void headIsRenewedWellBeforeItExpires() {
        assertThat(CutPlan.HEAD_RENEWAL_MS).isLessThanOrEqualTo(Limits.HEAD_LIFETIME_SECONDS * 1000L / 2);
    }

    @Test
    void fewChangesGoOutTogetherInABatchAndAHeadFollowsAfterAPause() {
        Entry one = change("/1", NOW);
        assertThat(plan.next(NOW)).isEqualTo(new Cut.Wait(NOW + CutPlan.BATCH_DELAY_MS));
        Entry two = change("/2", NOW + 10);

        Cut cut = plan.next(NOW + CutPlan.BATCH_DELAY_MS);

        assertThat(cut).isEqualTo(new Cut.Batch(List.of(one, two), List.of()));
        plan.batchCut((Cut.Batch) cut);
        long headDue = NOW + 10 + CutPlan.HEAD_PAUSE_MS;
        assertThat(plan.next(NOW + CutPlan.BATCH_DELAY_MS)).isEqualTo(new Cut.Wait(headDue));
        assertThat(plan.next(headDue)).isEqualTo(new Cut.Head());
    }

    @Test
    void changesOfAStreamGoOutAtOnceAndTheirHeadComesSeldom() {
        Entry one = streamed("/1.ts", NOW);
        Cut first = plan.next(NOW);
        assertThat(first).isEqualTo(new Cut.Batch(List.of(one), List.of()));
        plan.batchCut((Cut.Batch) first);

        Entry two = streamed("/2.ts", NOW + 4000);
        Cut second = plan.next(NOW + 4000);
        assertThat(second).isEqualTo(new Cut.Batch(List.of(two), List.of()));
        plan.batchCut((Cut.Batch) second);

        assertThat(plan.next(NOW + 4000)).isEqualTo(new Cut.Wait(NOW + CutPlan.STREAM_HEAD_DELAY_MS));
        assertThat(plan.next(NOW + CutPlan.STREAM_HEAD_DELAY_MS)).isEqualTo(new Cut.Head());

        plan.headCut(NOW + CutPlan.STREAM_HEAD_DELAY_MS);
        assertThat(plan.next(NOW + CutPlan.STREAM_HEAD_DELAY_MS))
                .isEqualTo(new Cut.Wait(NOW + CutPlan.STREAM_HEAD_DELAY_MS + CutPlan.HEAD_RENEWAL_MS));
    }

    @Test
    void changesOfAStreamDoNotPutOffTheHeadThatOthersAreDue() {
        change("/page.html", NOW);
        streamed("/1.ts", NOW + 900);
        plan.batchCut((Cut.Batch) plan.next(NOW + 900));

        assertThat(plan.next(NOW + CutPlan.HEAD_PAUSE_MS)).isEqualTo(new Cut.Head());
    }

    @Test
    void batchesOfAStreamDoNotGrowWithoutEnd() {
        int batched = 0;
        for (int i = 0; plan.next(NOW) instanceof Cut.Wait; i++) {
            Entry entry = streamed("/" + i + ".ts", NOW);
            if (plan.next(NOW) instanceof Cut.Batch batch) {
                plan.batchCut(batch);
                batched += entry.encodedBytes();
            }
            assertThat(batched).isLessThan(CutPlan.MAX_BATCHED_BYTES + Limits.MAX_ENTRY_BYTES);
        }
        assertThat(plan.next(NOW)).isEqualTo(new Cut.Head());
        assertThat(batched).isGreaterThan(CutPlan.MAX_BATCHED_BYTES);
    }

    @Test
    void removalsTravelInBatchesToo() {
        plan.changed(Entries.url("/1").hash(), Optional.empty(), Pace.GATHERED, NOW);

        assertThat(plan.next(NOW + CutPlan.BATCH_DELAY_MS))
                .isEqualTo(new Cut.Batch(List.of(), List.of(Entries.url("/1").hash())));
    }

    @Test
    void onlyTheLastOfSeveralChangesOfOneUrlIsTold() {
        change("/1", NOW);
        Entry last = Entries.put("/1", "other", 1).entry().entry();
        plan.changed(last.url(), Optional.of(last), Pace.GATHERED, NOW + 1);

        assertThat(plan.next(NOW + CutPlan.BATCH_DELAY_MS)).isEqualTo(new Cut.Batch(List.of(last), List.of()));
    }

    @Test
    void changesWithoutAPauseDoNotPutOffTheHeadForEver() {
        long time = NOW;
        for (int i = 0; i < 1000; i++) {
            change("/" + i, time);
            Cut cut = plan.next(time);
            if (cut instanceof Cut.Head) {
                break;
            }
            if (cut instanceof Cut.Batch batch) {
                plan.batchCut(batch);
            }
            time += 100;
        }

        assertThat(time).isEqualTo(NOW + CutPlan.HEAD_DELAY_MS);
    }

    @Test
    void moreChangesThanABatchHoldsAreAHead() {
        for (int i = 0; i <= Limits.MAX_BATCH_ENTRIES; i++) {
            change("/" + i, NOW);
        }

        assertThat(plan.next(NOW)).isEqualTo(new Cut.Head());
    }

    @Test
    void largeEntriesAreSpreadOverBatchesThatFit() {
        for (int i = 0; i < 60; i++) {
            Entry large = Entries.put("/" + i, Entries.layout(new byte[16 * Limits.SMALL_PIECE_BYTES]), 1)
                    .entry()
                    .entry();
            plan.changed(large.url(), Optional.of(large), Pace.GATHERED, NOW);
        }

        int entries = 0;
        int batches = 0;
        while (plan.next(NOW + CutPlan.BATCH_DELAY_MS) instanceof Cut.Batch batch) {
            assertThat(batch.entries().stream().mapToInt(Entry::encodedBytes).sum())
                    .isBetween(1, CutPlan.MAX_BATCH_BYTES);
            entries += batch.entries().size();
            batches++;
            plan.batchCut(batch);
        }
        assertThat(entries).isEqualTo(60);
        assertThat(batches).isGreaterThan(1);
    }

    @Test
    void headThatSomebodyWaitsForIsCutAtOnceButNotForNothing() {
        plan.wantHead();
        assertThat(plan.next(NOW)).isInstanceOf(Cut.Wait.class);

        change("/1", NOW);
        plan.wantHead();
        assertThat(plan.next(NOW)).isEqualTo(new Cut.Head());

        plan.headCut(NOW);
        assertThat(plan.next(NOW)).isInstanceOf(Cut.Wait.class);
    }

    @Test
    void clockThatWasSetBackMakesANewHead() {
        assertThat(plan.next(NOW - 1)).isEqualTo(new Cut.Head());
    }

    private Entry streamed(String path, long nowMs) {
        Entry entry = Entries.put(path, path, 1).entry().entry();
        plan.changed(entry.url(), Optional.of(entry), Pace.STREAMED, nowMs);
        return entry;
    }

    private Entry change(String path, long nowMs) {
        Entry entry = Entries.put(path, path, 1).entry().entry();
        plan.changed(entry.url(), Optional.of(entry), Pace.GATHERED, nowMs);
        return entry;
    }
}
