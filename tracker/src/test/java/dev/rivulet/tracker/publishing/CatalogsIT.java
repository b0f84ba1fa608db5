package dev.rivulet.tracker.publishing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rivulet.protocol.Limits;
import dev.rivulet.protocol.catalog.BlockList;
import dev.rivulet.protocol.catalog.CatalogBody;
import dev.rivulet.protocol.catalog.CatalogException;
import dev.rivulet.protocol.catalog.CatalogVerifier;
import dev.rivulet.protocol.catalog.CatalogVerifier.BatchResult;
import dev.rivulet.protocol.catalog.Head;
import dev.rivulet.protocol.catalog.Shard;
import dev.rivulet.protocol.catalog.ShardIndex;
import dev.rivulet.protocol.http.SitePolicy;
import dev.rivulet.protocol.id.ContentId;
import dev.rivulet.protocol.id.Sha256;
import dev.rivulet.protocol.id.ShardHash;
import dev.rivulet.protocol.id.SiteId;
import dev.rivulet.protocol.id.UrlHash;
import dev.rivulet.tracker.catalog.CatalogChange;
import dev.rivulet.tracker.catalog.CatalogChange.Pace;
import dev.rivulet.tracker.catalog.CatalogChange.Put;
import dev.rivulet.tracker.catalog.CatalogListener;
import dev.rivulet.tracker.catalog.CatalogPosition;
import dev.rivulet.tracker.catalog.Entries;
import dev.rivulet.tracker.catalog.SignedCatalog;
import dev.rivulet.tracker.catalog.TakeDown;
import dev.rivulet.tracker.database.CatalogTables;
import dev.rivulet.tracker.database.TakeDownTables;
import dev.rivulet.tracker.database.TrackerDatabase;
import dev.rivulet.tracker.keys.KeyDirectory;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CatalogsIT {
    private static final SiteId SITE = new SiteId("demo");
    private static final SitePolicy POLICY = Policies.of("https://content.example", List.of("/**"), List.of());
    private static final long FRESH = 4_000_000_000L;
    private static final long DEADLINE_SECONDS = 60;

    @TempDir
    Path data;

    private @Nullable TrackerDatabase database;
    private @Nullable Catalogs catalogs;

    @BeforeEach
    void open() {
        open(POLICY, Clock.systemUTC());
    }

    @AfterEach
    void close() {
        catalogs.close();
        database.close();
    }

    @Test
    void newSiteHasAnEmptyCatalogAtOnce() throws Exception {
        Reader reader = new Reader(catalogs.current(SITE).orElseThrow().body());

        assertThat(reader.head().epoch()).isEqualTo(1);
        assertThat(reader.head().sequence()).isEqualTo(1);
        assertThat(reader.head().previous()).isNull();
        assertThat(reader.urls()).isEmpty();
    }

    @Test
    void whatIsWantedAtOnceIsInTheHeadWhenTheChangeReturns() throws Exception {
        Receipt receipt = publish(Entries.put("/1", "a", FRESH));

        Reader reader = new Reader(catalogs.current(SITE).orElseThrow().body());
        assertThat(receipt).isEqualTo(new Receipt.Accepted(1, reader.head().sequence(), 1));
        assertThat(reader.urls()).containsExactly(Entries.url("/1").hash());
    }

    @Test
    void headsFollowEachOther() throws Exception {
        Reader first = new Reader(catalogs.current(SITE).orElseThrow().body());
        publish(Entries.put("/1", "a", FRESH));
        publish(Entries.put("/2", "b", FRESH));

        SignedCatalog current = catalogs.current(SITE).orElseThrow();
        Head head = new Reader(current.body()).head();
        assertThat(head.sequence()).isEqualTo(first.head().sequence() + 2);
        assertThat(head.previous()).isNotNull();
        assertThat(first.verifier.head(current.body().head(), nowSeconds())).contains(head);
    }

    @Test
    void whatIsTakenDownIsOutOfTheCatalogAndNamedInAHeadAtOnce() throws Exception {
        publish(Entries.put("/1", "a", FRESH), Entries.put("/2", "a", FRESH), Entries.put("/3", "b", FRESH));

        Receipt receipt = takeDown(Entries.url("/1").text());

        Reader reader = new Reader(catalogs.current(SITE).orElseThrow().body());
        ContentId content = Entries.put("/1", "a", FRESH).entry().entry().content();
        assertThat(receipt).isEqualTo(new Receipt.Accepted(1, reader.head().sequence(), 2));
        assertThat(reader.urls()).containsExactly(Entries.url("/3").hash());
        assertThat(reader.blocked().hashes())
                .containsExactlyInAnyOrder(Entries.url("/1").hash().hash(), content.hash());
        assertThat(catalogs.isBlocked(content)).isTrue();
        assertThat(catalogs.layout(SITE, content)).isEmpty();
        assertThat(catalogs.takenDown(SITE)).hasSize(1);
        assertThat(catalogs.takenDown(SITE).get(0).line()).contains("infringes", "case 7");
    }

    @Test
    void whatIsTakenDownIsRefusedWithTheRemedyUntilItIsGivenBackAlsoAfterARestart() throws Exception {
        Put put = Entries.published(Entries.put("/1", "a", FRESH));
        publish(put);
        takeDown(put.entry().entry().content().text());

        reopen(POLICY, Clock.systemUTC());

        assertThat(publish(Entries.put("/elsewhere", "a", FRESH)))
                .isInstanceOfSatisfying(Receipt.Refused.class, refused -> assertThat(refused.reason())
                        .contains("/elsewhere", "rivulet-tracker unblock"));
        assertThat(publish(Entries.put("/1", "b", FRESH))).isInstanceOf(Receipt.Refused.class);
        assertThat(catalogs.isBlocked(SITE, Entries.url("/1").hash())).isTrue();

        // Once more, when the site has no entry that tells what belongs together.
        takeDown(put.entry().entry().content().text());
        assertThat(catalogs.isBlocked(SITE, Entries.url("/1").hash())).isTrue();

        assertThat(giveBack(Entries.url("/1").text())).isInstanceOf(Receipt.Refused.class);
        assertThat(giveBack(put.entry().entry().content().text())).isInstanceOf(Receipt.Accepted.class);
        Reader reader = new Reader(catalogs.current(SITE).orElseThrow().body());
        assertThat(reader.head().blocked()).isNull();
        assertThat(publish(put)).isInstanceOf(Receipt.Accepted.class);
    }

    @Test
    void whatIsTakenDownWhileNoTrackerRunsIsOutOfTheCatalogWithItsStart() throws Exception {
        publish(Entries.put("/1", "a", FRESH));
        TakeDown.Order order = new TakeDown.Order(Entries.url("/1").text(), "infringes", "");
        new TakeDownTables(database)
                .put(
                        SITE,
                        TakeDown.of(order, List.of(Entries.put("/1", "a", FRESH).entry()), nowSeconds()));

        reopen(POLICY, Clock.systemUTC());

        Reader reader = new Reader(catalogs.current(SITE).orElseThrow().body());
        assertThat(reader.urls()).isEmpty();
        assertThat(reader.blocked().hashes()).hasSize(2);
    }

    @Test
    void noMoreIsTakenDownThanAListHolds() throws Exception {
        takeDown(Entries.url("/1").text());
        List<Sha256> many = new ArrayList<>();
        for (int i = 0; i < Limits.MAX_BLOCKED_HASHES - 1; i++) {
            many.add(new Sha256(1, 2, 3, i));
        }
        new TakeDownTables(database)
                .put(SITE, new TakeDown(new TakeDown.Order("many", "infringes", ""), BlockList.of(many), nowSeconds()));
        reopen(POLICY, Clock.systemUTC());

        assertThat(takeDown(Entries.url("/2").text()))
                .isInstanceOfSatisfying(Receipt.Refused.class, refused -> assertThat(refused.reason())
                        .contains("2048"));
        assertThat(catalogs.isBlocked(SITE, Entries.url("/2").hash())).isFalse();
        assertThat(takeDown("neither")).isInstanceOf(Receipt.Refused.class);
    }

    @Test
    void publishingTheSameAgainMakesNoHead() throws Exception {
        Receipt first = publish(Entries.published(Entries.put("/1", "a", nowSeconds() + Entries.MAX_AGE_SECONDS)));
        Receipt again = publish(Entries.published(Entries.put("/1", "a", nowSeconds() + Entries.MAX_AGE_SECONDS + 1)));

        assertThat(((Receipt.Accepted) again).sequence()).isEqualTo(((Receipt.Accepted) first).sequence());
        assertThat(((Receipt.Accepted) again).changed()).isZero();
    }

    @Test
    void fewChangesAreABatchAtOnceAndInAHeadSoonAfter() throws Exception {
        News news = new News();
        catalogs.subscribe(news);
        Reader reader = new Reader(catalogs.current(SITE).orElseThrow().body());
        Put put = Entries.put("/1", "a", FRESH);

        catalogs.change(SITE, CatalogChange.put(put.entry(), put.layout())).get(DEADLINE_SECONDS, TimeUnit.SECONDS);

        BatchResult batch = reader.verifier.batch(news.batches.poll(DEADLINE_SECONDS, TimeUnit.SECONDS), nowSeconds());
        assertThat(((BatchResult.Taken) batch).batch().entries())
                .containsExactly(put.entry().entry());
        SignedCatalog later = news.heads.poll(DEADLINE_SECONDS, TimeUnit.SECONDS);
        assertThat(later.batches()).isEmpty();
        assertThat(new Reader(later.body()).urls())
                .containsExactly(Entries.url("/1").hash());
    }

    @Test
    void whoArrivesBetweenBatchAndHeadIsToldBoth() throws Exception {
        News news = new News();
        catalogs.subscribe(news);
        String before = catalogs.current(SITE).orElseThrow().body().head();
        Put put = Entries.put("/1", "a", FRESH);

        catalogs.change(SITE, CatalogChange.put(put.entry(), put.layout())).get(DEADLINE_SECONDS, TimeUnit.SECONDS);
        String batch = news.batches.poll(DEADLINE_SECONDS, TimeUnit.SECONDS);
        SignedCatalog current = catalogs.current(SITE).orElseThrow();

        // Unless the machine was so slow that the head is cut already.
        if (current.body().head().equals(before)) {
            assertThat(current.batches()).containsExactly(batch);
        }
    }

    @Test
    void suspendedEntryIsTakenOutByABatch() throws Exception {
        publish(Entries.put("/1", "a", FRESH));
        News news = new News();
        catalogs.subscribe(news);
        Reader reader = new Reader(catalogs.current(SITE).orElseThrow().body());

        catalogs.change(SITE, CatalogChange.suspend(Entries.url("/1").hash())).get(DEADLINE_SECONDS, TimeUnit.SECONDS);

        BatchResult batch = reader.verifier.batch(news.batches.poll(DEADLINE_SECONDS, TimeUnit.SECONDS), nowSeconds());
        assertThat(((BatchResult.Taken) batch).batch().removed())
                .containsExactly(Entries.url("/1").hash());
    }

    @Test
    void listenerThatThrowsKeepsNothingFromTheOthers() throws Exception {
        catalogs.subscribe(new CatalogListener() {
            @Override
            public void head(SiteId site, SignedCatalog catalog) {
                throw new IllegalStateException("deaf");
            }

            @Override
            public void batch(SiteId site, String jws) {
                throw new IllegalStateException("deaf");
            }
        });
        News news = new News();
        catalogs.subscribe(news);

        publish(Entries.put("/1", "a", FRESH));

        assertThat(news.heads.poll(DEADLINE_SECONDS, TimeUnit.SECONDS)).isNotNull();
    }

    @Test
    void shardsOfTheHeadBeforeAreStillThere() throws Exception {
        publish(Entries.put("/1", "a", FRESH));
        Reader before = new Reader(catalogs.current(SITE).orElseThrow().body());

        publish(Entries.put("/2", "b", FRESH));

        assertThat(before.urls()).containsExactly(Entries.url("/1").hash());
    }

    @Test
    void largeCatalogIsSpreadOverShardsAndItsIndexFetchedByHash() throws Exception {
        List<Put> puts = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            puts.add(Entries.put("/" + i, "text " + i, FRESH));
        }
        Receipt receipt = publish(puts.toArray(Put[]::new));

        assertThat(receipt).isInstanceOf(Receipt.Accepted.class);
        Reader reader = new Reader(catalogs.current(SITE).orElseThrow().body());
        assertThat(reader.body.index() == null).isTrue();
        assertThat(reader.urls()).hasSize(10_000);
    }

    @Test
    void longLayoutsAreServedFromTheDatabaseAndShortOnesFromTheirEntries() throws Exception {
        Put small = Entries.put("/1", "a", FRESH);
        Put large = Entries.put("/2", Entries.layout(new byte[17 * Limits.SMALL_PIECE_BYTES]), FRESH);
        publish(small, large);

        assertThat(catalogs.layout(SITE, small.layout().contentId()))
                .contains(small.layout().encode());
        assertThat(catalogs.layout(SITE, large.layout().contentId()))
                .contains(large.layout().encode());
        ContentId unknown = Entries.layout(new byte[1]).contentId();
        assertThat(catalogs.layout(SITE, unknown)).isEmpty();
        assertThat(catalogs.layout(new SiteId("other"), large.layout().contentId()))
                .isEmpty();
    }

    @Test
    void restartKeepsKeysEntriesAndHead() throws Exception {
        Put large = Entries.put("/2", Entries.layout(new byte[17 * Limits.SMALL_PIECE_BYTES]), FRESH);
        publish(Entries.put("/1", "a", FRESH), large);
        SignedCatalog before = catalogs.current(SITE).orElseThrow();

        reopen(POLICY, Clock.systemUTC());

        SignedCatalog after = catalogs.current(SITE).orElseThrow();
        assertThat(after.body().rootKey()).isEqualTo(before.body().rootKey());
        assertThat(after.body().head()).isEqualTo(before.body().head());
        assertThat(new Reader(after.body()).urls()).hasSize(2);
        assertThat(catalogs.layout(SITE, large.layout().contentId())).isPresent();
    }

    @Test
    void whatWasInABatchOnlyIsInTheHeadAfterARestart() throws Exception {
        News news = new News();
        catalogs.subscribe(news);
        Reader reader = new Reader(catalogs.current(SITE).orElseThrow().body());
        Put put = Entries.put("/1", "a", FRESH);
        catalogs.change(SITE, CatalogChange.put(put.entry(), put.layout())).get(DEADLINE_SECONDS, TimeUnit.SECONDS);
        assertThat(news.batches.poll(DEADLINE_SECONDS, TimeUnit.SECONDS)).isNotNull();

        reopen(POLICY, Clock.systemUTC());

        SignedCatalog after = catalogs.current(SITE).orElseThrow();
        assertThat(reader.verifier.head(after.body().head(), nowSeconds())).isPresent();
        assertThat(new Reader(after.body()).urls())
                .containsExactly(Entries.url("/1").hash());
    }

    @Test
    void suspensionSurvivesARestart() throws Exception {
        UrlHash url = Entries.url("/1").hash();
        publish(Entries.put("/1", "a", FRESH));
        catalogs.change(SITE, CatalogChange.suspend(url)).get(DEADLINE_SECONDS, TimeUnit.SECONDS);

        reopen(POLICY, Clock.systemUTC());

        assertThat(catalogs.listed(SITE, url)).isEmpty();
        assertThat(catalogs.suspended(SITE, url)).isPresent();
    }

    @Test
    void headThatExpiredWhileTheTrackerWasOffIsReplaced() throws Exception {
        publish(Entries.put("/1", "a", FRESH));
        Reader reader = new Reader(catalogs.current(SITE).orElseThrow().body());
        Clock later = Clock.offset(Clock.systemUTC(), Duration.ofSeconds(Limits.HEAD_LIFETIME_SECONDS + 1));

        reopen(POLICY, later);

        SignedCatalog after = catalogs.current(SITE).orElseThrow();
        assertThat(reader.verifier.head(after.body().head(), later.instant().getEpochSecond()))
                .hasValueSatisfying(head ->
                        assertThat(head.sequence()).isEqualTo(reader.head().sequence() + 1));
    }

    @Test
    void raisedEpochGoesOnFromItsFirstHead() throws Exception {
        publish(Entries.put("/1", "a", FRESH));
        Reader reader = new Reader(catalogs.current(SITE).orElseThrow().body());
        close();
        try (TrackerDatabase closed = TrackerDatabase.open(data)) {
            CatalogTables tables = new CatalogTables(closed);
            CatalogPosition position = tables.position(SITE);
            tables.advance(SITE, position.inEpoch(2));
        }

        open();

        CatalogBody body = catalogs.current(SITE).orElseThrow().body();
        reader.verifier.delegations(body.rootKey(), body.delegations());
        Head head = reader.verifier.head(body.head(), nowSeconds()).orElseThrow();
        assertThat(head.epoch()).isEqualTo(2);
        assertThat(head.sequence()).isEqualTo(1);
        assertThat(head.previous()).isNull();
    }

    @Test
    void entriesThatThePolicyAdmitsNoMoreAreOutAndComeBackWithIt() throws Exception {
        publish(Entries.put("/1", "a", FRESH), Entries.put("/private/2", "b", FRESH));

        reopen(Policies.of("https://content.example", List.of("/**"), List.of("/private/**")), Clock.systemUTC());
        assertThat(new Reader(catalogs.current(SITE).orElseThrow().body()).urls())
                .containsExactly(Entries.url("/1").hash());

        reopen(POLICY, Clock.systemUTC());
        assertThat(new Reader(catalogs.current(SITE).orElseThrow().body()).urls())
                .hasSize(2);
    }

    @Test
    void changeOfAStreamIsToldInABatchBeforeItIsConfirmed() throws Exception {
        publish(Entries.put("/film.mp4", "film", FRESH));
        News news = new News();
        catalogs.subscribe(news);
        CatalogChange segment = CatalogChange.put(
                Entries.put("/live/1.ts", "one", FRESH).entry(), Entries.layout("one".getBytes(UTF_8)));

        catalogs.change(SITE, segment.at(Pace.STREAMED)).get(DEADLINE_SECONDS, TimeUnit.SECONDS);

        assertThat(news.batches).hasSize(1);
        assertThat(news.heads).isEmpty();
        assertThat(catalogs.current(SITE).orElseThrow().batches()).containsExactlyElementsOf(news.batches);
    }

    @Test
    void changeOfAnUnknownSiteOrAfterClosingFails() {
        assertThatThrownBy(() -> catalogs.change(new SiteId("other"), CatalogChange.remove(Set.of()))
                        .get(DEADLINE_SECONDS, TimeUnit.SECONDS))
                .hasCauseInstanceOf(IOException.class);

        catalogs.close();
        assertThatThrownBy(() ->
                        catalogs.change(SITE, CatalogChange.remove(Set.of())).get(DEADLINE_SECONDS, TimeUnit.SECONDS))
                .hasCauseInstanceOf(IOException.class);
    }

    private Receipt takeDown(String subject) throws Exception {
        return catalogs.takeDown(SITE, new TakeDown.Order(subject, "infringes", "case 7"))
                .get(DEADLINE_SECONDS, TimeUnit.SECONDS);
    }

    private Receipt giveBack(String subject) throws Exception {
        return catalogs.giveBack(SITE, subject).get(DEADLINE_SECONDS, TimeUnit.SECONDS);
    }

    private Receipt publish(Put... puts) throws Exception {
        return catalogs.change(SITE, new CatalogChange(List.of(puts), Set.of(), Set.of(), Pace.AT_ONCE))
                .get(DEADLINE_SECONDS, TimeUnit.SECONDS);
    }

    private void open(SitePolicy policy, Clock clock) {
        database = TrackerDatabase.open(data);
        catalogs = Catalogs.open(database, new KeyDirectory(data, new SecureRandom()), Map.of(SITE, policy), clock);
    }

    private void reopen(SitePolicy policy, Clock clock) {
        close();
        open(policy, clock);
    }

    private static long nowSeconds() {
        return Clock.systemUTC().instant().getEpochSecond();
    }

    /** A visitor who believes what verifies. */
    private final class Reader {
        private final CatalogBody body;
        private final CatalogVerifier verifier;
        private final Head head;

        Reader(CatalogBody body) throws CatalogException {
            this.body = body;
            this.verifier = new CatalogVerifier(SITE, body.rootKey().keyId(), null);
            verifier.delegations(body.rootKey(), body.delegations());
            this.head = verifier.head(body.head(), nowSeconds()).orElseThrow();
        }

        Head head() {
            return head;
        }

        BlockList blocked() throws Exception {
            return BlockList.decode(catalogs.shard(SITE, head.blocked()).orElseThrow());
        }

        List<UrlHash> urls() throws Exception {
            byte[] bytes =
                    body.index() == null ? catalogs.shard(SITE, head.root()).orElseThrow() : body.indexBytes();
            List<UrlHash> urls = new ArrayList<>();
            for (ShardHash shard : ShardIndex.decode(head, bytes).shards()) {
                Shard.decode(catalogs.shard(SITE, shard).orElseThrow())
                        .entries()
                        .forEach(entry -> urls.add(entry.url()));
            }
            return urls;
        }
    }

    private static final class News implements CatalogListener {
        private final BlockingQueue<SignedCatalog> heads = new LinkedBlockingQueue<>();
        private final BlockingQueue<String> batches = new LinkedBlockingQueue<>();

        @Override
        public void head(SiteId site, SignedCatalog catalog) {
            heads.add(catalog);
        }

        @Override
        public void batch(SiteId site, String jws) {
            batches.add(jws);
        }
    }
}
