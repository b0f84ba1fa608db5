package dev.rivulet.tracker.indexing;

import static dev.rivulet.tracker.indexing.Askers.asker;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rivulet.protocol.DecodeException;
import dev.rivulet.protocol.Limits;
import dev.rivulet.protocol.catalog.Entry;
import dev.rivulet.protocol.catalog.Layout;
import dev.rivulet.protocol.http.SitePolicy;
import dev.rivulet.protocol.http.Validators;
import dev.rivulet.protocol.id.ResourceUrl;
import dev.rivulet.protocol.id.SiteId;
import dev.rivulet.protocol.id.UrlHash;
import dev.rivulet.protocol.settings.ByteSize;
import dev.rivulet.tracker.catalog.CatalogChange;
import dev.rivulet.tracker.catalog.CatalogEntry;
import dev.rivulet.tracker.catalog.Entries;
import dev.rivulet.tracker.catalog.Source;
import dev.rivulet.tracker.config.IndexingConfig;
import dev.rivulet.tracker.database.TrackerDatabase;
import dev.rivulet.tracker.indexing.edge.IndexingEdges;
import dev.rivulet.tracker.keys.KeyDirectory;
import dev.rivulet.tracker.publishing.Catalogs;
import dev.rivulet.tracker.publishing.IndexedEntries;
import dev.rivulet.tracker.publishing.Policies;
import io.undertow.server.HttpHandler;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class IndexerIT {
    private static final SiteId SITE = Askers.SITE;
    private static final Map<String, String> SHAREABLE = Map.of("Cache-Control", "max-age=600", "ETag", "\"1\"");
    private static final long DEADLINE_SECONDS = 60;
    private static final long STALE = 1;

    @TempDir
    Path data;

    private final TestOrigin origin = new TestOrigin();
    private final SystemNames names = new SystemNames();
    private TrackerDatabase database;
    private Catalogs catalogs;
    private FetchedContent fetched;
    private volatile List<ResourceUrl> live = List.of();
    private Indexer indexer;

    @BeforeEach
    void open() throws IOException {
        open(Policies.of(origin.url(), List.of("/**"), List.of("/private/**")), 1);
    }

    @AfterEach
    void close() throws IOException {
        indexer.close();
        catalogs.close();
        database.close();
        origin.close();
    }

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

    private void missing(int peer, String path) {
        indexer.missing(SITE, asker(peer, "127.0.0.1"), List.of(url(path)));
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

    private Optional<CatalogEntry> listed(String path) {
        return catalogs.listed(SITE, url(path).hash());
    }

    private CatalogEntry awaitListed(String path) {
        await(() -> listed(path).isPresent());
        return listed(path).orElseThrow();
    }

    private ResourceUrl url(String path) {
        try {
            return ResourceUrl.parse(origin.url() + path);
        } catch (DecodeException e) {
            throw new IllegalArgumentException(e);
        }
    }

    @Test
    void segmentsOfAStreamAreIndexedAsTheyAppearWhileSomebodyWatches() throws Exception {
        live = List.of(ResourceUrl.parse(origin.url() + "/live/index.m3u8"));
        for (int i = 0; i < 4; i++) {
            origin.serve("/live/" + i + ".ts", random(1000 + i), SHAREABLE);
        }
        playlist(0, 1);

        missing(1, "/live/0.ts");
        // Nobody asked for it, but who watches the one before will.
        awaitListed("/live/1.ts");
        playlist(1, 2);
        CatalogEntry second = awaitListed("/live/2.ts");
        indexer.announced(SITE, asker(1, "127.0.0.1"), List.of(second.entry().content()));
        playlist(2, 3);
        awaitListed("/live/3.ts");

        assertThat(origin.asked("/live/2.ts").stream()
                        .filter(each -> each.range().isEmpty()))
                .hasSize(1);
        assertThat(origin.asked("/live/index.m3u8").get(0).agent()).startsWith("rivulet-indexer/");
    }

    @Test
    void playlistOfAStreamThatGoesOnIsNotIndexed() throws Exception {
        String text = "#EXTM3U\n#EXT-X-TARGETDURATION:4\n#EXTINF:4,\n1.ts\n";
        origin.serve("/live.m3u8", text.getBytes(UTF_8), SHAREABLE);
        origin.serve("/film.m3u8", (text + "#EXT-X-ENDLIST\n").getBytes(UTF_8), SHAREABLE);

        missing(1, "/live.m3u8");
        await(() -> !origin.asked("/live.m3u8").isEmpty());
        missing(1, "/film.m3u8");
        awaitListed("/film.m3u8");

        assertThat(listed("/live.m3u8")).isEmpty();
    }

    @Test
    void variantThatSomebodyWatchesIsFoundByWayOfTheMultivariantPlaylist() throws Exception {
        live = List.of(ResourceUrl.parse(origin.url() + "/live.m3u8"));
        origin.serve(
                "/live.m3u8",
                "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\nlive/index.m3u8\n#EXT-X-STREAM-INF:BANDWIDTH=2\nhigh/index.m3u8\n"
                        .getBytes(UTF_8),
                Map.of());
        origin.serve("/live/0.ts", random(1000), SHAREABLE);
        origin.serve("/live/1.ts", random(1001), SHAREABLE);
        playlist(0, 1);

        missing(1, "/live/0.ts");

        awaitListed("/live/1.ts");
    }

    @Test
    void playlistThatTheSiteNamesLaterIsWatched() {
        segments("/live/", 0, 1);
        playlist(0, 1);
        missing(1, "/live/0.ts");
        awaitListed("/live/0.ts");

        live = playlists("/live/index.m3u8");
        missing(1, "/live/0.ts");

        awaitListed("/live/1.ts");
    }

    @Test
    void playlistThatTheSiteNamesNoMoreIsNotAskedForWhoeverWatchedIt() {
        live = playlists("/live.m3u8", "/other/index.m3u8");
        multivariant("/live.m3u8", "live/index.m3u8");
        segments("/live/", 0, 1);
        segments("/other/", 0, 1, 2);
        playlist(0, 1);
        playlistAt("/other/index.m3u8", 0, 1);
        missing(1, "/live/0.ts");
        awaitListed("/live/1.ts");
        missing(1, "/other/0.ts");

        live = playlists("/other/index.m3u8");
        playlistAt("/other/index.m3u8", 1, 2);
        missing(1, "/other/1.ts");
        awaitListed("/other/2.ts");
        int before = looks("/live/index.m3u8");
        // As often as the one that was taken out would have been looked at.
        awaitLooks("/other/index.m3u8", 4);

        assertThat(looks("/live/index.m3u8")).isEqualTo(before);
    }

    @Test
    void playlistThatStaysIsWatchedOnWhenOthersComeAndGo() {
        live = playlists("/gone.m3u8");
        multivariant("/gone.m3u8", "live/index.m3u8");
        multivariant("/stays.m3u8", "live/index.m3u8", "high/index.m3u8");
        segments("/live/", 0, 1, 2);
        playlist(0, 1);
        missing(1, "/live/0.ts");
        awaitListed("/live/1.ts");
        live = playlists("/gone.m3u8", "/stays.m3u8");
        missing(1, "/live/0.ts");
        awaitLooks("/high/index.m3u8", 1);

        live = playlists("/stays.m3u8", "/comes.m3u8");
        missing(1, "/other/0.ts");
        playlist(1, 2);

        // Nobody has asked for anything of it since: who watched before is known still.
        awaitListed("/live/2.ts");
    }

    private int looks(String playlist) {
        return origin.asked(playlist).size();
    }

    private void awaitLooks(String playlist, int more) {
        int before = looks(playlist);
        await(() -> looks(playlist) >= before + more);
    }

    private List<ResourceUrl> playlists(String... paths) {
        return Stream.of(paths).map(this::url).toList();
    }

    private void segments(String folder, int... numbers) {
        for (int number : numbers) {
            origin.serve(folder + number + ".ts", random(1000 + number), SHAREABLE);
        }
    }

    private void multivariant(String path, String... variants) {
        StringBuilder text = new StringBuilder("#EXTM3U\n");
        for (String variant : variants) {
            text.append("#EXT-X-STREAM-INF:BANDWIDTH=1\n").append(variant).append("\n");
        }
        origin.serve(path, text.toString().getBytes(UTF_8), Map.of());
    }

    private void playlist(int... numbers) {
        playlistAt("/live/index.m3u8", numbers);
    }

    private void playlistAt(String path, int... numbers) {
        StringBuilder text = new StringBuilder("#EXTM3U\n#EXT-X-TARGETDURATION:1\n");
        for (int number : numbers) {
            text.append("#EXTINF:1,\n").append(number).append(".ts\n");
        }
        origin.serve(path, text.toString().getBytes(UTF_8), Map.of());
    }

    private static UrlHash hash(String url) {
        return Askers.url(url).url().hash();
    }

    private void reopen(SitePolicy policy, int threshold) throws IOException {
        indexer.close();
        catalogs.close();
        database.close();
        open(policy, threshold);
    }

    private void open(SitePolicy policy, int threshold) throws IOException {
        database = TrackerDatabase.open(data);
        catalogs = Catalogs.open(
                database, new KeyDirectory(data, new SecureRandom()), Map.of(SITE, policy), Clock.systemUTC());
        fetched = FetchedContent.open(data.resolve("pieces"), 64 << 20);
        indexer = new Indexer(
                new IndexingConfig(
                        2, 100, ByteSize.parse("1 GiB"), ByteSize.parse("8 MiB"), ByteSize.parse("64 MiB"), 100),
                new Indexer.Surroundings(
                        new IndexedEntries(catalogs),
                        site -> threshold,
                        site -> live,
                        fetched,
                        new IndexingEdges(System::currentTimeMillis),
                        names,
                        Clock.systemUTC(),
                        7));
    }

    private static long nowSeconds() {
        return Instant.now().getEpochSecond();
    }

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    /** The system's names, and which of them were asked for. */
    private static final class SystemNames implements DnsResolver {
        private final Set<String> resolved = ConcurrentHashMap.newKeySet();

        @Override
        public InetAddress[] resolve(String host) throws UnknownHostException {
            InetAddress[] addresses = SystemDefaultDnsResolver.INSTANCE.resolve(host);
            resolved.add(host);
            return addresses;
        }

        @Override
        public String resolveCanonicalHostname(String host) throws UnknownHostException {
            return SystemDefaultDnsResolver.INSTANCE.resolveCanonicalHostname(host);
        }
    }

    /** Asks again every few milliseconds until it holds, or the deadline has passed. */
    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("deadline").isLessThan(deadline);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
        }
    }
}
