package dev.rivulet.edge.peer;

import dev.rivulet.protocol.id.ShardHash;
import java.util.Optional;

/** The shards and indexes of the catalog that this edge can pass on. */
public interface ShardShelf {
    /** The bytes of a shard or an index, which hash to this; may block on the disk. */
    Optional<byte[]> shard(ShardHash hash);
}
