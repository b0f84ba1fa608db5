package dev.rivulet.tracker.site;

import dev.rivulet.protocol.Check;
import dev.rivulet.protocol.id.KeyId;
import dev.rivulet.protocol.id.Sha256;
import dev.rivulet.protocol.id.SiteId;
import dev.rivulet.tracker.config.TokenConfig.Role;
import org.jspecify.annotations.Nullable;

/**
 * A token that an operator issued while the tracker ran. Its secret is known to whom it was given only.
 *
 * @param id by which it is named
 * @param hash of the secret
 * @param index whether an edge with it is trusted to index
 * @param note the operator's own
 * @param created seconds since 1970
 * @param expires seconds since 1970: when an edge has to have come for the first time, or a publisher's token ends; null:
 *     never
 * @param edge the one that came with it first, and the only one that may come with it again; null as long as none did
 */
public record IssuedToken(
        String id,
        Sha256 hash,
        Role role,
        SiteId site,
        boolean index,
        String note,
        long created,
        @Nullable Long expires,
        @Nullable KeyId edge) {
    /** Longest note, in UTF-16 code units. */
    public static final int MAX_NOTE_CHARS = 500;

    public IssuedToken {
        Check.line("note", note, 0, MAX_NOTE_CHARS);
    }

    /** Bound to an edge. */
    IssuedToken boundTo(KeyId key) {
        return new IssuedToken(id, hash, role, site, index, note, created, expires, key);
    }

    /** Whether its time was over before it was bound. */
    public boolean hasExpired(long nowSeconds) {
        return edge == null && expires != null && nowSeconds > expires;
    }
}
