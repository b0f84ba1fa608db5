package dev.rivulet.tracker;

import dev.rivulet.protocol.http.SitePolicy;
import dev.rivulet.protocol.id.ContentId;
import dev.rivulet.protocol.id.ResourceUrl;
import dev.rivulet.protocol.id.SiteId;
import dev.rivulet.protocol.settings.ListenAddress;
import dev.rivulet.tracker.config.TokenConfig;
import dev.rivulet.tracker.config.TrackerConfig;
import dev.rivulet.tracker.database.TrackerDatabase;
import dev.rivulet.tracker.http.Arrivals;
import dev.rivulet.tracker.http.ClientScripts;
import dev.rivulet.tracker.http.Health;
import dev.rivulet.tracker.http.HttpServer;
import dev.rivulet.tracker.http.SignalingSocket;
import dev.rivulet.tracker.indexing.Asker;
import dev.rivulet.tracker.indexing.VisitorReports;
import dev.rivulet.tracker.keys.KeyDirectory;
import dev.rivulet.tracker.publishing.CatalogRoutes;
import dev.rivulet.tracker.publishing.Catalogs;
import dev.rivulet.tracker.publishing.PublishRoutes;
import dev.rivulet.tracker.publishing.PublishTokens;
import dev.rivulet.tracker.signaling.Heartbeat;
import dev.rivulet.tracker.signaling.Signaling;
import dev.rivulet.tracker.site.Site;
import dev.rivulet.tracker.site.Sites;
import dev.rivulet.tracker.site.Tokens;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A running tracker: every part made, wired to the others, and closed in the reverse order. */
final class Tracker implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Tracker.class);

    private final Closers closers;
    private final ListenAddress address;

    private Tracker(Closers closers, ListenAddress address) {
        this.closers = closers;
        this.address = address;
    }

    /** Starts everything; throws {@code ConfigException} when the configuration cannot be run. */
    static Tracker start(TrackerConfig config) throws IOException {
        Closers closers = new Closers();
        try {
            ListenAddress address = open(config, closers);
            return new Tracker(closers, address);
        } catch (RuntimeException e) {
            closers.close();
            throw e;
        }
    }

    /** Where it listens, with the real port. */
    ListenAddress address() {
        return address;
    }

    @Override
    public void close() throws IOException {
        closers.close();
    }

    private static ListenAddress open(TrackerConfig config, Closers closers) {
        Clock clock = Clock.systemUTC();
        Sites sites = Sites.of(config.sites());
        Tokens tokens = new Tokens(config.tokens());
        TrackerDatabase database = closers.add(TrackerDatabase.open(config.dataDirectory()));
        KeyDirectory keys = new KeyDirectory(config.dataDirectory(), new SecureRandom());
        Heartbeat heartbeat = closers.add(new Heartbeat());
        Catalogs catalogs = closers.add(Catalogs.open(database, keys, policies(sites), clock));

        Signaling.Parts parts =
                new Signaling.Parts(sites, tokens, catalogs, Tracker.unheard(), (site, content) -> false);
        Signaling.Greeted greeted = new Signaling.Greeted(config.ice(), config.trackerBases());
        Signaling signaling = new Signaling(parts, greeted, heartbeat, Heartbeat::nowMs);
        catalogs.subscribe(signaling);

        PublishTokens publishers = (site, token) -> tokens.admit(token, TokenConfig.Role.PUBLISH, site);
        Arrivals arrivals = new Arrivals(config.publicBase(), config.proxies());
        HttpServer server = closers.add(HttpServer.start(
                config.listen(),
                new SignalingSocket(signaling, arrivals, config.maxConnections()),
                List.of(
                        new Health(),
                        new ClientScripts(),
                        new CatalogRoutes(catalogs),
                        new PublishRoutes(catalogs, publishers, clock))));
        heartbeat.drive(signaling);
        closers.add(signaling);
        log.info("{} sites, listening on {}", sites.all().size(), server.address());
        return server.address();
    }

    private static Map<SiteId, SitePolicy> policies(Sites sites) {
        return sites.all().stream().collect(Collectors.toMap(Site::id, Site::policy));
    }

    /** Until the indexer is here to listen. */
    private static VisitorReports unheard() {
        return new VisitorReports() {
            @Override
            public void missing(SiteId site, Asker asker, List<ResourceUrl> urls) {
                log.debug("{}: {} URLs are missing", site, urls.size());
            }

            @Override
            public void contradicted(SiteId site, Asker asker, List<ResourceUrl> urls) {
                log.debug("{}: {} URLs are contradicted", site, urls.size());
            }

            @Override
            public void lookedUp(SiteId site, List<ContentId> contents) {
                log.debug("{}: {} contents are looked for", site, contents.size());
            }
        };
    }
}
