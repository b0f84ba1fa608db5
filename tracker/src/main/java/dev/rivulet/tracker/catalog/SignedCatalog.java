package dev.rivulet.tracker.catalog;

import dev.rivulet.protocol.catalog.CatalogBody;
import java.util.List;
import java.util.stream.Stream;

/**
 * A site's head with what is needed to believe it, and the batches that extend it.
 *
 * @param body as {@code /sites/{site}/catalog} answers it, policy included
 * @param batches JWS texts, to be told in this order after the head
 */
public record SignedCatalog(CatalogBody body, List<String> batches) {
    public SignedCatalog {
        batches = List.copyOf(batches);
    }

    /** The same, extended by another batch. */
    public SignedCatalog withBatch(String jws) {
        return new SignedCatalog(
                body, Stream.concat(batches.stream(), Stream.of(jws)).toList());
    }
}
