package dev.rivulet.tracker.indexing;

import static dev.rivulet.tracker.indexing.Askers.asker;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rivulet.protocol.DecodeException;
import dev.rivulet.protocol.Limits;
import dev.rivulet.protocol.catalog.Layout;
import dev.rivulet.protocol.http.HeaderFields;
import dev.rivulet.protocol.id.PeerId;
import dev.rivulet.protocol.id.PieceHash;
import dev.rivulet.protocol.id.ResourceUrl;
import dev.rivulet.protocol.id.SiteId;
import dev.rivulet.protocol.message.IndexHashes;
import dev.rivulet.protocol.message.IndexRequest;
import dev.rivulet.protocol.message.Indexed;
import dev.rivulet.protocol.message.TrackerMessage;
import dev.rivulet.protocol.settings.ByteSize;
import dev.rivulet.tracker.catalog.CatalogEntry;
import dev.rivulet.tracker.catalog.Entries;
import dev.rivulet.tracker.config.IndexingConfig;
import dev.rivulet.tracker.database.TrackerDatabase;
import dev.rivulet.tracker.indexing.edge.EdgeName;
import dev.rivulet.tracker.indexing.edge.IndexingEdges;
import dev.rivulet.tracker.keys.KeyDirectory;
import dev.rivulet.tracker.publishing.Catalogs;
import dev.rivulet.tracker.publishing.IndexedEntries;
import dev.rivulet.tracker.publishing.Policies;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The indexer with edges that say what the test wants, and a real origin. */
final class IndexerWithEdgesIT {
    private static final SiteId SITE = Askers.SITE;
    private static final long DEADLINE_SECONDS = 60;
    private static final Map<String, String> SHAREABLE =
            Map.of("Cache-Control", "max-age=600", "ETag", "\"1\"", "Accept-Ranges", "bytes");

    @TempDir
    Path data;

    private final TestOrigin origin = new TestOrigin();
    private final IndexingEdges edges = new IndexingEdges(() -> TimeUnit.NANOSECONDS.toMillis(System.nanoTime()));
    private final Map<String, byte[]> claims = new ConcurrentHashMap<>();
    private TrackerDatabase database;
    private Catalogs catalogs;
    private Indexer indexer;

    @BeforeEach
    void open() throws IOException {
        database = TrackerDatabase.open(data);
        catalogs = Catalogs.open(
                database,
                new KeyDirectory(data, new SecureRandom()),
                Map.of(SITE, Policies.of(origin.url(), List.of("/**"), List.of())),
                Clock.systemUTC());
        indexer = new Indexer(
                new IndexingConfig(
                        1, 100, ByteSize.parse("1 GiB"), ByteSize.parse("8 MiB"), ByteSize.parse("64 MiB"), 100),
                new Indexer.Surroundings(
                        new IndexedEntries(catalogs),
                        site -> 1,
                        site -> List.of(),
                        FetchedContent.open(data.resolve("pieces"), 64 << 20),
                        edges,
                        SystemDefaultDnsResolver.INSTANCE,
                        Clock.systemUTC(),
                        7));
    }

    @AfterEach
    void close() throws IOException {
        indexer.close();
        catalogs.close();
        database.close();
        origin.close();
    }

    /** Reports {@link #claims} in place of what the origin has. */
    private class Edge implements IndexingEdges.Line {
        final EdgeName name;
        final List<TrackerMessage> told = new CopyOnWriteArrayList<>();
        final Map<String, List<String>> headers = new HashMap<>(Map.of(
                "cache-control", List.of("max-age=600"),
                "etag", List.of("\"1\"")));

        Edge(String token) {
            this.name = new EdgeName(PeerId.random(new SecureRandom()), token);
            edges.joined(SITE, name, this);
        }

        @Override
        public void send(TrackerMessage message) {
            told.add(message);
            if (message instanceof IndexRequest request) {
                answer(request);
            }
        }

        void answer(IndexRequest request) {
            Layout layout = Entries.layout(claims.get(request.url().pathAndQuery()));
            List<PieceHash> hashes = new ArrayList<>();
            for (int piece = 0; piece < layout.pieceCount(); piece++) {
                hashes.add(layout.hash(piece));
            }
            edges.heard(name.id(), new IndexHashes(request.id(), hashes));
            edges.heard(
                    name.id(),
                    Indexed.answered(
                            request.id(),
                            new Indexed.Answer(
                                    200, HeaderFields.of(headers), 0, 0, new Indexed.Body(layout.size(), true))));
        }
    }

