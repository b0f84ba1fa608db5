package dev.rivulet.edge.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rivulet.edge.store.TestContent;
import dev.rivulet.protocol.Limits;
import dev.rivulet.protocol.catalog.Batch;
import dev.rivulet.protocol.catalog.BlockList;
import dev.rivulet.protocol.catalog.Entry;
import dev.rivulet.protocol.catalog.Head;
import dev.rivulet.protocol.catalog.ShardedCatalog;
import dev.rivulet.protocol.id.ContentId;
import dev.rivulet.protocol.id.ResourceUrl;
import dev.rivulet.protocol.id.SiteId;
import dev.rivulet.protocol.id.UrlHash;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class SiteCatalogTest {
    private final SiteCatalog catalog = new SiteCatalog();
    private final TestContent one = TestContent.of(1, 1000);
    private final TestContent two = TestContent.of(2, 2000);
    private final ResourceUrl a = url("/a");
    private final ResourceUrl b = url("/b");

    @Test
    void anEmptyCatalogKnowsNothingAndIsNotCurrent() {
        assertThat(catalog.byUrl(a)).isEmpty();
        assertThat(catalog.knows(one.id())).isFalse();
        assertThat(catalog.head()).isEmpty();
        assertThat(catalog.policy()).isEmpty();
        assertThat(catalog.isCurrent(0)).isFalse();
    }

    @Test
    void entriesAreFoundByUrlAndByContent() {
        catalog.replace(head(1, 100), List.of(entry(a, one), entry(b, two)));

        assertThat(catalog.byUrl(a)).contains(entry(a, one));
        assertThat(catalog.byContent(two.id())).contains(entry(b, two));
        assertThat(catalog.contents()).containsExactlyInAnyOrder(one.id(), two.id());
        assertThat(catalog.size()).isEqualTo(2);
    }

    @Test
    void whatIsNotWantedHasNoEntryByItsUrl() {
        SiteCatalog narrow = new SiteCatalog(a::equals);
        narrow.replace(head(1, 100), List.of(entry(a, one), entry(b, two)));

        assertThat(narrow.byUrl(a)).contains(entry(a, one));
        assertThat(narrow.byUrl(b)).isEmpty();
        assertThat(narrow.knows(two.id())).isTrue();
    }

    @Test
    void aHeadIsCurrentUntilItsLastSecond() {
        catalog.replace(head(1, 100), List.of());

        assertThat(catalog.isCurrent(100)).isTrue();
        assertThat(catalog.isCurrent(101)).isFalse();
    }

    @Test
    void itIsStaleLongAfterItsHeadHasRunOut() {
        assertThat(catalog.isStale(1_000_000)).isFalse();

        catalog.replace(head(1, 100), List.of());

        assertThat(catalog.isStale(100 + Limits.STALE_GIVING_SECONDS)).isFalse();
        assertThat(catalog.isStale(101 + Limits.STALE_GIVING_SECONDS)).isTrue();
    }

    @Test
    void itIsStaleLongAfterAHeadWhoseBlockListIsMissing() {
        catalog.replace(head(1, 100_000), List.of());
        catalog.awaitBlocks(200);
        catalog.awaitBlocks(400);

        assertThat(catalog.isStale(200 + Limits.STALE_GIVING_SECONDS)).isFalse();
        assertThat(catalog.isStale(201 + Limits.STALE_GIVING_SECONDS)).isTrue();

        catalog.block(BlockList.EMPTY);

        assertThat(catalog.isStale(201 + Limits.STALE_GIVING_SECONDS)).isFalse();
    }

    @Test
    void anotherHeadReplacesEverything() {
        catalog.replace(head(1, 100), List.of(entry(a, one)));
        catalog.apply(batch(1, List.of(entry(b, two)), List.of()));

        catalog.replace(head(2, 200), List.of(entry(a, two)));

        assertThat(catalog.knows(one.id())).isFalse();
        assertThat(catalog.byUrl(b)).isEmpty();
        assertThat(catalog.byContent(two.id())).contains(entry(a, two));
    }

    @Test
    void whatIsTakenDownHasNoEntryInHeadsOrBatches() {
        BlockList blocked = BlockList.of(List.of(one.id().hash(), b.hash().hash()));
        catalog.replace(head(1, 100), List.of(entry(a, one), entry(b, two)), blocked);

        assertThat(catalog.byUrl(a)).isEmpty();
        assertThat(catalog.byUrl(b)).isEmpty();
        assertThat(catalog.contents()).isEmpty();
        assertThat(catalog.isBlocked(one.id())).isTrue();
        assertThat(catalog.isBlocked(two.id())).isFalse();

        catalog.apply(batch(1, List.of(entry(b, one), entry(a, two)), List.of()));
        assertThat(catalog.byUrl(b)).isEmpty();
        assertThat(catalog.byUrl(a)).contains(entry(a, two));

        catalog.apply(batch(2, List.of(entry(a, one)), List.of()));
        assertThat(catalog.byUrl(a)).isEmpty();
    }

    @Test
    void aBlockListCountsBeforeItsEntriesAreThere() {
        catalog.replace(head(1, 100), List.of(entry(a, one), entry(b, two)));

        catalog.block(BlockList.of(List.of(one.id().hash())));

        assertThat(catalog.knows(one.id())).isFalse();
        assertThat(catalog.byUrl(b)).contains(entry(b, two));
        assertThat(catalog.isBlocked(one.id())).isTrue();
    }

    @Test
    void aBatchThatReplacesAnEntryMakesItsFormerContentUnknown() {
        catalog.replace(head(1, 100), List.of(entry(a, one)));

        catalog.apply(batch(1, List.of(entry(a, two)), List.of()));

        assertThat(catalog.byUrl(a)).contains(entry(a, two));
        assertThat(catalog.knows(one.id())).isFalse();
        assertThat(catalog.size()).isEqualTo(1);
    }

    @Test
    void aContentThatTwoUrlsHaveIsKnownUntilBothAreRemoved() {
        catalog.replace(head(1, 100), List.of(entry(a, one), entry(b, one)));

        catalog.apply(batch(1, List.of(), List.of(a.hash())));
        assertThat(catalog.byContent(one.id())).contains(entry(b, one));

        catalog.apply(batch(2, List.of(), List.of(b.hash())));
        assertThat(catalog.knows(one.id())).isFalse();
        assertThat(catalog.size()).isZero();
    }

    @Test
    void everyChangeIsHeardOf() {
        AtomicInteger changes = new AtomicInteger();
        catalog.listen(changes::incrementAndGet);

        catalog.replace(head(1, 100), List.of());
        catalog.apply(batch(1, List.of(), List.of()));
        catalog.policy(TestEntries.policy("http://127.0.0.1:1"));

        assertThat(changes).hasValue(3);
        assertThat(catalog.policy()).contains(TestEntries.policy("http://127.0.0.1:1"));
    }

    @Test
    void batchesInAnyMixAgreeWithANaiveMap() {
        Random random = new Random(7);
        List<TestContent> contents = Arrays.asList(one, two, TestContent.of(3, 3000), TestContent.of(4, 4000));
        Map<UrlHash, Entry> model = new HashMap<>();
        catalog.replace(head(1, 100), List.of());

        for (int round = 1; round <= 200; round++) {
            List<Entry> entries = new ArrayList<>();
            List<UrlHash> removed = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                ResourceUrl url = url("/" + random.nextInt(10));
                if (random.nextInt(3) > 0) {
                    entries.add(entry(url, contents.get(random.nextInt(contents.size()))));
                } else {
                    removed.add(url.hash());
                }
            }
            removed.forEach(model::remove);
            entries.forEach(entry -> model.put(entry.url(), entry));
            if (round % 50 == 0) {
                catalog.replace(head(round, 100), List.copyOf(model.values()));
            }
            catalog.apply(batch(round, entries, removed));

            assertThat(catalog.size()).isEqualTo(model.size());
            List<ContentId> held =
                    model.values().stream().map(Entry::content).distinct().toList();
            assertThat(catalog.contents()).containsExactlyInAnyOrderElementsOf(held);
            for (TestContent content : contents) {
                assertThat(catalog.knows(content.id())).isEqualTo(held.contains(content.id()));
            }
        }
    }

    private static Entry entry(ResourceUrl url, TestContent content) {
        return TestEntries.entry(url, content);
    }

    private static Head head(long sequence, long notAfter) {
        return new Head(
                new SiteId("demo"),
                1,
                sequence,
                0,
                notAfter,
                null,
                0,
                ShardedCatalog.of(List.of()).root());
    }

    private static Batch batch(long number, List<Entry> entries, List<UrlHash> removed) {
        return new Batch(new SiteId("demo"), 1, 1, number, 0, 100, entries, removed);
    }

    private static ResourceUrl url(String path) {
        try {
            return ResourceUrl.parse("http://127.0.0.1:1" + path);
        } catch (dev.rivulet.protocol.DecodeException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
