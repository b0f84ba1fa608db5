package dev.rivulet.tracker.signaling;

import dev.rivulet.protocol.id.KeyId;
import dev.rivulet.protocol.id.PeerId;
import dev.rivulet.protocol.message.Role;
import org.jspecify.annotations.Nullable;

/** Who has joined a site, with a connection or, for a while, without. Guarded by its room. */
final class Peer {
    final PeerId id;
    final Role role;
    /** An edge's fingerprint; null for pages, and for edges of whom none is wanted. */
    final @Nullable KeyId identity;

    String resume;

    @Nullable
    Session session;

    long lostAtMs;

    /** As it said last. */
    String agent = "";

    long joinedAtMs;
    /** Whether an edge was found, since it connected, where it says that it serves over HTTP. */
    boolean reached;
    /** Whether it may index for the tracker. */
    boolean indexes;

    Peer(PeerId id, Role role, @Nullable KeyId identity, String resume, Session session) {
        this.id = id;
        this.role = role;
        this.identity = identity;
        this.resume = resume;
        this.session = session;
    }
}