    @Test
    void whatATrustedEdgeReportsIsListedAndOnlySomeOfItIsFetchedAgain() throws Exception {
        byte[] body = random(3 * Limits.SMALL_PIECE_BYTES + 1);
        origin.serve("/film.mp4", body, SHAREABLE);
        claims.put("/film.mp4", body);
        Edge edge = new Edge("t");

        missing(1, "/film.mp4");

        assertThat(awaitListed("/film.mp4").entry().content())
                .isEqualTo(Entries.layout(body).contentId());
        assertThat(edge.told).hasSize(1);
        assertThat(origin.asked("/film.mp4")).hasSize(1).allMatch(asked -> asked.range()
                .startsWith("bytes="));
    }

    @Test
    void playlistsAreReadByTheTrackerItself() {
        origin.serve("/film.m3u8", "#EXTM3U\n#EXT-X-ENDLIST\n".getBytes(UTF_8), SHAREABLE);
        Edge edge = new Edge("t");

        missing(1, "/film.m3u8");
        awaitListed("/film.m3u8");

        assertThat(edge.told).isEmpty();
    }

    @Test
    void whatTheHeaderForbidsIsNotSharedWhateverTheEdgeRead() {
        byte[] body = random(100);
        origin.serve("/private", body, SHAREABLE);
        origin.serve("/marker", body, SHAREABLE);
        claims.put("/private", body);
        claims.put("/marker", body);
        Edge edge = new Edge("t");
        edge.headers.put("cache-control", List.of("private, max-age=600"));
        missing(1, "/private");
        await(() -> edge.told.size() == 1);
        edge.headers.put("cache-control", List.of("max-age=600"));
        missing(1, "/marker");
        awaitListed("/marker");

        assertThat(listed("/private")).isEmpty();
        assertThat(origin.asked("/private")).isEmpty();
    }

    @Test
    void whenOneEdgeFailsAnotherIsAskedAndThenTheTrackerItself() {
        byte[] body = random(100);
        origin.serve("/a", body, SHAREABLE);
        List<PeerId> asked = new CopyOnWriteArrayList<>();
        for (int i = 0; i < 3; i++) {
            new Edge("t") {
                @Override
                void answer(IndexRequest request) {
                    asked.add(name.id());
                    edges.heard(name.id(), Indexed.failed(request.id(), Indexed.ORIGIN));
                }
            };
        }

        missing(1, "/a");
        awaitListed("/a");

        assertThat(asked).hasSize(EdgeLook.MAX_EDGES).doesNotHaveDuplicates();
        assertThat(origin.asked("/a").stream().filter(each -> each.range().isEmpty()))
                .hasSize(1);
    }

    @Test
    void aLieIsFoundOutTheTokenFallsAndEverythingMadeOfItsWordGoes() throws Exception {
        byte[] good = random(100);
        byte[] bad = random(200);
        origin.serve("/good", good, SHAREABLE);
        origin.serve("/bad", bad, SHAREABLE);
        origin.serve("/later", good, SHAREABLE);
        claims.put("/good", good);
        byte[] lie = bad.clone();
        lie[7]++;
        claims.put("/bad", lie);
        Edge edge = new Edge("bad");
        missing(1, "/good");
        awaitListed("/good");

        missing(1, "/bad");

        assertThat(awaitListed("/bad").entry().content())
                .isEqualTo(Entries.layout(bad).contentId());
        await(() -> listed("/good").isEmpty());
        new Edge("bad");
        missing(1, "/later");
        awaitListed("/later");
        assertThat(edge.told).hasSize(2);
    }

    @Test
    void aLieThatOnlyAVisitorNoticesIsFoundOutToo() throws Exception {
        byte[] body = random(300);
        origin.serve("/a", body, SHAREABLE);
        claims.put("/a", body);
        Edge edge = new Edge("bad");
        missing(1, "/a");
        awaitListed("/a");
        byte[] other = random(301);
        origin.serve("/a", other, SHAREABLE);

        indexer.contradicted(SITE, asker(1, "127.0.0.1"), List.of(url("/a")));
        await(() -> listed("/a")
                .filter(entry -> entry.entry().size() == other.length)
                .isPresent());
        origin.serve("/b", body, SHAREABLE);
        missing(1, "/b");
        awaitListed("/b");

        assertThat(edge.told).hasSize(1);
    }

    private void missing(int peer, String path) {
        indexer.missing(SITE, asker(peer, "127.0.0.1"), List.of(url(path)));
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

    private static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("deadline").isLessThan(deadline);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
        }
    }
}
