package dev.rivulet.protocol.catalog;

import dev.rivulet.protocol.DecodeException;
import dev.rivulet.protocol.Limits;
import dev.rivulet.protocol.id.Sha256;
import dev.rivulet.protocol.id.ShardHash;
import dev.rivulet.protocol.id.UrlHash;
import java.nio.ByteBuffer;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/** The hashes of a catalog's 2^depth shards, in order (docs/protocol.md, section 4.2). Immutable. */
public final class ShardIndex {
    private final int depth;
    private final byte[] bytes;

    ShardIndex(int depth, byte[] bytes) {
        this.depth = depth;
        this.bytes = bytes;
    }

    /** Reads the index that a head names, refusing any other. */
    public static ShardIndex decode(Head head, byte[] bytes) throws DecodeException {
        if (bytes.length != bytesOf(head.depth())) {
            throw new DecodeException("index", bytes.length + " bytes at depth " + head.depth());
        }
        if (!Sha256.of(bytes).equals(head.root().hash())) {
            throw new DecodeException("index", "not the one of the head");
        }
        return new ShardIndex(head.depth(), bytes.clone());
    }

    /** Bytes of an index; {@code depth} is 0 to {@value Limits#MAX_SHARD_DEPTH}. */
    public static int bytesOf(int depth) {
        return Sha256.BYTES << depth;
    }

    /** By how many bits of the URL hash the shards are told apart. */
    public int depth() {
        return depth;
    }

    /** The canonical bytes, a new array. */
    public byte[] encode() {
        return bytes.clone();
    }

    /** The hash that a head names. */
    public ShardHash root() {
        return new ShardHash(Sha256.of(bytes));
    }

    /** The shard that holds the entry of a URL, if there is one; empty when that shard has no entries. */
    public Optional<ShardHash> shardOf(UrlHash url) {
        return shard(url.hash().prefix(depth));
    }

    /** The shard of that number, 0 to 2^depth - 1; empty when it has no entries. */
    public Optional<ShardHash> shard(int number) {
        Sha256 hash = Sha256.read(ByteBuffer.wrap(bytes, number * Sha256.BYTES, Sha256.BYTES));
        return hash.equals(Sha256.ZERO) ? Optional.empty() : Optional.of(new ShardHash(hash));
    }

    /** All shards that have entries. */
    public Set<ShardHash> shards() {
        Set<ShardHash> shards = new LinkedHashSet<>();
        for (int number = 0; number < 1 << depth; number++) {
            shard(number).ifPresent(shards::add);
        }
        return shards;
    }
}
