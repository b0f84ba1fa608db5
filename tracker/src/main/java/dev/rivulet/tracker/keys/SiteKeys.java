package dev.rivulet.tracker.keys;

import dev.rivulet.protocol.Limits;
import dev.rivulet.protocol.catalog.Batch;
import dev.rivulet.protocol.catalog.Delegation;
import dev.rivulet.protocol.catalog.Head;
import dev.rivulet.protocol.catalog.PublicKey;
import dev.rivulet.protocol.catalog.SigningKey;
import dev.rivulet.protocol.id.SiteId;
import java.util.List;

/** One site's root key and the online key that it delegates to. Immutable. */
public final class SiteKeys {
    /** For how long a delegation is valid, in seconds: it is signed anew with every head. */
    static final long DELEGATION_SECONDS = 90L * 24 * 3600;

    private final SiteId site;
    private final SigningKey root;
    private final SigningKey online;

    SiteKeys(SiteId site, SigningKey root, SigningKey online) {
        this.site = site;
        this.root = root;
        this.online = online;
    }

    /** What pages pin, by its key id. */
    public PublicKey rootKey() {
        return root.publicKey();
    }

    /** The root key's word that the online key may sign up to {@code epoch}, from now on. */
    public List<String> delegations(long epoch, long nowSeconds) {
        // A visitor whose clock is behind within the tolerated skew has to find it valid too.
        long notBefore = Math.max(0, nowSeconds - Limits.CLOCK_SKEW_SECONDS);
        return List.of(root.sign(new Delegation(
                site, online.publicKey(), Delegation.Role.TRACKER, epoch, notBefore, nowSeconds + DELEGATION_SECONDS)));
    }

    /** The JWS of a head. */
    public String sign(Head head) {
        return online.sign(head);
    }

    /** The JWS of a batch; see {@link SigningKey#sign(Batch)} for what is too long. */
    public String sign(Batch batch) {
        return online.sign(batch);
    }
}
