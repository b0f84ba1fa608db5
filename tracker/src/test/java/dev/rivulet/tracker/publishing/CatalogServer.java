package dev.rivulet.tracker.publishing;

import dev.rivulet.protocol.http.SitePolicy;
import dev.rivulet.protocol.id.SiteId;
import dev.rivulet.protocol.settings.ListenAddress;
import dev.rivulet.tracker.database.TrackerDatabase;
import dev.rivulet.tracker.http.HttpServer;
import dev.rivulet.tracker.http.Routes;
import dev.rivulet.tracker.keys.KeyDirectory;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** The tracker's catalog part on a port of its own, for one site named demo. */
public final class CatalogServer implements AutoCloseable {
    /** Lets its bearer publish. */
    public static final String TOKEN = "publish-token";

    public static final SiteId SITE = new SiteId("demo");

    private final TrackerDatabase database;
    private final Catalogs catalogs;
    private final HttpServer http;

    private CatalogServer(TrackerDatabase database, Catalogs catalogs, HttpServer http) {
        this.database = database;
        this.catalogs = catalogs;
        this.http = http;
    }

    public static CatalogServer start(Path data, SitePolicy policy) {
        return start(data, policy, catalogs -> List.of());
    }

    public static CatalogServer start(Path data, SitePolicy policy, Function<Catalogs, List<Routes>> more) {
        TrackerDatabase database = TrackerDatabase.open(data);
        Catalogs catalogs = Catalogs.open(
                database, new KeyDirectory(data, new SecureRandom()), Map.of(SITE, policy), Clock.systemUTC());
        List<Routes> routes = new ArrayList<>(more.apply(catalogs));
        routes.add(new CatalogRoutes(catalogs));
        routes.add(new PublishRoutes(
                catalogs, (site, token) -> site.equals(SITE) && token.equals(TOKEN), Clock.systemUTC()));
        HttpServer http = HttpServer.start(
                ListenAddress.parse("127.0.0.1:0"),
                null,
                new HttpServer.Served(exchange -> exchange.setStatusCode(400), routes, List.of()));
        return new CatalogServer(database, catalogs, http);
    }

    public Catalogs catalogs() {
        return catalogs;
    }

    /** Base URL without a trailing slash. */
    public String url() {
        return "http://" + http.address();
    }

    @Override
    public void close() {
        http.close();
        catalogs.close();
        database.close();
    }
}
