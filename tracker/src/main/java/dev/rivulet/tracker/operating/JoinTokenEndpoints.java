package dev.rivulet.tracker.operating;

import dev.rivulet.protocol.Check;
import dev.rivulet.protocol.DecodeException;
import dev.rivulet.protocol.id.KeyId;
import dev.rivulet.protocol.id.SiteId;
import dev.rivulet.tracker.api.Call;
import dev.rivulet.tracker.api.Endpoint;
import dev.rivulet.tracker.api.Endpoints;
import dev.rivulet.tracker.api.Help;
import dev.rivulet.tracker.api.Nothing;
import dev.rivulet.tracker.api.Page;
import dev.rivulet.tracker.api.Refusal;
import dev.rivulet.tracker.api.Role;
import dev.rivulet.tracker.config.TokenConfig;
import dev.rivulet.tracker.event.Event;
import dev.rivulet.tracker.event.Event.Kind;
import dev.rivulet.tracker.event.Events;
import dev.rivulet.tracker.site.IssuedToken;
import dev.rivulet.tracker.site.IssuedTokens;
import dev.rivulet.tracker.site.Sites;
import io.undertow.util.StatusCodes;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Tokens by which edges join, each for one edge, and by which a site's build publishes. */
public final class JoinTokenEndpoints implements Endpoints {
    private final Sites sites;
    private final IssuedTokens tokens;
    private final Events events;
    private final InstantSource clock;

    public JoinTokenEndpoints(Sites sites, IssuedTokens tokens, Events events, InstantSource clock) {
        this.sites = sites;
        this.tokens = tokens;
        this.events = events;
        this.clock = clock;
    }

    /** A new token of an edge. */
    record EdgeOrder(
            String site,

            @Help("Whether the edge is trusted to say what bytes visitors get; false unless given.") @Nullable
            Boolean index,

            @Help("The operator's own.") @Nullable String note,

            @Help("Until when an edge has to have come with it; never unless given.") @Nullable
            Long expires) {
        EdgeOrder {
            Check.optionalLine("note", note, 0, IssuedToken.MAX_NOTE_CHARS);
        }
    }

    /** A new token of a publisher. */
    record PublishOrder(
            String site,
            @Help("The operator's own.") @Nullable String note,

            @Help("Until when it is good; for good unless given.") @Nullable
            Long expires) {
        PublishOrder {
            Check.optionalLine("note", note, 0, IssuedToken.MAX_NOTE_CHARS);
        }
    }

    /** A token of an edge. */
    record EdgeToken(
            String id,
            String site,
            boolean index,
            String note,
            long created,
            @Nullable Long expires,

            @Help("Fingerprint of the edge that it is bound to; null as long as none came.") @Nullable
            String edge,

            @Help("The token itself: answered once, when it is made.") @Nullable
            String secret) {
        static EdgeToken of(IssuedToken token, @Nullable String secret) {
            KeyId edge = token.edge();
            return new EdgeToken(
                    token.id(),
                    token.site().text(),
                    token.index(),
                    token.note(),
                    token.created(),
                    token.expires(),
                    edge == null ? null : edge.text(),
                    secret);
        }
    }

    /** A token of a publisher. */
    record PublishToken(
            String id,
            String site,
            String note,
            long created,
            @Nullable Long expires,

            @Help("The token itself: answered once, when it is made.") @Nullable
            String secret) {
        static PublishToken of(IssuedToken token, @Nullable String secret) {
            return new PublishToken(
                    token.id(), token.site().text(), token.note(), token.created(), token.expires(), secret);
        }
    }

