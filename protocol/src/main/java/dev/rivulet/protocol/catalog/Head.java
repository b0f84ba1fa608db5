package dev.rivulet.protocol.catalog;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.rivulet.protocol.Check;
import dev.rivulet.protocol.DecodeException;
import dev.rivulet.protocol.Limits;
import dev.rivulet.protocol.id.Sha256;
import dev.rivulet.protocol.id.ShardHash;
import dev.rivulet.protocol.id.SiteId;
import dev.rivulet.protocol.json.Json;
import dev.rivulet.protocol.json.JsonFields;
import org.jspecify.annotations.Nullable;

/**
 * The top of a site's catalog, signed by a delegated key (docs/protocol.md, section 4.1).
 *
 * @param site whose catalog
 * @param epoch raised under the root key when a backup was restored
 * @param sequence counts the heads of an epoch
 * @param issuedAt seconds since 1970
 * @param notAfter seconds since 1970, inclusive
 * @param previous SHA-256 of the previous head's JWS text, null for the first of an epoch
 * @param depth by how many bits of the URL hash the shards are told apart
 * @param root hash of the index of the shards
 * @param blocked hash of the {@link BlockList}; null when nothing is taken down
 */
public record Head(
        SiteId site,
        long epoch,
        long sequence,
        long issuedAt,
        long notAfter,
        @Nullable Sha256 previous,
        int depth,
        ShardHash root,
        @Nullable ShardHash blocked) {

    static final String TYPE = "rivulet-head";

    public Head {
        Check.count("epoch", epoch);
        Check.count("sequence", sequence);
        Check.count("issuedAt", issuedAt);
        Check.count("notAfter", notAfter);
        Check.range("depth", depth, 0, Limits.MAX_SHARD_DEPTH);
    }

    /** A head under which nothing is taken down. */
    public Head(
            SiteId site,
            long epoch,
            long sequence,
            long issuedAt,
            long notAfter,
            @Nullable Sha256 previous,
            int depth,
            ShardHash root) {
        this(site, epoch, sequence, issuedAt, notAfter, previous, depth, root, null);
    }

    static Head decode(JsonFields fields) throws DecodeException {
        return fields.make(() -> new Head(
                fields.value("site", SiteId::parse),
                fields.number("epoch"),
                fields.number("sequence"),
                fields.number("issuedAt"),
                fields.number("notAfter"),
                fields.isNull("previous") ? null : fields.value("previous", Sha256::parse),
                fields.small("depth", Limits.MAX_SHARD_DEPTH),
                fields.value("root", ShardHash::parse),
                fields.optionalValue("blocked", ShardHash::parse)));
    }

    ObjectNode encode() {
        ObjectNode node = Json.object()
                .put("site", site.text())
                .put("epoch", epoch)
                .put("sequence", sequence)
                .put("issuedAt", issuedAt)
                .put("notAfter", notAfter)
                .put("previous", previous == null ? null : previous.text())
                .put("depth", depth)
                .put("root", root.text());
        if (blocked != null) {
            node.put("blocked", blocked.text());
        }
        return node;
    }
}
