package dev.rivulet.tracker.catalog;

import dev.rivulet.protocol.catalog.BlockList;
import dev.rivulet.protocol.catalog.ShardedCatalog;
import dev.rivulet.protocol.id.ShardHash;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The shards, the index and the block list of the newest head, and those of earlier heads for as long as visitors may still be fetching
 * them. Not thread-safe.
 */
public final class RecentShards {
    /** For how long what only earlier heads name is kept, in milliseconds, */
    public static final long KEEP_MS = 600_000;
    /** and how much of it at most, in bytes; the oldest goes first. */
    public static final long MAX_OLD_BYTES = 64L * 1024 * 1024;

    private Map<ShardHash, byte[]> newest = Map.of();
    private final Map<ShardHash, Old> old = new LinkedHashMap<>();
    private long oldBytes;

    private static final class Old {
        private final byte[] bytes;
        private final long retiredMs;

        Old(byte[] bytes, long retiredMs) {
            this.bytes = bytes;
            this.retiredMs = retiredMs;
        }
    }

    /** {@code catalog}, with the block list that its head names, is the newest from now on. */
    public void replace(ShardedCatalog catalog, BlockList blocked, long nowMs) {
        Map<ShardHash, byte[]> next = new HashMap<>(catalog.shards());
        next.put(catalog.root(), catalog.index().encode());
        blocked.name().ifPresent(name -> next.put(name, blocked.encode()));
        next.keySet().forEach(this::forget);
        newest.forEach((hash, bytes) -> {
            if (!next.containsKey(hash)) {
                old.put(hash, new Old(bytes, nowMs));
                oldBytes += bytes.length;
            }
        });
        newest = next;
        expire(nowMs);
    }

    /** The bytes of a shard or an index; not to be written to. */
    public Optional<byte[]> find(ShardHash hash) {
        byte[] bytes = newest.get(hash);
        if (bytes != null) {
            return Optional.of(bytes);
        }
        return Optional.ofNullable(old.get(hash)).map(shard -> shard.bytes);
    }

    private void expire(long nowMs) {
        Iterator<Old> oldestFirst = old.values().iterator();
        while (oldestFirst.hasNext()) {
            Old shard = oldestFirst.next();
            if (nowMs - shard.retiredMs < KEEP_MS && oldBytes <= MAX_OLD_BYTES) {
                return;
            }
            oldestFirst.remove();
            oldBytes -= shard.bytes.length;
        }
    }

    private void forget(ShardHash hash) {
        Old shard = old.remove(hash);
        if (shard != null) {
            oldBytes -= shard.bytes.length;
        }
    }
}
