package dev.rivulet.tracker;

import dev.rivulet.protocol.http.SitePolicy;
import dev.rivulet.protocol.id.ResourceUrl;
import dev.rivulet.protocol.id.SiteId;
import dev.rivulet.protocol.settings.ConfigException;
import dev.rivulet.protocol.settings.ListenAddress;
import dev.rivulet.tracker.access.Access;
import dev.rivulet.tracker.api.Api;
import dev.rivulet.tracker.api.Endpoints;
import dev.rivulet.tracker.api.Role;
import dev.rivulet.tracker.backup.BackupEndpoints;
import dev.rivulet.tracker.backup.Restore;
import dev.rivulet.tracker.config.TrackerConfig;
import dev.rivulet.tracker.database.SiteTables;
import dev.rivulet.tracker.database.TokenTables;
import dev.rivulet.tracker.database.TrackerDatabase;
import dev.rivulet.tracker.enrolment.Enrolment;
import dev.rivulet.tracker.enrolment.EnrolmentEndpoints;
import dev.rivulet.tracker.enrolment.OperatorFile;
import dev.rivulet.tracker.event.EventLog;
import dev.rivulet.tracker.event.Events;
import dev.rivulet.tracker.figures.FigureEndpoints;
import dev.rivulet.tracker.figures.Figures;
import dev.rivulet.tracker.figures.TrackerMetrics;
import dev.rivulet.tracker.gateway.GatewayChecks;
import dev.rivulet.tracker.http.Arrivals;
import dev.rivulet.tracker.http.ClientScripts;
import dev.rivulet.tracker.http.DashboardFiles;
import dev.rivulet.tracker.http.Health;
import dev.rivulet.tracker.http.HttpServer;
import dev.rivulet.tracker.http.MetricsHandler;
import dev.rivulet.tracker.http.Routes;
import dev.rivulet.tracker.http.SignalingSocket;
import dev.rivulet.tracker.indexing.FetchedContent;
import dev.rivulet.tracker.indexing.Indexer;
import dev.rivulet.tracker.indexing.OriginCheck;
import dev.rivulet.tracker.indexing.edge.IndexingEdges;
import dev.rivulet.tracker.keys.KeyDirectory;
import dev.rivulet.tracker.operating.SiteDirectory;
import dev.rivulet.tracker.operating.Steering;
import dev.rivulet.tracker.policy.Policies;
import dev.rivulet.tracker.policy.TrackerPolicy;
import dev.rivulet.tracker.publishing.CatalogRoutes;
import dev.rivulet.tracker.publishing.Catalogs;
import dev.rivulet.tracker.publishing.HintableEntries;
import dev.rivulet.tracker.publishing.IndexedEntries;
import dev.rivulet.tracker.publishing.PieceRoutes;
import dev.rivulet.tracker.publishing.PublishRoutes;
import dev.rivulet.tracker.publishing.PublishTokens;
import dev.rivulet.tracker.signaling.Heartbeat;
import dev.rivulet.tracker.signaling.Signaling;
import dev.rivulet.tracker.site.IssuedTokens;
import dev.rivulet.tracker.site.Site;
import dev.rivulet.tracker.site.Sites;
import dev.rivulet.tracker.site.Tokens;
import dev.rivulet.tracker.stun.StunServer;
import dev.rivulet.tracker.tls.CertificateWatch;
import dev.rivulet.tracker.tls.PemFiles;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.apache.hc.client5.http.SystemDefaultDnsResolver;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes every part of the tracker and wires it to the others. */
final class Tracker {
    private static final Logger log = LoggerFactory.getLogger(Tracker.class);

    private Tracker() {}

