package dev.rivulet.tracker.indexing;

import static dev.rivulet.tracker.indexing.Askers.asker;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rivulet.protocol.Limits;
import dev.rivulet.protocol.catalog.Entry;
import dev.rivulet.protocol.catalog.Layout;
import dev.rivulet.protocol.http.Validators;
import dev.rivulet.protocol.id.ResourceUrl;
import dev.rivulet.protocol.id.UrlHash;
import dev.rivulet.tracker.catalog.CatalogChange;
import dev.rivulet.tracker.catalog.CatalogEntry;
import dev.rivulet.tracker.catalog.Entries;
import dev.rivulet.tracker.catalog.Source;
import dev.rivulet.tracker.publishing.Policies;
import io.undertow.server.HttpHandler;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

final class IndexerIT extends IndexerWithOrigin {
    private static final long STALE = 1;

    @Test
    void missingResourceIsFetchedOnceHashedAndOffered() throws Exception {
        byte[] body = random(3 * Limits.SMALL_PIECE_BYTES + 1);
        origin.serve(
                "/film.mp4",
                body,
                Map.of(
                        "Cache-Control", "public, max-age=600",
                        "ETag", "\"1\"",
                        "Content-Type", "video/mp4",
                        "Accept-Ranges", "bytes",
                        "X-Other", "not for readers"));

        missing(1, "/film.mp4");
        missing(2, "/film.mp4");

        CatalogEntry entry = awaitListed("/film.mp4");
        Layout layout = Entries.layout(body);
        assertThat(entry.source()).isEqualTo(Source.INDEXED);
        assertThat(entry.entry().content()).isEqualTo(layout.contentId());
        assertThat(entry.entry().headers()).isEqualTo(Map.of("content-type", "video/mp4"));
        assertThat(entry.entry().validators()).isEqualTo(new Validators("\"1\"", null));
        assertThat(entry.entry().ranges()).isTrue();
        assertThat(entry.entry().freshUntil()).isBetween(nowSeconds() + 600 - DEADLINE_SECONDS, nowSeconds() + 600);
        assertThat(fetched.holds(layout.contentId())).isTrue();
        assertThat(fetched.piece(layout.contentId(), 3).orElseThrow().remaining())
                .isEqualTo(1);
        List<TestOrigin.Asked> asked = origin.asked("/film.mp4");
        assertThat(asked.stream().filter(each -> each.range().isEmpty())).hasSize(1);
        assertThat(asked.get(0).agent()).isEqualTo("rivulet-indexer/0.1.0");
        assertThat(asked.get(0).encoding()).isEqualTo("identity");
    }

    @Test
    void chunkedBodyIsTakenWhole() throws Exception {
        byte[] body = random(Limits.SMALL_PIECE_BYTES + 5);
        origin.on("/chunked", exchange -> {
            exchange.getResponseHeaders().put(Headers.CACHE_CONTROL, "max-age=600");
            exchange.getOutputStream().write(body, 0, 1000);
            TestOrigin.flush(exchange);
            exchange.getOutputStream().write(body, 1000, body.length - 1000);
        });

        missing(1, "/chunked");

        assertThat(awaitListed("/chunked").entry().content())
                .isEqualTo(Entries.layout(body).contentId());
        assertThat(awaitListed("/chunked").entry().ranges()).isFalse();
    }

    @Test
    void truncatedBodiesAreNotTaken() throws Exception {
        origin.on("/short", exchange -> {
            exchange.getResponseHeaders().put(Headers.CACHE_CONTROL, "max-age=600");
            exchange.setResponseContentLength(10_000);
            exchange.getOutputStream().write(new byte[100]);
            TestOrigin.flush(exchange);
            exchange.getConnection().close();
        });
        origin.on("/short-chunked", exchange -> {
            exchange.getResponseHeaders().put(Headers.CACHE_CONTROL, "max-age=600");
            exchange.getOutputStream().write(new byte[100]);
            TestOrigin.flush(exchange);
            exchange.getConnection().close();
        });

        assertNotListed("/short", "/short-chunked");
    }

