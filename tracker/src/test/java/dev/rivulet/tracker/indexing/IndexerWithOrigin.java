package dev.rivulet.tracker.indexing;

import static dev.rivulet.tracker.indexing.Askers.asker;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rivulet.protocol.DecodeException;
import dev.rivulet.protocol.http.SitePolicy;
import dev.rivulet.protocol.id.ResourceUrl;
import dev.rivulet.protocol.id.SiteId;
import dev.rivulet.protocol.settings.ByteSize;
import dev.rivulet.tracker.catalog.CatalogEntry;
import dev.rivulet.tracker.config.IndexingConfig;
import dev.rivulet.tracker.database.TrackerDatabase;
import dev.rivulet.tracker.indexing.edge.IndexingEdges;
import dev.rivulet.tracker.keys.KeyDirectory;
import dev.rivulet.tracker.publishing.Catalogs;
import dev.rivulet.tracker.publishing.IndexedEntries;
import dev.rivulet.tracker.publishing.Policies;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** An indexer as a tracker has it, and an origin that it may fetch from. */
abstract class IndexerWithOrigin {
    static final SiteId SITE = Askers.SITE;
    static final Map<String, String> SHAREABLE = Map.of("Cache-Control", "max-age=600", "ETag", "\"1\"");
    static final long DEADLINE_SECONDS = 60;

    @TempDir
    Path data;

    final TestOrigin origin = new TestOrigin();
    final SystemNames names = new SystemNames();
    private TrackerDatabase database;
    Catalogs catalogs;
    FetchedContent fetched;
    volatile List<ResourceUrl> live = List.of();
    Indexer indexer;

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

    void missing(int peer, String path) {
        indexer.missing(SITE, asker(peer, "127.0.0.1"), List.of(url(path)));
    }

    Optional<CatalogEntry> listed(String path) {
        return catalogs.listed(SITE, url(path).hash());
    }

    CatalogEntry awaitListed(String path) {
        await(() -> listed(path).isPresent());
        return listed(path).orElseThrow();
    }

    ResourceUrl url(String path) {
        try {
            return ResourceUrl.parse(origin.url() + path);
        } catch (DecodeException e) {
            throw new IllegalArgumentException(e);
        }
    }

    void reopen(SitePolicy policy, int threshold) throws IOException {
        indexer.close();
        catalogs.close();
        database.close();
        open(policy, threshold);
    }

    void open(SitePolicy policy, int threshold) throws IOException {
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

    static byte[] random(int length) {
        byte[] bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    /** The system's names, and which of them were asked for. */
    static final class SystemNames implements DnsResolver {
        final Set<String> resolved = ConcurrentHashMap.newKeySet();

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
    static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("deadline").isLessThan(deadline);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
        }
    }
}