    /**
     * Starts everything and tells where it listens, with the real port; throws {@link ConfigException} when the
     * configuration cannot be run. What was started, be it all or not, ends with {@code closers}.
     */
    static ListenAddress start(TrackerConfig config, Closers closers) {
        Clock clock = Clock.systemUTC();
        Restore.refuseHalfDone(config.dataDirectory());
        TrackerDatabase database = closers.add(TrackerDatabase.open(config.dataDirectory()));
        Figures figures = closers.add(Figures.open(database, clock, Heartbeat::nowMs));
        Events events = TrackerEvents.keptBy(figures, new EventLog());
        SiteTables siteTables = new SiteTables(database);
        SiteDirectory directory = SiteDirectory.open(siteTables, config.sites());
        Sites sites = directory.sites();
        Policies policies =
                Policies.open(siteTables, new TrackerPolicy(config.iceServers(), config.maxConnections(), null));
        KeyDirectory keys = new KeyDirectory(config.dataDirectory(), new SecureRandom());
        Enrolment enrolment = closers.add(Enrolment.open(database, clock));
        Tokens tokens = new Tokens(config.tokens(), issued(database, enrolment, clock, events));
        Heartbeat heartbeat = closers.add(new Heartbeat());
        Catalogs catalogs = closers.add(Catalogs.open(database, keys, policies(sites), clock));

        FetchedContent fetched = openFetched(config, catalogs);
        IndexingEdges edges = new IndexingEdges(Heartbeat::nowMs);
        Indexer indexer = closers.add(new Indexer(
                config.indexing(),
                new Indexer.Surroundings(
                        new IndexedEntries(catalogs),
                        site -> sites.find(site).map(Site::indexThreshold).orElse(0),
                        site -> sites.find(site).map(Site::live).orElse(List.of()),
                        fetched,
                        edges,
                        SystemDefaultDnsResolver.INSTANCE,
                        clock,
                        new SecureRandom().nextLong(),
                        figures::indexed)));

        Signaling.Parts parts = new Signaling.Parts(
                sites,
                tokens,
                enrolment,
                catalogs,
                indexer,
                (site, content) -> fetched.holds(content),
                edges,
                closers.add(GatewayChecks.overHttp(
                        SystemDefaultDnsResolver.INSTANCE, Heartbeat::nowMs, new SecureRandom())),
                site -> new HintableEntries(catalogs, site, clock),
                figures);
        if (config.lacksStun()) {
            log.warn("nothing answers STUN, and visitors behind NATs will not find each other: set stun, such as"
                    + " 0.0.0.0:3478, and open that UDP port and the next, or name a server under ice-servers");
        }
        Integer stunPort = config.stunListen()
                .map(listen -> closers.add(StunServer.start(listen)).port())
                .orElse(null);
        Signaling.Greeted greeted = new Signaling.Greeted(stunPort, policies::ice, config.trackerBases());
        Signaling signaling = new Signaling(parts, greeted, heartbeat, Heartbeat::nowMs);
        catalogs.subscribe(signaling);
        enrolment.onRevoked(signaling::revoke);
        tokens.issued().onRevoked(signaling::readmitAll);
        // In this order: who joins a new site is told its catalog.
        sites.subscribe(catalogs);
        sites.subscribe(signaling);
        figures.start(signaling, (site, content) -> !catalogs.withContent(site, content)
                .isEmpty());
        TrackerEvents.tell(figures, enrolment, catalogs);

        PublishTokens publishers = (site, token) -> tokens.mayPublish(token, site);
        Arrivals arrivals = new Arrivals(config.publicBase(), config.proxies());
        String secret = OperatorFile.newSecret(new SecureRandom());
        Access access = Access.open(database, secret, new SecureRandom(), clock);
        // Known once it listens, on whatever ports.
        AtomicReference<@Nullable ResourceUrl> publicBase = new AtomicReference<>(config.publicBase());
        AtomicReference<@Nullable ResourceUrl> operatorBase = new AtomicReference<>();
        List<Endpoints> endpoints = new ArrayList<>(access.endpoints());
        endpoints.add(new EnrolmentEndpoints(enrolment, events));
        OriginCheck origins = closers.add(new OriginCheck(SystemDefaultDnsResolver.INSTANCE));
        endpoints.addAll(new Steering(
                        directory,
                        tokens.issued(),
                        enrolment.bans(),
                        policies,
                        catalogs,
                        fetched,
                        signaling,
                        origins,
                        events,
                        clock,
                        publicBase::get)
                .endpoints());
        endpoints.add(new FigureEndpoints(new FigureEndpoints.Sources(
                figures,
                signaling,
                catalogs,
                enrolment,
                edges::isDistrusted,
                () -> Optional.ofNullable(policies.current().price()))));
        endpoints.add(new BackupEndpoints(database, config.dataDirectory(), clock));
        // The public address says nothing about one that is for operators alone.
        Arrivals operatorArrivals = new Arrivals(
                config.operatorListen() == null ? config.publicBase() : null, config.proxies(), operatorBase::get);
        Api api = new Api(endpoints, new Api.Surroundings(access.gate(), access.audit(), operatorArrivals));
        List<Routes> forVisitors = List.of(
                new Health(signaling::isDraining),
                new ClientScripts(),
                new CatalogRoutes(catalogs),
                new PieceRoutes(fetched),
                new PublishRoutes(catalogs, publishers, clock));
        TrackerMetrics metrics = new TrackerMetrics(figures, signaling, TrackerMain.version());
        List<Routes> forOperators = List.of(
                api, api.guarded("/metrics", Role.VIEWER, new MetricsHandler(metrics::text)), new DashboardFiles());
        PemFiles pem = config.tls().orElse(null);
        HttpServer server = closers.add(HttpServer.start(
                config.listen(),
                config.operatorListen(),
                pem == null ? null : pem.identity().context(),
                new HttpServer.Served(
                        new SignalingSocket(
                                signaling, arrivals, () -> policies.current().maxConnections()),
                        forVisitors,
                        forOperators)));
        // Before the file, by which local commands find it.
        OwnUrl.of(config, server.operatorAddress()).ifPresent(operatorBase::set);
        if (config.publicBase() == null && config.operatorListen() != null) {
            OwnUrl.of(config, server.address()).ifPresent(publicBase::set);
        }
        closers.add(OperatorFile.write(config.dataDirectory(), server.localAddress(), secret));
        if (pem != null) {
            closers.add(CertificateWatch.start(pem, clock, server::renew));
        }
        offerFirstLink(config, access, server);
        heartbeat.drive(signaling);
        closers.add(signaling);
        log.info("{} sites, listening on {}", sites.all().size(), server.address());
        return server.address();
    }

