package dev.rivulet.tracker.site;

import dev.rivulet.protocol.id.SiteId;
import dev.rivulet.tracker.config.TokenConfig;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.function.Predicate;

/** Knows publishers and edges by their secrets. Immutable. */
public final class Tokens {
    private final List<TokenConfig> tokens;

    /** Those that were configured. */
    public Tokens(List<TokenConfig> tokens) {
        this.tokens = List.copyOf(tokens);
    }

    /** Whether the bearer of this token may act in that role for that site. */
    public boolean admit(String token, TokenConfig.Role role, SiteId site) {
        return any(token, each -> each.role() == role && each.site().equals(site.text()));
    }

    /** Whether what an edge with this token fetched and hashed for that site is believed. */
    public boolean mayIndex(String token, SiteId site) {
        return any(token, each -> each.index() && each.site().equals(site.text()));
    }

    private boolean any(String token, Predicate<TokenConfig> fits) {
        byte[] given = token.getBytes(StandardCharsets.UTF_8);
        boolean admitted = false;
        for (TokenConfig each : tokens) {
            // Every token is compared, in constant time, so that answers do not take longer the nearer a guess is.
            boolean same = MessageDigest.isEqual(given, each.token().getBytes(StandardCharsets.UTF_8));
            admitted |= same && fits.test(each);
        }
        return admitted;
    }
}
