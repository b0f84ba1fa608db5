package dev.rivulet.protocol.id;

import dev.rivulet.protocol.DecodeException;

/** The SHA-256 of a shard, or of the index of all shards. */
public record ShardHash(Sha256 hash) implements Comparable<ShardHash> {
    /** Reads the base64url text. */
    public static ShardHash parse(String text) throws DecodeException {
        return new ShardHash(Sha256.parse(text));
    }

    /** The base64url text, 43 characters. */
    public String text() {
        return hash.text();
    }

    @Override
    public int compareTo(ShardHash other) {
        return hash.compareTo(other.hash);
    }

    @Override
    public String toString() {
        return text();
    }
}
