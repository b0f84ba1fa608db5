package dev.rivulet.tracker.publishing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rivulet.protocol.catalog.CatalogBody;
import dev.rivulet.protocol.catalog.CatalogException;
import dev.rivulet.protocol.catalog.CatalogVerifier;
import dev.rivulet.protocol.catalog.Head;
import dev.rivulet.protocol.http.SitePolicy;
import dev.rivulet.protocol.id.SiteId;
import dev.rivulet.tracker.catalog.CatalogChange;
import dev.rivulet.tracker.catalog.CatalogChange.Pace;
import dev.rivulet.tracker.catalog.CatalogChange.Put;
import dev.rivulet.tracker.catalog.CatalogListener;
import dev.rivulet.tracker.catalog.Entries;
import dev.rivulet.tracker.catalog.SignedCatalog;
import dev.rivulet.tracker.database.TrackerDatabase;
import dev.rivulet.tracker.keys.KeyDirectory;
import dev.rivulet.tracker.site.Site;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Catalogs of sites that come, change and go while the tracker runs. */
final class LiveCatalogsIT {
    private static final SiteId SITE = new SiteId("demo");
    private static final SitePolicy POLICY = Policies.of("https://content.example", List.of("/**"), List.of());
    private static final long FRESH = 4_000_000_000L;

    @TempDir
    Path data;

    private @Nullable TrackerDatabase database;
    private @Nullable Catalogs catalogs;

    @BeforeEach
    void open() {
        database = TrackerDatabase.open(data);
        catalogs = Catalogs.open(database, new KeyDirectory(data, new SecureRandom()), Map.of(), Clock.systemUTC());
    }

    @AfterEach
    void close() {
        catalogs.close();
        database.close();
    }

    @Test
    void aSiteThatIsAddedHasACatalogAndOneThatIsRemovedHasNone() throws Exception {
        assertThat(catalogs.current(SITE)).isEmpty();

        catalogs.added(site(POLICY));
        assertThat(head().sequence()).isEqualTo(1);
        catalogs.removed(SITE);

        assertThat(catalogs.current(SITE)).isEmpty();
    }

    @Test
    void aSiteThatComesBackHasItsKeyItsEntriesAndGoesOnCounting() throws Exception {
        catalogs.added(site(POLICY));
        publish(Entries.published(Entries.put("/1", "a", FRESH)));
        CatalogBody before = body();
        Head last = head();

        catalogs.removed(SITE);
        catalogs.added(site(POLICY));

        assertThat(body().rootKey()).isEqualTo(before.rootKey());
        assertThat(head().sequence()).isGreaterThanOrEqualTo(last.sequence());
        assertThat(catalogs.listed(SITE, Entries.url("/1").hash())).isPresent();
    }

    @Test
    void whatANewPolicyDoesNotAdmitIsOutOfTheCatalogAtOnceAndBackWithTheOldOne() throws Exception {
        catalogs.added(site(POLICY));
        publish(
                Entries.published(Entries.put("/1", "a", FRESH)),
                Entries.published(Entries.put("/private/2", "b", FRESH)));
        Head before = head();
        News news = new News();
        catalogs.subscribe(news);

        catalogs.changed(site(Policies.of("https://content.example", List.of("/**"), List.of("/private/**"))));
        assertThat(catalogs.listed(SITE, Entries.url("/1").hash())).isPresent();
        assertThat(catalogs.listed(SITE, Entries.url("/private/2").hash())).isEmpty();
        assertThat(head().sequence()).isGreaterThan(before.sequence());
        assertThat(news.heads.take().body().head()).isEqualTo(body().head());
        assertThat(catalogs.shard(SITE, before.root())).isPresent();

        catalogs.changed(site(POLICY));
        assertThat(catalogs.listed(SITE, Entries.url("/private/2").hash())).isPresent();
    }

