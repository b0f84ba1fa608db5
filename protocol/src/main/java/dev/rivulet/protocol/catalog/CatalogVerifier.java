package dev.rivulet.protocol.catalog;

import dev.rivulet.protocol.Limits;
import dev.rivulet.protocol.id.KeyId;
import dev.rivulet.protocol.id.SiteId;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Decides which heads and batches of a site to believe (docs/protocol.md, section 4.1). It starts with the root key that
 * was pinned, or trusts the first one it meets, and never goes back. Not thread-safe.
 */
public final class CatalogVerifier {
    private final SiteId site;
    private @Nullable KeyId pinned;
    private @Nullable PublicKey rootKey;
    private List<SignedDelegation> delegations = List.of();
    private @Nullable Held held;

    /**
     * What survives restarts, so that nothing goes back: the last head taken.
     *
     * @param text of the head
     * @param batch number of the last batch taken of that head, 0 when there was none
     */
    public record Held(long epoch, long sequence, String text, long batch) {}

    /** What became of a batch. */
    public sealed interface BatchResult {
        /** It extends the head held. */
        record Taken(Batch batch) implements BatchResult {}

        /** It, or a later one of the same head, was taken before. */
        record Known() implements BatchResult {}

        /** It extends a later head than the one held, which has to be fetched. */
        record Ahead(long epoch, long sequence) implements BatchResult {}
    }

    private record SignedDelegation(KeyId kid, Delegation delegation) {}

    /**
     * A verifier of one site.
     *
     * @param pinned id of the root key; null to trust the first one
     * @param held the last head taken before a restart; null when there is none
     */
    public CatalogVerifier(SiteId site, @Nullable KeyId pinned, @Nullable Held held) {
        this.site = site;
        this.pinned = pinned;
        this.held = held;
    }

    /** The root key's id once known, to be remembered across restarts. */
    public Optional<KeyId> pinned() {
        return Optional.ofNullable(pinned);
    }

    /** The last head taken, to be remembered across restarts. */
    public Optional<Held> held() {
        return Optional.ofNullable(held);
    }

    /**
     * Replaces the delegations by those of {@code texts} that the root key signed for this site. Others are left out:
     * heads and batches that need them fail with {@link CatalogError#DELEGATION}. They expire when used, not here.
     */
    public void delegations(PublicKey namedRootKey, List<String> texts) throws CatalogException {
        KeyId id = namedRootKey.keyId();
        if (pinned != null && !pinned.equals(id)) {
            throw new CatalogException(CatalogError.ROOT_KEY, id + " is not the pinned root key");
        }
        pinned = id;
        rootKey = namedRootKey;
        delegations = texts.stream()
                .limit(Limits.MAX_DELEGATIONS)
                .flatMap(text -> delegation(namedRootKey, text).stream())
                .toList();
    }

    private Optional<SignedDelegation> delegation(PublicKey root, String text) {
        try {
            Jws jws = Jws.parse(Delegation.TYPE, text);
            Delegation delegation = jws.payload(Delegation::decode);
            boolean valid = jws.kid().equals(root.keyId()) && delegation.site().equals(site) && jws.isSignedBy(root);
            return valid ? Optional.of(new SignedDelegation(delegation.key().keyId(), delegation)) : Optional.empty();
        } catch (CatalogException e) {
            // A delegation of a newer kind must not hide the ones that we understand.
            return Optional.empty();
        }
    }

    /** Takes a head; empty when it is the one already held. */
    public Optional<Head> head(String text, long nowSeconds) throws CatalogException {
        Jws jws = Jws.parse(Head.TYPE, text);
        Head head = jws.payload(Head::decode);
        checkSignature(jws, head.epoch(), nowSeconds);
        checkStatement(head.site(), head.issuedAt(), head.notAfter(), nowSeconds);
        if (held != null) {
            int order = compare(head.epoch(), head.sequence(), held);
            if (order == 0 && text.equals(held.text())) {
                return Optional.empty();
            }
            if (order <= 0) {
                throw new CatalogException(
                        CatalogError.ROLLBACK, "head " + head.epoch() + "." + head.sequence() + " is not newer");
            }
        }
        held = new Held(head.epoch(), head.sequence(), text, 0);
        return Optional.of(head);
    }

    /** Takes a batch. */
    public BatchResult batch(String text, long nowSeconds) throws CatalogException {
        Jws jws = Jws.parse(Batch.TYPE, text);
        Batch batch = jws.payload(Batch::decode);
        checkSignature(jws, batch.epoch(), nowSeconds);
        checkStatement(batch.site(), batch.issuedAt(), batch.notAfter(), nowSeconds);
        Held current = held;
        if (current == null || compare(batch.epoch(), batch.sequence(), current) > 0) {
            return new BatchResult.Ahead(batch.epoch(), batch.sequence());
        }
        if (compare(batch.epoch(), batch.sequence(), current) < 0) {
            throw new CatalogException(CatalogError.ROLLBACK, "a batch of head " + batch.sequence());
        }
        if (batch.batch() <= current.batch()) {
            return new BatchResult.Known();
        }
        held = new Held(current.epoch(), current.sequence(), current.text(), batch.batch());
        return new BatchResult.Taken(batch);
    }

    private void checkSignature(Jws jws, long epoch, long nowSeconds) throws CatalogException {
        if (rootKey == null) {
            throw new CatalogException(CatalogError.DELEGATION, "no root key yet");
        }
        PublicKey key = delegations.stream()
                .filter(signed ->
                        signed.kid().equals(jws.kid()) && signed.delegation().covers(epoch, nowSeconds))
                .map(signed -> signed.delegation().key())
                .findFirst()
                .orElseThrow(() -> new CatalogException(CatalogError.DELEGATION, "none for " + jws.kid()));
        if (!jws.isSignedBy(key)) {
            throw new CatalogException(CatalogError.SIGNATURE, "does not verify");
        }
    }

    private void checkStatement(SiteId of, long issuedAt, long notAfter, long nowSeconds) throws CatalogException {
        if (!of.equals(site)) {
            throw new CatalogException(CatalogError.SITE, "of " + of);
        }
        if (issuedAt - nowSeconds > Limits.CLOCK_SKEW_SECONDS) {
            throw new CatalogException(CatalogError.NOT_YET, "issued at " + issuedAt);
        }
        if (nowSeconds > notAfter) {
            throw new CatalogException(CatalogError.EXPIRED, "at " + notAfter);
        }
    }

    private static int compare(long epoch, long sequence, Held held) {
        int order = Long.compare(epoch, held.epoch());
        return order != 0 ? order : Long.compare(sequence, held.sequence());
    }
}
