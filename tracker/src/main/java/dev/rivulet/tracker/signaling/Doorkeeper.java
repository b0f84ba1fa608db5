package dev.rivulet.tracker.signaling;

import dev.rivulet.protocol.TrackerCloseCode;
import dev.rivulet.protocol.catalog.PublicKey;
import dev.rivulet.protocol.message.ClientMessage.Hello;
import dev.rivulet.protocol.message.Role;
import dev.rivulet.tracker.site.Site;
import dev.rivulet.tracker.site.Tokens;
import java.util.Optional;

/** Decides who may join a site: pages of its web origins, and edges with a token, or any where the site says so. */
final class Doorkeeper {
    private final Tokens tokens;

    Doorkeeper(Tokens tokens) {
        this.tokens = tokens;
    }

    /** Why not, or empty. */
    Optional<TrackerCloseCode> refusal(Arrival arrival, Hello hello, Site site) {
        if (hello.role() == Role.EDGE) {
            boolean known = hello.token() != null && isKnown(hello.token(), hello, site);
            // Without a key it could not be told from others, nor be revoked.
            boolean admitted = site.openEdges() || (known && hello.key() != null);
            return admitted ? Optional.empty() : Optional.of(TrackerCloseCode.UNAUTHORIZED);
        }
        // A browser always says where its page is from. Others can say what they like; this protects visitors, not us.
        boolean admits = arrival.origin() != null && site.policy().admitsWebOrigin(arrival.origin());
        return admits ? Optional.empty() : Optional.of(TrackerCloseCode.FORBIDDEN);
    }

    /**
     * Why somebody who has joined may not stay, or empty. An edge whose token was taken back has to go even from where
     * any may join: there it may come again, as one of them.
     */
    Optional<TrackerCloseCode> dismissal(Arrival arrival, Session.Membership member, Site site) {
        Hello hello = member.hello();
        boolean hasLostToken = member.byToken() && !(hello.token() != null && isKnown(hello.token(), hello, site));
        return hasLostToken ? Optional.of(TrackerCloseCode.UNAUTHORIZED) : refusal(arrival, hello, site);
    }

    private boolean isKnown(String token, Hello hello, Site site) {
        PublicKey key = hello.key();
        return tokens.admitsEdge(token, site.id(), key == null ? null : key.keyId());
    }

    /** An edge has shown its key: whether its token is its own, from now on if it was nobody's. */
    boolean ownsToken(Hello hello, PublicKey key, Site site) {
        return hello.token() != null && tokens.bind(hello.token(), site.id(), key.keyId());
    }
}
