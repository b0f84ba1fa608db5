package dev.rivulet.edge.tracker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rivulet.edge.catalog.SiteCatalog;
import dev.rivulet.edge.catalog.TestEntries;
import dev.rivulet.edge.store.TestContent;
import dev.rivulet.protocol.catalog.BlockList;
import dev.rivulet.protocol.catalog.CatalogBody;
import dev.rivulet.protocol.catalog.Entry;
import dev.rivulet.protocol.catalog.Head;
import dev.rivulet.protocol.catalog.SigningKey;
import dev.rivulet.protocol.http.SitePolicy;
import dev.rivulet.protocol.id.KeyId;
import dev.rivulet.protocol.id.ResourceUrl;
import dev.rivulet.protocol.message.TrackerMessage.PolicyUpdate;
import dev.rivulet.protocol.settings.ConfigException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CatalogSyncIT {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    @TempDir
    Path directory;

    private final TestTracker tracker = new TestTracker();
    private final TestContent one = TestContent.of(1, 1000);
    private final TestContent two = TestContent.of(2, 2000);
    private final ResourceUrl a = url("/a");
    private final ResourceUrl b = url("/b");
    private final List<Running> running = new ArrayList<>();

    /** How far the clock of the machine is off. */
    private volatile Duration off = Duration.ZERO;

    private final InstantSource clock = () -> InstantSource.system().instant().plus(off);

    /** Link and sync of one life of an edge. */
    private final class Running {
        final SiteCatalog catalog = new SiteCatalog();
        final TrackerHttp http = new TrackerHttp(tracker::base, "rivulet-edge/test", TIMEOUT);
        final WebSocketLink link =
                new WebSocketLink(tracker.base(), TIMEOUT, RandomGenerator.getDefault(), (code, reason) -> {});
        final CatalogSync sync;

        Running(@Nullable KeyId pinned) {
            sync = new CatalogSync(
                    new CatalogSync.Trust(TestTracker.SITE, pinned), catalog, new CatalogFiles(directory), http, clock);
            running.add(this);
            sync.restore();
            link.listen(sync);
            var unused = link.start(new Greeting(
                    TestTracker.SITE, "rivulet-edge/test", null, SigningKey.generate(new SecureRandom()), null));
        }

        void stop() throws IOException {
            link.close();
            sync.close();
            http.close();
            running.remove(this);
        }
    }

    private Running start() {
        return new Running(null);
    }

    @AfterEach
    void close() throws IOException {
        for (Running each : List.copyOf(running)) {
            each.stop();
        }
        tracker.close();
    }

    @Test
    void theCatalogIsFetchedAfterTheWelcome() throws Exception {
        tracker.publish(a, one);

        SiteCatalog catalog = start().catalog;

        Eventually.holds("the entry", () -> catalog.byUrl(a).isPresent());
        assertThat(catalog.knows(one.id())).isTrue();
        assertThat(catalog.policy()).contains(TestEntries.policy("http://127.0.0.1:1"));
        assertThat(catalog.isCurrent(InstantSource.system().instant().getEpochSecond()))
                .isTrue();
    }

    @Test
    void whatIsTakenDownIsKnownAtOnceAndAfterARestartWithoutTheTracker() throws Exception {
        tracker.publish(a, one);
        tracker.publish(b, two);
        Running first = start();
        Eventually.holds("the entries", () -> first.catalog.size() == 2);

        tracker.block(BlockList.of(List.of(one.id().hash())));
        Eventually.holds("the take-down", () -> first.catalog.isBlocked(one.id()) && first.catalog.size() == 1);
        Eventually.holds("the head", () -> first.catalog.head().orElseThrow().blocked() != null);
        first.stop();
        tracker.stop();
        Running second = start();

        assertThat(second.catalog.isBlocked(one.id())).isTrue();
        assertThat(second.catalog.byUrl(a)).isEmpty();
        assertThat(second.catalog.byUrl(b)).isPresent();

        tracker.start();
        tracker.block(BlockList.EMPTY);
        Eventually.holds("it is given back", () -> second.catalog.byUrl(a).isPresent());
    }

    @Test
    void whatIsTakenDownIsKnownThoughTheDiskKeepsNothing() throws Exception {
        Files.writeString(directory.resolve("shards"), "in the way");
        tracker.publish(a, one);
        tracker.publish(b, two);
        Running edge = start();
        Eventually.holds("the entries", () -> edge.catalog.size() == 2);

        tracker.block(BlockList.of(List.of(one.id().hash())));

        Eventually.holds("the take-down", () -> edge.catalog.isBlocked(one.id()) && edge.catalog.size() == 1);
        Eventually.holds("the head", () -> edge.catalog.head().orElseThrow().blocked() != null);
        assertThat(edge.catalog.byUrl(a)).isEmpty();
    }

    @Test
    void newHeadsAndPoliciesAreFollowed() throws Exception {
        tracker.publish(a, one);
        SiteCatalog catalog = start().catalog;
        Eventually.holds("the first head", () -> catalog.knows(one.id()));

        tracker.publish(b, two);
        Eventually.holds("the second head", () -> catalog.knows(two.id()));
        tracker.remove(a);
        Eventually.holds("the third head", () -> !catalog.knows(one.id()));
        SitePolicy policy = TestEntries.policy("https://cdn.example");
        tracker.send(new PolicyUpdate(policy));
        Eventually.holds("the policy", () -> catalog.policy().equals(Optional.of(policy)));
    }

    @Test
    void onlyShardsThatChangedAreFetched() throws Exception {
        for (int i = 0; i < 300; i++) {
            TestContent content = TestContent.of(i, 100 + i);
            tracker.publish(TestEntries.entry(url("/file-" + i), content), content);
        }
        SiteCatalog catalog = start().catalog;
        Eventually.holds("all entries", () -> catalog.size() == 300);
        int before = tracker.requests().size();
        assertThat(before).as("several shards").isGreaterThan(2);

        tracker.publish(a, one);
        Eventually.holds("the new entry", () -> catalog.knows(one.id()));

        assertThat(tracker.requests().size() - before).isEqualTo(1);
    }

    @Test
    void anIndexThatIsNotInTheMessageIsFetched() throws Exception {
        tracker.withoutInlineIndex();
        tracker.publish(a, one);

        SiteCatalog catalog = start().catalog;

        Eventually.holds("the entry", () -> catalog.knows(one.id()));
        assertThat(tracker.requests()).hasSize(2);
    }

    @Test
    void batchesAreAppliedThoseBeforeTheWelcomeToo() throws Exception {
        tracker.publish(a, one);
        tracker.batch(1, List.of(entry(b, two)), List.of());
        SiteCatalog catalog = start().catalog;
        Eventually.holds("the first batch", () -> catalog.knows(two.id()));

        tracker.batch(2, List.of(), List.of(a.hash()));

        Eventually.holds("the second batch", () -> !catalog.knows(one.id()));
    }

    @Test
    void batchesThatComeAgainAfterAReconnectChangeNothing() throws Exception {
        tracker.publish(a, one);
        tracker.batch(1, List.of(entry(b, two)), List.of());
        tracker.batch(2, List.of(), List.of(b.hash()));
        SiteCatalog catalog = start().catalog;
        Eventually.holds("both batches", () -> catalog.size() == 1);

        tracker.stop();
        tracker.start();
        Eventually.holds("welcomed again", () -> tracker.welcomes() == 2);
        TestContent three = TestContent.of(3, 300);
        tracker.batch(3, List.of(entry(url("/c"), three)), List.of());

        Eventually.holds("the third batch", () -> catalog.knows(three.id()));
        assertThat(catalog.knows(two.id())).isFalse();
    }

    @Test
    void aLyingShardIsNotBelieved() throws Exception {
        tracker.publish(a, one);
        String shard = tracker.shardPaths().get(0);
        byte[] right = tracker.file(shard);
        tracker.serve(shard, "{\"entries\":[]}".getBytes(java.nio.charset.StandardCharsets.UTF_8));
        SiteCatalog catalog = start().catalog;
        Eventually.holds("it was asked for", () -> tracker.requests().contains(shard));
        assertThat(catalog.head()).isEmpty();

        tracker.serve(shard, right);

        Eventually.holds("the entry after another try", () -> catalog.knows(one.id()));
    }

    @Test
    void whileANewHeadIsIncompleteTheFormerOneStands() throws Exception {
        tracker.publish(a, one);
        SiteCatalog catalog = start().catalog;
        Eventually.holds("the first head", () -> catalog.knows(one.id()));
        tracker.loseShards();

        tracker.publish(b, two);
        int before = tracker.requests().size();
        Eventually.holds("shards were asked for", () -> tracker.requests().size() > before);
        assertThat(catalog.knows(one.id())).isTrue();
        assertThat(catalog.knows(two.id())).isFalse();
        tracker.serveShards();

        Eventually.holds("the second head", () -> catalog.knows(two.id()));
    }

    @Test
    void aForgedAnExpiredAndARolledBackHeadAreRefused() throws Exception {
        CatalogBody old = tracker.catalog();
        tracker.publish(a, one);
        SiteCatalog catalog = start().catalog;
        Eventually.holds("the head", () -> catalog.knows(one.id()));
        Head held = catalog.head().orElseThrow();

        tracker.tell(tracker.forged());
        tracker.tell(tracker.expired());
        tracker.tell(old);
        SitePolicy policy = TestEntries.policy("https://cdn.example");
        tracker.send(new PolicyUpdate(policy));
        Eventually.holds("all is looked at", () -> catalog.policy().equals(Optional.of(policy)));

        assertThat(catalog.head()).contains(held);
        assertThat(catalog.knows(one.id())).isTrue();
    }

    @Test
    void anotherRootKeyThanThePinnedOneIsNeverTrusted() throws Exception {
        tracker.publish(a, one);
        KeyId other;
        try (TestTracker stranger = new TestTracker()) {
            other = stranger.root.keyId();
        }

        SiteCatalog catalog = new Running(other).catalog;
        Eventually.holds("welcomed", () -> catalog.policy().isPresent());

        assertThat(catalog.head()).isEmpty();
        assertThat(new Running(tracker.root.keyId()).catalog.head()).isEmpty();
        Eventually.holds("the right key is", () -> running.get(1).catalog.head().isPresent());
    }

    @Test
    void afterARestartTheCatalogIsKnownWithoutTheTracker() throws Exception {
        tracker.withoutInlineIndex();
        tracker.publish(a, one);
        Running first = start();
        Eventually.holds("the entry", () -> first.catalog.knows(one.id()));
        first.stop();
        tracker.stop();

        Running second = start();

        assertThat(second.catalog.byUrl(a)).contains(entry(a, one));
        assertThat(second.catalog.policy()).isPresent();
        tracker.start();
    }

    @Test
    void afterARestartTheHeadThatRanOutIsKnownThoughAPolicyCameSinceThen() throws Exception {
        tracker.publish(a, one);
        Running first = start();
        Eventually.holds("the entry", () -> first.catalog.knows(one.id()));
        tracker.stop();
        off = Duration.ofHours(2);
        tracker.clock(clock);
        tracker.loseShards();
        tracker.publish(b, two);
        SitePolicy policy = TestEntries.policy("https://cdn.example");
        tracker.policy(policy);
        tracker.start();
        Eventually.holds("the next head's shards were asked for", () -> asksForShards());
        assertThat(first.catalog.isCurrent(clock.instant().getEpochSecond())).isFalse();
        first.stop();
        tracker.stop();

        Running second = start();

        assertThat(second.catalog.byUrl(a)).contains(entry(a, one));
        assertThat(second.catalog.policy()).contains(policy);
        tracker.serveShards();
        tracker.start();
        Eventually.holds("the next head", () -> second.catalog.knows(two.id()));
    }

    private boolean asksForShards() {
        return tracker.shardPaths().stream().anyMatch(tracker.requests()::contains);
    }

    @Test
    void afterARestartTheCatalogIsKnownThoughThePolicyCameWhileTheClockWasWrong() throws Exception {
        tracker.publish(a, one);
        Running first = start();
        Eventually.holds("the entry", () -> first.catalog.knows(one.id()));
        off = Duration.ofDays(3);
        SitePolicy policy = TestEntries.policy("https://cdn.example");
        tracker.send(new PolicyUpdate(policy));
        Eventually.holds("the policy", () -> first.catalog.policy().equals(Optional.of(policy)));
        first.stop();
        tracker.stop();
        off = Duration.ZERO;

        Running second = start();

        assertThat(second.catalog.byUrl(a)).contains(entry(a, one));
        assertThat(second.catalog.policy()).contains(policy);
        tracker.start();
    }

    @Test
    void aHeadThatRunsOutWhileItsShardsAreFetchedIsKnownAfterARestart() throws Exception {
        tracker.loseShards();
        tracker.publish(a, one);
        Running first = start();
        Eventually.holds("its shards were asked for", () -> asksForShards());
        off = Duration.ofHours(2);
        tracker.serveShards();
        Eventually.holds("the entry", () -> first.catalog.knows(one.id()));
        first.stop();
        tracker.stop();

        Running second = start();

        assertThat(second.catalog.byUrl(a)).contains(entry(a, one));
        tracker.start();
    }

    @Test
    void theKeyTrustedFirstIsRememberedAcrossARestart() throws Exception {
        tracker.publish(a, one);
        Running first = start();
        Eventually.holds("the entry", () -> first.catalog.knows(one.id()));
        first.stop();
        SitePolicy policy = TestEntries.policy("https://cdn.example");
        tracker.policy(policy);
        tracker.tell(tracker.forged());

        Running second = start();
        Eventually.holds("welcomed", () -> second.catalog.policy().equals(Optional.of(policy)));

        assertThat(second.catalog.head().map(Head::sequence))
                .isEqualTo(first.catalog.head().map(Head::sequence));
    }

    @Test
    void aHeadDoesNotGoBackAcrossARestart() throws Exception {
        CatalogBody old = tracker.catalog();
        tracker.publish(a, one);
        Running first = start();
        Eventually.holds("the entry", () -> first.catalog.knows(one.id()));
        first.stop();
        SitePolicy policy = TestEntries.policy("https://cdn.example");
        tracker.policy(policy);
        tracker.tell(old);

        Running second = start();
        Eventually.holds("welcomed", () -> second.catalog.policy().equals(Optional.of(policy)));

        assertThat(second.catalog.knows(one.id())).isTrue();
    }

    @Test
    void lostShardsAreFetchedAgainAfterARestart() throws Exception {
        tracker.publish(a, one);
        Running first = start();
        Eventually.holds("the entry", () -> first.catalog.knows(one.id()));
        first.stop();
        try (Stream<Path> shards = Files.list(directory.resolve("shards"))) {
            for (Path shard : shards.toList()) {
                Files.write(shard, new byte[] {1});
            }
        }

        Running second = start();

        Eventually.holds("the entry again", () -> second.catalog.knows(one.id()));
    }

    @Test
    void aDamagedMemoryIsTheVolunteersToLookAt() throws Exception {
        Files.writeString(directory.resolve("catalog.json"), "{\"takenAt\": 1}");

        assertThatThrownBy(this::start)
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("catalog.json")
                .hasMessageContaining("remove it");
    }

    @Test
    void shardsOfFormerHeadsAreForgotten() throws Exception {
        SiteCatalog catalog = start().catalog;
        for (int i = 0; i < 5; i++) {
            TestContent content = TestContent.of(i, 100 + i);
            tracker.publish(url("/" + i), content);
            Eventually.holds("the entry", () -> catalog.knows(content.id()));
        }

        Eventually.holds("one index and one shard are left", () -> count(directory.resolve("shards")) == 2);
    }

    private static long count(Path directory) {
        try (Stream<Path> files = Files.list(directory)) {
            return files.count();
        } catch (IOException e) {
            return -1;
        }
    }

    private static Entry entry(ResourceUrl url, TestContent content) {
        return TestEntries.entry(url, content);
    }

    private static ResourceUrl url(String path) {
        try {
            return ResourceUrl.parse("http://127.0.0.1:1" + path);
        } catch (dev.rivulet.protocol.DecodeException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