    @Override
    public List<Endpoint> endpoints() {
        return List.of(
                Endpoint.get("/edge-tokens", Role.VIEWER, "Tokens by which edges join, the newest first.")
                        .pages(EdgeToken.class, this::edgeTokens),
                Endpoint.post(
                                "/edge-tokens",
                                Role.OPERATOR,
                                "Make a token for one edge: the first that comes with it is bound to it by its key.")
                        .takes(EdgeOrder.class)
                        .status(StatusCodes.CREATED)
                        .answers(EdgeToken.class, this::makeEdgeToken),
                Endpoint.delete(
                                "/edge-tokens/{id}",
                                Role.OPERATOR,
                                "Take a token back, and close the edge that is connected by it.")
                        .does(call -> revoke(call, TokenConfig.Role.EDGE)),
                Endpoint.get("/publish-tokens", Role.VIEWER, "Tokens by which sites' builds publish, the newest first.")
                        .pages(PublishToken.class, this::publishTokens),
                Endpoint.post("/publish-tokens", Role.OPERATOR, "Make a token to publish with.")
                        .takes(PublishOrder.class)
                        .status(StatusCodes.CREATED)
                        .answers(PublishToken.class, this::makePublishToken),
                Endpoint.delete("/publish-tokens/{id}", Role.OPERATOR, "Take a token back.")
                        .does(call -> revoke(call, TokenConfig.Role.PUBLISH)));
    }

    private Page<EdgeToken> edgeTokens(Call<Nothing> call) {
        List<EdgeToken> all = tokens.all(TokenConfig.Role.EDGE).stream()
                .map(token -> EdgeToken.of(token, null))
                .toList();
        return Page.newestFirst(all, call, EdgeToken::created, EdgeToken::id);
    }

    private Page<PublishToken> publishTokens(Call<Nothing> call) {
        List<PublishToken> all = tokens.all(TokenConfig.Role.PUBLISH).stream()
                .map(token -> PublishToken.of(token, null))
                .toList();
        return Page.newestFirst(all, call, PublishToken::created, PublishToken::id);
    }

    private EdgeToken makeEdgeToken(Call<EdgeOrder> call) throws Refusal, IOException {
        EdgeOrder order = call.body();
        IssuedTokens.Issued issued = issue(
                call,
                TokenConfig.Role.EDGE,
                new Terms(order.site(), Boolean.TRUE.equals(order.index()), order.note(), order.expires()));
        return EdgeToken.of(issued.token(), issued.secret());
    }

    private PublishToken makePublishToken(Call<PublishOrder> call) throws Refusal, IOException {
        PublishOrder order = call.body();
        IssuedTokens.Issued issued =
                issue(call, TokenConfig.Role.PUBLISH, new Terms(order.site(), false, order.note(), order.expires()));
        return PublishToken.of(issued.token(), issued.secret());
    }

    private record Terms(
            String site,
            boolean index,
            @Nullable String note,
            @Nullable Long expires) {}

    private IssuedTokens.Issued issue(Call<?> call, TokenConfig.Role role, Terms terms) throws Refusal, IOException {
        SiteId site = knownSite(terms.site());
        Long expires = terms.expires();
        if (expires != null && expires <= clock.instant().getEpochSecond()) {
            throw Refusal.invalid("expires", "is over already; write a time to come, in seconds since 1970");
        }
        String note = terms.note() == null ? "" : terms.note();
        Optional<IssuedTokens.Issued> issued =
                tokens.issue(new IssuedTokens.Order(role, site, terms.index(), note, expires));
        if (issued.isEmpty()) {
            throw Refusal.conflict("There are " + IssuedTokens.MAX_TOKENS + " tokens; take some back first.");
        }
        String id = issued.get().token().id();
        call.note("token " + id + " for " + site);
        events.happened(
                Event.info(Kind.TOKEN, site, call.caller().name() + " made the " + word(role) + " token " + id));
        return issued.get();
    }

    private SiteId knownSite(String text) throws Refusal {
        try {
            SiteId site = SiteId.parse(text);
            if (sites.find(site).isPresent()) {
                return site;
            }
        } catch (DecodeException e) {
            throw Refusal.invalid("site", e.reason());
        }
        throw Refusal.invalid("site", "there is no such site");
    }

    private void revoke(Call<Nothing> call, TokenConfig.Role role) throws Refusal, IOException {
        String id = call.path("id");
        SiteId site = tokens.find(id).map(IssuedToken::site).orElse(null);
        if (!tokens.revoke(id, role)) {
            throw Refusal.notFound("There is no such token.");
        }
        String text = call.caller().name() + " took the " + word(role) + " token " + id + " back";
        events.happened(Event.info(Kind.TOKEN, site, text));
    }

    private static String word(TokenConfig.Role role) {
        return role == TokenConfig.Role.EDGE ? "edge" : "publish";
    }
}
