package dev.rivulet.tracker.signaling;

import dev.rivulet.protocol.id.KeyId;
import dev.rivulet.protocol.id.SiteId;

/** What signalling has to know of edges' identities. Nothing here blocks. */
public interface EdgeRegister {
    /** Whether an edge of this key is refused. */
    boolean isRevoked(KeyId fingerprint);

    /** Whether an edge of this key is kept out for now. */
    boolean isBanned(KeyId fingerprint);

    /** An edge showed that it has this key, and joined. */
    void met(SiteId site, KeyId fingerprint);
}
