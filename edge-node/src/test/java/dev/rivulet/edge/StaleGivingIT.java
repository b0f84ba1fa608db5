package dev.rivulet.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rivulet.edge.catalog.SiteCatalog;
import dev.rivulet.edge.config.EdgeSettings;
import dev.rivulet.edge.gateway.Gateway;
import dev.rivulet.edge.gateway.TrackerCheck;
import dev.rivulet.edge.limit.MemoryBudget;
import dev.rivulet.edge.limit.Sending;
import dev.rivulet.edge.store.MemoryPieceStore;
import dev.rivulet.edge.store.TestContent;
import dev.rivulet.edge.tracker.Announcer;
import dev.rivulet.edge.tracker.CatalogFiles;
import dev.rivulet.edge.tracker.CatalogSync;
import dev.rivulet.edge.tracker.Eventually;
import dev.rivulet.edge.tracker.Greeting;
import dev.rivulet.edge.tracker.TestTracker;
import dev.rivulet.edge.tracker.TrackerHttp;
import dev.rivulet.edge.tracker.WebSocketLink;
import dev.rivulet.edge.transfer.TransferCounts;
import dev.rivulet.protocol.Limits;
import dev.rivulet.protocol.catalog.BlockList;
import dev.rivulet.protocol.catalog.SigningKey;
import dev.rivulet.protocol.id.ResourceUrl;
import dev.rivulet.protocol.message.ClientMessage.Announce;
import dev.rivulet.protocol.settings.ListenAddress;
import dev.rivulet.protocol.settings.Sources;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An edge that cannot know any more what its site has taken down gives nothing, and goes on when it can. */
final class StaleGivingIT {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final int OK = 200;
    private static final int UNAVAILABLE = 503;

    @TempDir
    Path data;

    private final AtomicLong seconds = new AtomicLong(Instant.now().getEpochSecond());
    private final InstantSource clock = () -> Instant.ofEpochSecond(seconds.get());
    private final HttpClient client = HttpClient.newHttpClient();
    private final TestTracker tracker = new TestTracker();
    private final MemoryPieceStore store = new MemoryPieceStore();
    private final TestContent content = TestContent.of(1, 1000);
    private Giving edge;

    /** All of an edge that decides whether its gateway and its announcements give anything, wired as in production. */
    private final class Giving {
        final SiteCatalog catalog = new SiteCatalog();
        private final Closers closers = new Closers();
        private final String base;
        private final NotServing notServing;

        Giving() throws IOException {
            EdgeSettings settings = EdgeSettings.READER.read(new Sources(
                    "test",
                    "",
                    Map.of(),
                    Map.of(
                            "tracker",
                            tracker.base().toString(),
                            "site",
                            TestTracker.SITE.text(),
                            "data",
                            "" + data,
                            "http",
                            "127.0.0.1:0")));
            EdgeLimits limits =
                    EdgeLimits.of(settings, closers, data.resolve("month"), () -> 0, new StaleCatalog(catalog, clock));
            Sending sending = limits.sending();
            notServing = new NotServing(settings, catalog, limits);
            WebSocketLink link = closers.add(
                    new WebSocketLink(tracker.base(), TIMEOUT, RandomGenerator.getDefault(), (code, reason) -> {}));
            TrackerHttp http = closers.add(new TrackerHttp(link::base, "rivulet-edge/test", TIMEOUT));
            CatalogSync sync = closers.add(new CatalogSync(
                    new CatalogSync.Trust(TestTracker.SITE, null),
                    catalog,
                    new CatalogFiles(data.resolve("site")),
                    http,
                    clock));
            sync.restore();
            link.listen(sync);
            closers.add(new Announcer(link, store, catalog, () -> sending.isOpen() ? 1 : 0, sending::isOpen))
                    .start();
            Gateway gateway = closers.add(new Gateway(
                    ListenAddress.parse("127.0.0.1:0"),
                    settings.httpConnections(),
                    new Gateway.Stock(
                            catalog,
                            store,
                            (id, index, url) -> CompletableFuture.failedFuture(new IOException("nowhere")),
                            new TransferCounts(),
                            sending,
                            new MemoryBudget(32 << 20)),
                    new TrackerCheck(link)));
            base = "http://" + gateway.start();
            gateway.ready();
            var unused = link.start(new Greeting(
                    TestTracker.SITE, "rivulet-edge/test", null, SigningKey.generate(new SecureRandom()), null));
        }

        /** What who asks for a piece is answered. */
        int answers() {
            URI piece = URI.create(base + "/pieces/" + content.id() + "/0");
            try {
                return client.send(HttpRequest.newBuilder(piece).build(), BodyHandlers.discarding())
                        .statusCode();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        HttpResponse<String> health() {
            try {
                return client.send(
                        HttpRequest.newBuilder(URI.create(base + "/healthz")).build(), BodyHandlers.ofString());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        boolean gives() {
            return answers() == OK;
        }
    }

    @BeforeEach
    void start() throws Exception {
        content.into(store);
        tracker.clock(clock);
        publish();
        edge = new Giving();
        Eventually.holds("it gives", edge::gives);
    }

    @AfterEach
    void stop() throws IOException {
        edge.closers.close();
        tracker.close();
    }

    private void publish() throws Exception {
        tracker.publish(ResourceUrl.parse("http://127.0.0.1:1/a"), content);
    }

    @Test
    void longAfterItsHeadHasRunOutItGivesNothingUntilTheTrackerIsBack() throws Exception {
        tracker.stop();

        seconds.set(edge.catalog.head().orElseThrow().notAfter() + Limits.STALE_GIVING_SECONDS);
        assertThat(edge.answers()).isEqualTo(OK);
        assertThat(edge.health().statusCode()).isEqualTo(OK);
        assertThat(edge.notServing.get()).isEmpty();
        seconds.incrementAndGet();
        assertThat(edge.answers()).isEqualTo(UNAVAILABLE);
        assertThat(edge.health().statusCode()).isEqualTo(UNAVAILABLE);
        assertThat(edge.health().body()).contains("taken down", "tracker");
        assertThat(edge.notServing.get()).hasValueSatisfying(why -> assertThat(why)
                .contains("catalog is too old", tracker.base().toString(), "clock"));

        edge.closers.close();
        edge = new Giving();
        assertThat(edge.answers()).as("after a restart").isEqualTo(UNAVAILABLE);

        publish();
        tracker.start();
        Eventually.holds("it gives again", edge::gives);
    }

    @Test
    void withoutTheListOfWhatIsTakenDownItGivesAndAnnouncesNothingUntilItHasIt() throws Exception {
        var unused = tracker.next(Announce.class, told -> told.have().contains(content.id()));
        BlockList list = BlockList.of(List.of(TestContent.of(2, 1000).id().hash()));
        tracker.loseShards();
        tracker.block(list);
        String path = "/sites/demo/shards/" + list.name().orElseThrow();
        Eventually.holds("it asks for the list", () -> tracker.requests().contains(path));

        seconds.addAndGet(Limits.STALE_GIVING_SECONDS);
        assertThat(edge.answers()).isEqualTo(OK);
        seconds.incrementAndGet();
        assertThat(edge.answers()).isEqualTo(UNAVAILABLE);
        unused = tracker.next(Announce.class, told -> told.drop().contains(content.id()));

        tracker.serveShards();
        unused = tracker.next(Announce.class, told -> told.have().contains(content.id()));
        assertThat(edge.answers()).isEqualTo(OK);
    }
}