    @Test
    void whatMayNotBeSharedIsNotTaken() throws Exception {
        origin.serve("/no-store", random(10), Map.of("Cache-Control", "no-store"));
        origin.serve("/silent", random(10), Map.of());
        origin.serve("/cookie", random(10), Map.of("Cache-Control", "max-age=600", "Set-Cookie", "a=b"));
        origin.serve("/vary", random(10), Map.of("Cache-Control", "max-age=600", "Vary", "Cookie"));
        origin.serve("/gzip", random(10), Map.of("Cache-Control", "max-age=600", "Content-Encoding", "gzip"));
        origin.serve("/target", random(10), SHAREABLE);
        origin.on("/redirect", exchange -> {
            exchange.setStatusCode(302);
            exchange.getResponseHeaders().put(Headers.LOCATION, origin.url() + "/target");
        });

        assertNotListed("/no-store", "/silent", "/cookie", "/vary", "/gzip", "/redirect", "/not-there");
        assertThat(origin.asked("/target")).isEmpty();
    }

    @Test
    void hugeResourceIsRefusedByItsDeclaredSizeUnread() throws Exception {
        CountDownLatch written = new CountDownLatch(1);
        origin.on("/huge", exchange -> {
            exchange.getResponseHeaders().put(Headers.CACHE_CONTROL, "max-age=600");
            exchange.setResponseContentLength(4_000_000_000L);
            exchange.getOutputStream().write(new byte[1000]);
            TestOrigin.flush(exchange);
            written.countDown();
            exchange.getConnection().close();
        });

        assertNotListed("/huge");
        assertThat(written.getCount()).isZero();
    }

    @Test
    void endlessBodyIsGivenUpAtTheBound() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        AtomicLong written = new AtomicLong();
        origin.on("/endless", exchange -> {
            exchange.getResponseHeaders().put(Headers.CACHE_CONTROL, "max-age=600");
            byte[] block = new byte[64 * 1024];
            try {
                while (written.addAndGet(block.length) < 2 * Limits.SMALL_RESOURCE_BYTES) {
                    exchange.getOutputStream().write(block);
                }
            } finally {
                over.countDown();
            }
        });

        missing(1, "/endless");

