package dev.rivulet.tracker.signaling;

import dev.rivulet.protocol.DecodeException;
import dev.rivulet.protocol.catalog.CatalogBody;
import dev.rivulet.protocol.catalog.PublicKey;
import dev.rivulet.protocol.catalog.SigningKey;
import dev.rivulet.protocol.http.PrivacyMode;
import dev.rivulet.protocol.id.ContentId;
import dev.rivulet.protocol.id.KeyId;
import dev.rivulet.protocol.id.ResourceUrl;
import dev.rivulet.protocol.id.Sha256;
import dev.rivulet.protocol.id.SiteId;
import dev.rivulet.protocol.message.ClientMessage.Hello;
import dev.rivulet.protocol.message.ClientMessage.Report;
import dev.rivulet.protocol.message.Role;
import dev.rivulet.protocol.settings.Sources;
import dev.rivulet.tracker.catalog.CatalogFeed;
import dev.rivulet.tracker.catalog.CatalogListener;
import dev.rivulet.tracker.catalog.SignedCatalog;
import dev.rivulet.tracker.config.SiteConfig;
import dev.rivulet.tracker.config.TrackerConfig;
import dev.rivulet.tracker.gateway.FakeGateways;
import dev.rivulet.tracker.indexing.Asker;
import dev.rivulet.tracker.indexing.VisitorReports;
import dev.rivulet.tracker.indexing.edge.IndexingEdges;
import dev.rivulet.tracker.site.FakeTokens;
import dev.rivulet.tracker.site.IssuedTokens;
import dev.rivulet.tracker.site.Sites;
import dev.rivulet.tracker.site.Tokens;
import dev.rivulet.tracker.swarm.Hintable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** The other parts of the tracker as signalling sees them, and a clock that stands still. */
final class FakeSite implements CatalogFeed, VisitorReports, EdgeRegister {
    static final SigningKey EDGE_KEY = SigningKey.generate(new SecureRandom());
    static final SiteId DEMO = new SiteId("demo");
    static final String ORIGIN = "http://a.localhost:8080";
    static final String EDGE_TOKEN = "token-of-an-edge";

    private static final String YAML = """
            sites:
              demo:
                web-origins: ["http://*.localhost:8080"]
                content-origins: ["http://content.example"]
                include: ["/media/**"]
              open: {web-origins: ["http://open.example"], content-origins: ["http://open.example"], open-edges: true}
              shy: {web-origins: ["http://*.localhost:8080"], content-origins: ["http://c.example"], mode: edges,
                    open-edges: true}
            tokens:
            - {token: token-of-an-edge, role: edge, site: demo}
            - {token: token-of-an-indexer, role: edge, site: demo, index: true}
            - {token: token-of-a-publisher, role: publish, site: demo}
            - {token: token-of-another, role: edge, site: open}
            - {token: token-of-an-indexer-of-another, role: edge, site: open, index: true}
            """;

    final List<ResourceUrl> missing = new ArrayList<>();
    final List<ResourceUrl> contradicted = new ArrayList<>();
    final List<ContentId> announced = new ArrayList<>();
    final List<ContentId> lookedUp = new ArrayList<>();
    final List<Report> reports = new ArrayList<>();
    final Set<KeyId> revoked = new HashSet<>();
    final List<KeyId> met = new ArrayList<>();
    final List<Hintable.Resource> hintable = new ArrayList<>();
    final Set<ContentId> heldByTracker = new HashSet<>();
    final Set<KeyId> banned = new HashSet<>();
    /** A second later whenever somebody looks: no edge answers in time. */
    private final AtomicLong indexingMs = new AtomicLong();

    final IndexingEdges indexers = new IndexingEdges(() -> indexingMs.getAndAdd(1000));
    final FakeGateways gateways = new FakeGateways(() -> this.nowMs);
    final TrackerConfig config = TrackerConfig.SETTINGS.read(new Sources("test", YAML, Map.of(), Map.of()));
    final Sites sites = Sites.of(config.sites());
    final IssuedTokens tokens = FakeTokens.issued(() -> Instant.ofEpochMilli(this.nowMs));
    final Signaling signaling;
    SignedCatalog catalog = catalog("head.1.x");
    long nowMs = 1_000_000;

