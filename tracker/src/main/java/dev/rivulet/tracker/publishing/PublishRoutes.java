package dev.rivulet.tracker.publishing;

import dev.rivulet.protocol.DecodeException;
import dev.rivulet.protocol.Limits;
import dev.rivulet.protocol.http.SitePolicy;
import dev.rivulet.protocol.id.SiteId;
import dev.rivulet.protocol.json.Json;
import dev.rivulet.tracker.catalog.CatalogChange;
import dev.rivulet.tracker.http.Problem;
import dev.rivulet.tracker.http.RequestReader;
import dev.rivulet.tracker.http.Router;
import dev.rivulet.tracker.http.Routes;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import io.undertow.util.StatusCodes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Takes what sites publish (docs/protocol.md, section 4.6). */
public final class PublishRoutes implements Routes {
    /** Where it is posted to. */
    static final String PATH = "/api/v1/sites/{site}/entries";

    /** Bytes of all bodies that are there, be it in part, and not yet answered. */
    private static final long MAX_HELD_BYTES = 64L * 1024 * 1024;

    private static final Logger log = LoggerFactory.getLogger(PublishRoutes.class);
    private static final String BEARER = "Bearer ";

    private final Catalogs catalogs;
    private final PublishTokens tokens;
    private final Clock clock;
    private final RequestReader bodies = RequestReader.of(Limits.MAX_PUBLISH_BYTES, MAX_HELD_BYTES);

    public PublishRoutes(Catalogs catalogs, PublishTokens tokens, Clock clock) {
        this.catalogs = catalogs;
        this.tokens = tokens;
        this.clock = clock;
    }

    @Override
    public void register(Router router) {
        HttpHandler admission = this::admit;
        router.post(PATH, exchange -> exchange.dispatch(admission));
    }

    private void admit(HttpServerExchange exchange) throws Exception {
        Optional<SiteId> site = site(exchange);
        Optional<SitePolicy> policy = site.flatMap(catalogs::policy);
        if (site.isEmpty() || policy.isEmpty()) {
            new Problem(StatusCodes.NOT_FOUND, "This tracker has no such site.").send(exchange);
            return;
        }
        if (!mayPublish(exchange, site.get())) {
            exchange.getResponseHeaders().put(Headers.WWW_AUTHENTICATE, "Bearer");
            new Problem(
                            StatusCodes.UNAUTHORIZED,
                            "Send a token of role publish for this site as Authorization: Bearer TOKEN.")
                    .send(exchange);
            return;
        }
        bodies.read(exchange, (whole, body) -> publish(whole, site.get(), policy.get(), body));
    }

    private void publish(HttpServerExchange exchange, SiteId site, SitePolicy policy, byte[] body)
            throws IOException, InterruptedException {
        try {
            CatalogChange change =
                    Publication.read(body, policy, clock.instant().getEpochSecond());
            answer(exchange, change, catalogs.change(site, change).get());
        } catch (DecodeException e) {
            new Problem(StatusCodes.BAD_REQUEST, e.place() + ": " + e.reason()).send(exchange);
        } catch (ExecutionException e) {
            log.error("{}: what was published could not be kept", site, e.getCause());
            new Problem(StatusCodes.SERVICE_UNAVAILABLE, "It could not be kept; the tracker's log says why. Try again.")
                    .send(exchange);
        }
    }

    private static void answer(HttpServerExchange exchange, CatalogChange change, Receipt receipt) {
        if (receipt instanceof Receipt.Accepted accepted) {
            exchange.getResponseHeaders().put(Headers.CONTENT_TYPE, "application/json");
            String body = Json.write(Json.object()
                    .put("accepted", change.puts().size() + change.removed().size())
                    .put("changed", accepted.changed())
                    .put("epoch", accepted.epoch())
                    .put("sequence", accepted.sequence()));
            exchange.getResponseSender().send(body, StandardCharsets.UTF_8);
        } else if (receipt instanceof Receipt.Refused refused) {
            new Problem(StatusCodes.BAD_REQUEST, refused.reason()).send(exchange);
        }
    }

    private boolean mayPublish(HttpServerExchange exchange, SiteId site) {
        String authorization = exchange.getRequestHeaders().getFirst(Headers.AUTHORIZATION);
        return authorization != null
                && authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())
                && tokens.mayPublish(
                        site, authorization.substring(BEARER.length()).strip());
    }

    private static Optional<SiteId> site(HttpServerExchange exchange) {
        try {
            return Optional.of(SiteId.parse(Router.parameter(exchange, "site")));
        } catch (DecodeException e) {
            return Optional.empty();
        }
    }
}
