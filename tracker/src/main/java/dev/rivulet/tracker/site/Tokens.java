package dev.rivulet.tracker.site;

import dev.rivulet.protocol.id.SiteId;
import dev.rivulet.tracker.config.TokenConfig;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;

/** Knows publishers and edges by their secrets. Immutable. */
public final class Tokens {
    private final List<TokenConfig> tokens;

    /** Those that were configured. */
    public Tokens(List<TokenConfig> tokens) {
        this.tokens = List.copyOf(tokens);
    }

    /** Whether the bearer of this token may act in that role for that site. */
    public boolean admit(String token, TokenConfig.Role role, SiteId site) {
        byte[] given = token.getBytes(StandardCharsets.UTF_8);
        boolean admitted = false;
        for (TokenConfig each : tokens) {
            // Every token is compared, in constant time, so that answers do not take longer the nearer a guess is.
            boolean same = MessageDigest.isEqual(given, each.token().getBytes(StandardCharsets.UTF_8));
            admitted |= same && each.role() == role && each.site().equals(site.text());
        }
        return admitted;
    }
}