    @Test
    void aPolicyThatAdmitsTheSameNeedsNoNewHead() throws Exception {
        catalogs.added(site(POLICY));
        publish(Entries.put("/1", "a", FRESH));
        Head before = head();
        News news = new News();
        catalogs.subscribe(news);

        catalogs.changed(site(Policies.of("https://content.example", List.of("/**"), List.of(), true)));

        assertThat(head()).isEqualTo(before);
        assertThat(news.heads).isEmpty();
        assertThat(body().policy().allowPrivate()).isTrue();
    }

    @Test
    void anotherOnlineKeySignsInANewEpochUnderTheSameRootKey() throws Exception {
        catalogs.added(site(POLICY));
        publish(Entries.published(Entries.put("/1", "a", FRESH)));
        CatalogBody before = body();
        CatalogVerifier visitor = verifier(before);
        visitor.head(before.head(), nowSeconds());

        Receipt receipt = catalogs.rotateKey(SITE).get();

        assertThat(receipt).isEqualTo(new Receipt.Accepted(2, 1, 0));
        assertThat(body().rootKey()).isEqualTo(before.rootKey());
        assertThat(kid(body())).isNotEqualTo(kid(before));
        // Who has the old head takes the new one, and nothing that the old key signs after that.
        visitor.delegations(body().rootKey(), body().delegations());
        assertThat(visitor.head(body().head(), nowSeconds())).isPresent();
        assertThat(catalogs.listed(SITE, Entries.url("/1").hash())).isPresent();
        assertThat(publish(Entries.put("/2", "b", FRESH))).isEqualTo(new Receipt.Accepted(2, 2, 1));
    }

    @Test
    void whatIsPurgedIsOutOfTheCatalogWithItsLayout() throws Exception {
        catalogs.added(site(POLICY));
        Put gone = Entries.published(Entries.put("/a/1", "a", FRESH));
        publish(gone, Entries.published(Entries.put("/b/2", "b", FRESH)));
        catalogs.change(SITE, CatalogChange.suspend(gone.entry().key())).get();

        Receipt receipt = catalogs.purge(
                        SITE, entry -> entry.url().pathAndQuery().startsWith("/a/"))
                .get();

        assertThat(receipt).isInstanceOfSatisfying(Receipt.Accepted.class, accepted -> assertThat(accepted.changed())
                .isEqualTo(1));
        assertThat(catalogs.known(SITE, gone.entry().key())).isEmpty();
        assertThat(catalogs.listed(SITE, Entries.url("/b/2").hash())).isPresent();
        assertThat(catalogs.layout(SITE, gone.layout().contentId())).isEmpty();
    }

    private Receipt publish(Put... puts) throws Exception {
        return catalogs.change(SITE, new CatalogChange(List.of(puts), Set.of(), Set.of(), Pace.AT_ONCE))
                .get();
    }

    private CatalogBody body() {
        return catalogs.current(SITE).orElseThrow().body();
    }

    private Head head() throws CatalogException {
        return verifier(body()).head(body().head(), nowSeconds()).orElseThrow();
    }

    private static CatalogVerifier verifier(CatalogBody body) throws CatalogException {
        CatalogVerifier verifier = new CatalogVerifier(SITE, body.rootKey().keyId(), null);
        verifier.delegations(body.rootKey(), body.delegations());
        return verifier;
    }

    private static String kid(CatalogBody body) {
        return body.head().substring(0, body.head().indexOf('.'));
    }

    private static Site site(SitePolicy policy) {
        return new Site(SITE, policy, false, 2, List.of());
    }

    private static long nowSeconds() {
        return Clock.systemUTC().instant().getEpochSecond();
    }

    private static final class News implements CatalogListener {
        private final BlockingQueue<SignedCatalog> heads = new LinkedBlockingQueue<>();

        @Override
        public void head(SiteId site, SignedCatalog catalog) {
            heads.add(catalog);
        }

        @Override
        public void batch(SiteId site, String jws) {}
    }
}
