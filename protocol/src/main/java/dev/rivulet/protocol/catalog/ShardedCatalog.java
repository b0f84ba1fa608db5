package dev.rivulet.protocol.catalog;

import dev.rivulet.protocol.Limits;
import dev.rivulet.protocol.id.Sha256;
import dev.rivulet.protocol.id.ShardHash;
import dev.rivulet.protocol.id.UrlHash;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A site's entries cut into shards: the same entries always give the same bytes (docs/protocol.md, section 4.2).
 *
 * <p>The depth is the smallest at which every shard fits into {@value Limits#MAX_SHARD_BYTES} bytes, so that a catalog
 * needs as few fetches as it can, and a changed entry changes one shard and the index.
 */
public final class ShardedCatalog {
    private final ShardIndex index;
    private final Map<ShardHash, byte[]> shards;

    private ShardedCatalog(ShardIndex index, Map<ShardHash, byte[]> shards) {
        this.index = index;
        this.shards = Collections.unmodifiableMap(shards);
    }

    /**
     * Cuts the entries, in any order.
     *
     * @throws IllegalArgumentException when two entries have the same URL, one is larger than
     *     {@value Limits#MAX_ENTRY_BYTES} bytes, or they do not fit at depth {@value Limits#MAX_SHARD_DEPTH}
     */
    public static ShardedCatalog of(Collection<Entry> entries) {
        List<Entry> sorted = sorted(entries);
        for (int depth = 0; depth <= Limits.MAX_SHARD_DEPTH; depth++) {
            ShardedCatalog catalog = atDepth(depth, sorted);
            if (catalog != null) {
                return catalog;
            }
        }
        throw new IllegalArgumentException(entries.size() + " entries do not fit into shards");
    }

    private static List<Entry> sorted(Collection<Entry> entries) {
        TreeMap<UrlHash, Entry> sorted = new TreeMap<>();
        for (Entry entry : entries) {
            if (entry.encodedBytes() > Limits.MAX_ENTRY_BYTES) {
                throw new IllegalArgumentException("the entry of " + entry.url() + " is too large");
            }
            if (sorted.put(entry.url(), entry) != null) {
                throw new IllegalArgumentException("two entries of " + entry.url());
            }
        }
        return List.copyOf(sorted.values());
    }

    private static @Nullable ShardedCatalog atDepth(int depth, List<Entry> sorted) {
        ByteBuffer hashes = ByteBuffer.allocate(ShardIndex.bytesOf(depth));
        Map<ShardHash, byte[]> shards = new LinkedHashMap<>();
        int next = 0;
        for (int number = 0; number < 1 << depth; number++) {
            List<Entry> members = new ArrayList<>();
            while (next < sorted.size() && sorted.get(next).url().hash().prefix(depth) == number) {
                members.add(sorted.get(next++));
            }
            if (members.isEmpty()) {
                Sha256.ZERO.write(hashes);
                continue;
            }
            byte[] bytes = Shard.encode(members);
            if (bytes.length > Limits.MAX_SHARD_BYTES) {
                return null;
            }
            ShardHash hash = new ShardHash(Sha256.of(bytes));
            hash.hash().write(hashes);
            shards.put(hash, bytes);
        }
        return new ShardedCatalog(new ShardIndex(depth, hashes.array()), shards);
    }

    /** By how many bits of the URL hash the shards are told apart. */
    public int depth() {
        return index.depth();
    }

    /** The hashes of the shards. */
    public ShardIndex index() {
        return index;
    }

    /** The hash of the index, which a head names. */
    public ShardHash root() {
        return index.root();
    }

    /** The bytes of every shard that has entries, by hash; not to be written to. */
    public Map<ShardHash, byte[]> shards() {
        return shards;
    }

    /** The shard that would hold the entry of a URL; empty when that shard has no entries. */
    public Optional<ShardHash> shardOf(UrlHash url) {
        return index.shardOf(url);
    }
}
