package dev.rivulet.tracker.site;

import dev.rivulet.protocol.id.KeyId;
import dev.rivulet.protocol.id.SiteId;
import dev.rivulet.tracker.config.TokenConfig;
import dev.rivulet.tracker.config.TokenConfig.Role;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Knows publishers and edges by their secrets, those that were configured and those that were issued. Thread-safe. */
public final class Tokens {
    private final List<TokenConfig> configured;
    private final IssuedTokens issued;

    public Tokens(List<TokenConfig> configured, IssuedTokens issued) {
        this.configured = List.copyOf(configured);
        this.issued = issued;
    }

    /** Those that operators issue. */
    public IssuedTokens issued() {
        return issued;
    }

    /** Whether the bearer of this token may publish for that site. */
    public boolean mayPublish(String token, SiteId site) {
        return any(token, each -> each.role() == Role.PUBLISH && isFor(each, site)) || issued.mayPublish(token, site);
    }

    /** Whether an edge with this token and key may join that site; the key is still to be proven. */
    public boolean admitsEdge(String token, SiteId site, @Nullable KeyId key) {
        return isConfiguredEdge(token, site) || issued.admitsEdge(token, site, key);
    }

    /** The same, of a key that was proven: a token that was issued is this edge's alone from now on. */
    public boolean bind(String token, SiteId site, KeyId key) {
        return isConfiguredEdge(token, site) || issued.bind(token, site, key);
    }

    /** Whether what an edge with this token and key, which it has proven, fetched and hashed for that site is believed. */
    public boolean mayIndex(String token, SiteId site, KeyId key) {
        return any(token, each -> each.index() && isFor(each, site)) || issued.mayIndex(token, site, key);
    }

    private boolean isConfiguredEdge(String token, SiteId site) {
        return any(token, each -> each.role() == Role.EDGE && isFor(each, site));
    }

    private static boolean isFor(TokenConfig token, SiteId site) {
        return token.site().equals(site.text());
    }

    private boolean any(String token, Predicate<TokenConfig> fits) {
        byte[] given = token.getBytes(StandardCharsets.UTF_8);
        boolean admitted = false;
        for (TokenConfig each : configured) {
            // Every token is compared, in constant time, so that answers do not take longer the nearer a guess is.
            boolean same = MessageDigest.isEqual(given, each.token().getBytes(StandardCharsets.UTF_8));
            admitted |= same && fits.test(each);
        }
        return admitted;
    }
}
