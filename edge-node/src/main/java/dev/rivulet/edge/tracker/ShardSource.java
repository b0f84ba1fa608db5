package dev.rivulet.edge.tracker;

import dev.rivulet.edge.thread.RareLog;
import dev.rivulet.protocol.DecodeException;
import dev.rivulet.protocol.Limits;
import dev.rivulet.protocol.catalog.BlockList;
import dev.rivulet.protocol.catalog.Entry;
import dev.rivulet.protocol.catalog.Head;
import dev.rivulet.protocol.catalog.Shard;
import dev.rivulet.protocol.catalog.ShardIndex;
import dev.rivulet.protocol.id.Sha256;
import dev.rivulet.protocol.id.ShardHash;
import dev.rivulet.protocol.id.SiteId;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gets a head's entries: shards already decoded from memory, others from disk, the rest from the tracker. What the disk
 * refuses counts all the same, and is fetched again after a restart. Blocks. One thread at a time.
 */
final class ShardSource {
    private static final Logger log = LoggerFactory.getLogger(ShardSource.class);

    private final SiteId site;
    private final CatalogFiles files;
    private final TrackerHttp http;
    private final ExecutorService fetchers;
    private final RareLog refusals = new RareLog();
    private Map<ShardHash, List<Entry>> decoded = Map.of();

    /** @param fetchers run the requests to the tracker */
    ShardSource(SiteId site, CatalogFiles files, TrackerHttp http, ExecutorService fetchers) {
        this.site = site;
        this.files = files;
        this.http = http;
        this.fetchers = fetchers;
    }

    /** Entries as far as the disk has them; empty when anything is missing there. */
    Optional<List<Entry>> remembered(Head head) {
        Optional<byte[]> index = files.shard(head.root());
        if (index.isEmpty()) {
            return Optional.empty();
        }
        Map<ShardHash, List<Entry>> shards = new HashMap<>();
        try {
            for (ShardHash hash : ShardIndex.decode(head, index.get()).shards()) {
                Optional<byte[]> bytes = files.shard(hash);
                if (bytes.isEmpty()) {
                    return Optional.empty();
                }
                shards.put(hash, Shard.decode(bytes.get()).entries());
            }
        } catch (DecodeException e) {
            return Optional.empty();
        }
        decoded = shards;
        return Optional.of(entries());
    }

    /**
     * All entries of a head, which are remembered from then on in place of those before.
     *
     * @param inlineIndex the index's bytes, null when they came with nothing
     */
    List<Entry> get(Head head, byte @Nullable [] inlineIndex) throws IOException, DecodeException {
        byte[] indexBytes = inlineIndex != null ? inlineIndex : bytes(head.root(), Limits.MAX_INDEX_BYTES);
        ShardIndex index = ShardIndex.decode(head, indexBytes);
        Map<ShardHash, Future<List<Entry>>> under = new HashMap<>();
        for (ShardHash hash : index.shards()) {
            List<Entry> known = decoded.get(hash);
            Callable<List<Entry>> task = known != null ? () -> known : () -> shard(hash);
            under.put(hash, fetchers.submit(task));
        }
        Map<ShardHash, List<Entry>> shards = new HashMap<>();
        for (Map.Entry<ShardHash, Future<List<Entry>>> future : under.entrySet()) {
            shards.put(future.getKey(), join(future.getValue()));
        }
        decoded = shards;
        keep(head.root(), indexBytes);
        return entries();
    }

    /** The block list of a head as far as the disk has it; empty when it is missing there. */
    Optional<BlockList> rememberedBlocks(Head head) {
        if (head.blocked() == null) {
            return Optional.of(BlockList.EMPTY);
        }
        try {
            Optional<byte[]> bytes = files.shard(head.blocked());
            return bytes.isEmpty() ? Optional.empty() : Optional.of(BlockList.decode(bytes.get()));
        } catch (DecodeException e) {
            return Optional.empty();
        }
    }

    /** The block list of a head, which is remembered from then on. */
    BlockList blocks(Head head) throws IOException, DecodeException {
        if (head.blocked() == null) {
            return BlockList.EMPTY;
        }
        byte[] bytes = bytes(head.blocked(), Limits.MAX_BLOCKED_HASHES * Sha256.BYTES);
        keep(head.blocked(), bytes);
        return BlockList.decode(bytes);
    }

    /** Forgets what the disk has of other heads. */
    void tidy(Head head) throws IOException {
        Set<ShardHash> kept = new HashSet<>(decoded.keySet());
        kept.add(head.root());
        if (head.blocked() != null) {
            kept.add(head.blocked());
        }
        files.keepOnly(kept);
    }

    private List<Entry> entries() {
        return decoded.values().stream().flatMap(List::stream).toList();
    }

    private List<Entry> shard(ShardHash hash) throws IOException, DecodeException {
        byte[] bytes = bytes(hash, Limits.MAX_SHARD_BYTES);
        keep(hash, bytes);
        return Shard.decode(bytes).entries();
    }

    private void keep(ShardHash hash, byte[] bytes) {
        try {
            files.saveShard(hash, bytes);
        } catch (IOException e) {
            refusals.next().ifPresent(more -> log.warn("the disk does not keep the catalog: {}{}", e.toString(), more));
        }
    }

    private byte[] bytes(ShardHash hash, int limit) throws IOException {
        Optional<byte[]> saved = files.shard(hash);
        if (saved.isPresent()) {
            return saved.get();
        }
        byte[] bytes = http.get("/sites/" + site + "/shards/" + hash.text(), limit);
        if (!Sha256.of(bytes).equals(hash.hash())) {
            throw new IOException("the tracker sends another shard than " + hash.text());
        }
        return bytes;
    }

    private static List<Entry> join(Future<List<Entry>> future) throws IOException, DecodeException {
        try {
            return future.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof IOException cause) {
                throw cause;
            }
            if (e.getCause() instanceof DecodeException cause) {
                throw cause;
            }
            throw new IllegalStateException(e.getCause());
        }
    }
}