        assertThat(over.await(DEADLINE_SECONDS, TimeUnit.SECONDS)).isTrue();
        assertThat(written.get()).isLessThan(Limits.SMALL_RESOURCE_BYTES);
        assertThat(listed("/endless")).isEmpty();
    }

    @Test
    void urlsOutsideOfThePolicyAreNotAskedFor() throws Exception {
        origin.serve("/private/a", random(10), SHAREABLE);
        origin.serve("/marker", random(10), SHAREABLE);

        missing(1, "/private/a");
        missing(1, "/marker");
        awaitListed("/marker");

        assertThat(origin.asked("/private/a")).isEmpty();
    }

    @Test
    void nameAtAPrivateAddressIsNotConnectedToUnlessAllowed() throws Exception {
        String named = "http://localhost:" + origin.port();
        origin.serve("/a", random(10), SHAREABLE);
        reopen(Policies.of(named, List.of("/**"), List.of()), 1);
        indexer.missing(SITE, asker(1, "127.0.0.1"), List.of(ResourceUrl.parse(named + "/a")));
        await(() -> names.resolved.contains("localhost"));
        indexer.close();
        assertThat(origin.asked("/a")).isEmpty();

        reopen(Policies.of(named, List.of("/**"), List.of(), true), 1);
        indexer.missing(SITE, asker(1, "127.0.0.1"), List.of(ResourceUrl.parse(named + "/a")));

        await(() -> catalogs.listed(SITE, hash(named + "/a")).isPresent());
    }

    @Test
    void oneAskerOfTwoIsNotEnough() throws Exception {
        reopen(Policies.of(origin.url(), List.of("/**"), List.of()), 2);
        origin.serve("/a", random(10), SHAREABLE);
        origin.serve("/b", random(10), SHAREABLE);

        missing(1, "/a");
        missing(1, "/a");
        missing(1, "/b");
        missing(2, "/b");

        awaitListed("/b");
        assertThat(origin.asked("/a")).isEmpty();
    }

    @Test
    void thresholdOfZeroKeepsTheIndexerQuiet() throws Exception {
        reopen(Policies.of(origin.url(), List.of("/**"), List.of()), 0);
        origin.serve("/a", random(10), SHAREABLE);
        publish("/a", random(10), STALE);

        indexer.contradicted(SITE, asker(1, "127.0.0.1"), List.of(url("/a")));
        indexer.lookedUp(SITE, List.of(listed("/a").orElseThrow().entry().content()));
        missing(1, "/b");

        assertThat(listed("/a")).isPresent();
        indexer.close();
        assertThat(origin.asked("/a")).isEmpty();
        assertThat(origin.asked("/b")).isEmpty();
    }

    @Test
    void staleEntryThatIsWantedIsRevalidatedWithoutItsBody() throws Exception {
        byte[] body = random(100);
        origin.serve("/a", body, SHAREABLE);
        put("/a", body, "\"1\"", STALE, Source.INDEXED);

        indexer.lookedUp(SITE, List.of(Entries.layout(body).contentId()));

        await(() -> listed("/a").filter(entry -> !entry.isStale(nowSeconds())).isPresent());
        assertThat(origin.asked("/a")).hasSize(1);
        assertThat(origin.asked("/a").get(0).ifNoneMatch()).isEqualTo("\"1\"");
        assertThat(listed("/a").orElseThrow().entry().content())
                .isEqualTo(Entries.layout(body).contentId());
    }

    @Test
    void changedResourceGetsANewEntryWhenItsFreshnessEnded() throws Exception {
        byte[] before = random(100);
        byte[] after = random(200);
        origin.serve("/a", after, Map.of("Cache-Control", "max-age=600", "ETag", "\"2\""));
        put("/a", before, "\"1\"", STALE, Source.INDEXED);

        indexer.lookedUp(SITE, List.of(Entries.layout(before).contentId()));

        await(() -> listed("/a").filter(entry -> entry.entry().size() == 200).isPresent());
        assertThat(listed("/a").orElseThrow().entry().validators().etag()).isEqualTo("\"2\"");
    }

    @Test
    void goneResourceLosesItsEntry() throws Exception {
        byte[] body = random(100);
        put("/a", body, "\"1\"", STALE, Source.INDEXED);

        indexer.lookedUp(SITE, List.of(Entries.layout(body).contentId()));

        await(() -> listed("/a").isEmpty());
        assertThat(catalogs.suspended(SITE, url("/a").hash())).isEmpty();
    }

    @Test
    void contradictedEntryIsOutUntilTheOriginWasAskedAndThenSaysWhatTheOriginSays() throws Exception {
        byte[] after = random(200);
        CountDownLatch answer = new CountDownLatch(1);
        origin.on("/a", exchange -> {
            answer.await();
            exchange.getResponseHeaders().put(Headers.CACHE_CONTROL, "max-age=600");
            // The same tag for other bytes, as origins do that are wrong.
            exchange.getResponseHeaders().put(Headers.ETAG, "\"1\"");
            exchange.setResponseContentLength(after.length);
            exchange.getOutputStream().write(after);
        });
        put("/a", random(100), "\"1\"", nowSeconds() + 1000, Source.INDEXED);

        indexer.contradicted(SITE, asker(1, "127.0.0.1"), List.of(url("/a")));

        await(() -> listed("/a").isEmpty());
        assertThat(catalogs.suspended(SITE, url("/a").hash())).isPresent();
        answer.countDown();
        assertThat(awaitListed("/a").entry().content())
                .isEqualTo(Entries.layout(after).contentId());
    }

    @Test
    void lieAboutAPublishedEntryDoesNotCostItWhateverTheOriginSaysOfCaching() throws Exception {
        byte[] body = random(100);
        origin.serve("/a", body, Map.of("Cache-Control", "no-store"));
        publish("/a", body, nowSeconds() + 1000);

        indexer.contradicted(SITE, asker(1, "127.0.0.1"), List.of(url("/a")));
        await(() -> !origin.asked("/a").isEmpty());

        CatalogEntry entry = awaitListed("/a");
        assertThat(entry.source()).isEqualTo(Source.PUBLISHED);
        assertThat(entry.entry().content()).isEqualTo(Entries.layout(body).contentId());

        indexer.contradicted(SITE, asker(2, "127.0.0.1"), List.of(url("/a")));
        assertThat(listed("/a")).isPresent();
        indexer.close();
        assertThat(origin.asked("/a").stream().filter(asked -> asked.range().isEmpty()))
                .hasSize(1);
    }

    @Test
    void publishedEntryThatTheOriginDoesNotBearOutStaysOutAndIsLookedAtAgainAfterARestart() throws Exception {
        byte[] body = random(100);
        origin.serve("/a", random(200), Map.of("Cache-Control", "no-store"));
        publish("/a", body, nowSeconds() + 1000);
        indexer.contradicted(SITE, asker(1, "127.0.0.1"), List.of(url("/a")));
        await(() -> !origin.asked("/a").isEmpty());
        await(() -> catalogs.suspended(SITE, url("/a").hash()).isPresent());

        reopen(Policies.of(origin.url(), List.of("/**"), List.of()), 2);
        assertThat(listed("/a")).isEmpty();
        origin.serve("/a", body, Map.of("Cache-Control", "no-store"));
        missing(1, "/a");

        assertThat(awaitListed("/a").source()).isEqualTo(Source.PUBLISHED);
    }

    @Test
    void closingBreaksOffWhatIsUnderWay() throws Exception {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch over = new CountDownLatch(1);
        origin.on("/slow", slow(begun, over));
        missing(1, "/slow");
        assertThat(begun.await(DEADLINE_SECONDS, TimeUnit.SECONDS)).isTrue();

        long start = System.nanoTime();
        indexer.close();

        assertThat(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start)).isLessThan(DEADLINE_SECONDS);
        over.countDown();
        assertThat(listed("/slow")).isEmpty();
    }

    private static HttpHandler slow(CountDownLatch begun, CountDownLatch over) {
        return exchange -> {
            exchange.getResponseHeaders().put(new HttpString("Cache-Control"), "max-age=600");
            exchange.setResponseContentLength(2);
            exchange.getOutputStream().write(1);
            TestOrigin.flush(exchange);
            begun.countDown();
            over.await();
            exchange.getOutputStream().write(2);
        };
    }

    /** All of them are asked for, and an entry for something asked for after them exists, but none for them. */
    private void assertNotListed(String... paths) throws Exception {
        for (String path : paths) {
            missing(1, path);
        }
        for (String path : paths) {
            await(() -> !origin.asked(path).isEmpty());
        }
        origin.serve("/marker", random(10), SHAREABLE);
        missing(1, "/marker");
        awaitListed("/marker");
        indexer.close();
        for (String path : paths) {
            assertThat(listed(path)).as(path).isEmpty();
        }
    }

    private void publish(String path, byte[] body, long freshUntil) throws Exception {
        put(path, body, "\"1\"", freshUntil, Source.PUBLISHED);
    }

    private void put(String path, byte[] body, String etag, long freshUntil, Source source) throws Exception {
        Layout layout = Entries.layout(body);
        Entry entry = Entry.of(url(path).hash(), layout, Map.of(), new Validators(etag, null), freshUntil, true);
        catalogs.change(SITE, CatalogChange.put(new CatalogEntry(url(path), entry, source, 1000), layout))
                .get(DEADLINE_SECONDS, TimeUnit.SECONDS);
    }

    private static UrlHash hash(String url) {
        return Askers.url(url).url().hash();
    }

    private static long nowSeconds() {
        return Instant.now().getEpochSecond();
    }
}