    private static IssuedTokens issued(TrackerDatabase database, Enrolment enrolment, Clock clock, Events events) {
        try {
            return new IssuedTokens(new TokenTables(database), enrolment, clock, events);
        } catch (IOException e) {
            throw new ConfigException("data", null, "tokens cannot be read from the database: " + e.getMessage());
        }
    }

    private static void offerFirstLink(TrackerConfig config, Access access, HttpServer server) {
        try {
            ResourceUrl publicBase = config.operatorListen() == null ? config.publicBase() : null;
            String base = publicBase == null ? OwnUrl.text(config, server.operatorAddress()) : publicBase.text();
            access.firstLink(base)
                    .ifPresent(link -> log.warn("there is no operator yet; whoever opens this is the first: {}", link));
        } catch (IOException e) {
            throw new ConfigException("data", config.data(), "cannot be written to: " + e);
        }
    }

    private static FetchedContent openFetched(TrackerConfig config, Catalogs catalogs) {
        Path directory = config.dataDirectory().resolve("pieces");
        try {
            return FetchedContent.open(directory, config.indexing().store().bytes(), catalogs::isBlocked);
        } catch (IOException e) {
            throw new ConfigException("data", directory.toString(), "cannot be written to: " + e);
        }
    }

    private static Map<SiteId, SitePolicy> policies(Sites sites) {
        return sites.all().stream().collect(Collectors.toMap(Site::id, Site::policy));
    }
}