    FakeSite() {
        this.signaling = new Signaling(
                new Signaling.Parts(
                        sites,
                        new Tokens(config.tokens(), tokens),
                        this,
                        this,
                        this,
                        (site, content) -> heldByTracker.contains(content),
                        indexers,
                        gateways.checks,
                        site -> new FakeEntries(hintable),
                        (from, report) -> reports.add(report)),
                new Signaling.Greeted(null, List::of, List.of()),
                Runnable::run,
                () -> nowMs);
        sites.subscribe(signaling);
        tokens.onRevoked(signaling::readmitAll);
    }

    /** The site is otherwise from now on, as far as {@code yaml} says so. */
    void change(SiteId id, String yaml) {
        SiteConfig changed = TrackerConfig.SETTINGS
                .read(new Sources("test", "sites: {" + id + ": {" + yaml + "}}", Map.of(), Map.of()))
                .sites()
                .get(id.text());
        try {
            sites.put(Sites.site("", id.text(), changed));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    /** What the catalog says of resources. */
    private record FakeEntries(List<Hintable.Resource> resources) implements Hintable {
        @Override
        public List<Resource> withContent(ContentId content) {
            return resources.stream()
                    .filter(resource -> resource.content().equals(content))
                    .toList();
        }

        @Override
        public Iterator<Resource> all() {
            return resources.iterator();
        }
    }

    static SignedCatalog catalog(String head, String... batches) {
        SigningKey key = SigningKey.generate(new SecureRandom());
        return new SignedCatalog(
                new CatalogBody(key.publicKey(), List.of("delegation.1.x"), head, null, null), List.of(batches));
    }

    Client connect(@Nullable String origin, String address) {
        return connect(origin, address, true);
    }

    Client connect(@Nullable String origin, String address, boolean direct) {
        try {
            return new Client(
                    signaling,
                    new Arrival(
                            origin,
                            InetAddress.getByName(address),
                            direct,
                            ResourceUrl.parse("http://tracker.example/")));
        } catch (UnknownHostException | DecodeException e) {
            throw new AssertionError(e);
        }
    }

    /** A page of the demo site that has joined. */
    Client page() {
        return connect(ORIGIN, "192.0.2.1").say(hello(DEMO, Role.PAGE, null, null));
    }

    /** An edge of the demo site that has joined. */
    Client edge() {
        return connect(null, "198.51.100.1").say(hello(DEMO, Role.EDGE, EDGE_TOKEN, null));
    }

    static Hello hello(SiteId site, Role role, @Nullable String token, @Nullable String resume) {
        PublicKey key = token == null ? null : EDGE_KEY.publicKey();
        return new Hello(site, role, "test", token, resume, List.of(), null, null, key);
    }

    static Hello shyHello(SiteId site) {
        return new Hello(site, Role.PAGE, "test", null, null, List.of(), null, PrivacyMode.EDGES);
    }

    static ContentId content(int number) {
        return new ContentId(Sha256.of(Integer.toString(number).getBytes(StandardCharsets.UTF_8)));
    }

    static ResourceUrl url(String text) {
        try {
            return ResourceUrl.parse(text);
        } catch (DecodeException e) {
            throw new AssertionError(e);
        }
    }

    void passSeconds(int seconds) {
        nowMs += seconds * 1000L;
        signaling.beat();
    }

    @Override
    public Optional<SignedCatalog> current(SiteId site) {
        return Optional.of(catalog);
    }

    @Override
    public void subscribe(CatalogListener listener) {
        throw new UnsupportedOperationException();
    }

    @Override
    public boolean isRevoked(KeyId fingerprint) {
        return revoked.contains(fingerprint);
    }

    @Override
    public boolean isBanned(KeyId fingerprint) {
        return banned.contains(fingerprint);
    }

    @Override
    public void met(SiteId site, KeyId fingerprint) {
        met.add(fingerprint);
    }

    @Override
    public void missing(SiteId site, Asker asker, List<ResourceUrl> urls) {
        missing.addAll(urls);
    }

    @Override
    public void contradicted(SiteId site, Asker asker, List<ResourceUrl> urls) {
        contradicted.addAll(urls);
    }

    @Override
    public void announced(SiteId site, Asker asker, List<ContentId> contents) {
        announced.addAll(contents);
    }

    @Override
    public void lookedUp(SiteId site, List<ContentId> contents) {
        lookedUp.addAll(contents);
    }
}
