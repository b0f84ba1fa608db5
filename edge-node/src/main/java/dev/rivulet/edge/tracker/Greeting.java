package dev.rivulet.edge.tracker;

import dev.rivulet.protocol.catalog.EdgeProof;
import dev.rivulet.protocol.catalog.SigningKey;
import dev.rivulet.protocol.id.ResourceUrl;
import dev.rivulet.protocol.id.SiteId;
import dev.rivulet.protocol.message.ClientMessage.Hello;
import dev.rivulet.protocol.message.ClientMessage.Proof;
import dev.rivulet.protocol.message.HintWishes;
import dev.rivulet.protocol.message.Role;
import dev.rivulet.protocol.message.TrackerMessage.Challenge;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Who this edge says it is.
 *
 * @param site the site it helps
 * @param agent name and version
 * @param token from the site's operator, null where none is needed
 * @param identity its own key
 * @param http base URL where it serves pieces, null when nowhere
 * @param hints what it wants hints of, null: of nothing
 */
public record Greeting(
        SiteId site,
        String agent,
        @Nullable String token,
        SigningKey identity,
        @Nullable ResourceUrl http,
        @Nullable HintWishes hints) {

    private static final List<String> FEATURES = List.of("index");

    /** Without hints. */
    public Greeting(
            SiteId site, String agent, @Nullable String token, SigningKey identity, @Nullable ResourceUrl http) {
        this(site, agent, token, identity, http, null);
    }

    Hello hello(@Nullable String resume) {
        return new Hello(site, Role.EDGE, agent, token, resume, FEATURES, http, null, identity.publicKey(), hints);
    }

    Proof proof(Challenge challenge) {
        return new Proof(identity.sign(new EdgeProof(site, challenge.challenge())));
    }

    /** Without the token. */
    @Override
    public String toString() {
        return "Greeting[site=" + site + ", agent=" + agent + ", http=" + http + "]";
    }
}
