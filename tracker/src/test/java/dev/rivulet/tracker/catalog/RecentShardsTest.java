package dev.rivulet.tracker.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rivulet.protocol.catalog.BlockList;
import dev.rivulet.protocol.catalog.ShardedCatalog;
import dev.rivulet.protocol.id.ShardHash;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

final class RecentShardsTest {
    private final RecentShards shards = new RecentShards();

    @Test
    void shardsAndIndexOfTheNewestHeadAreFound() {
        ShardedCatalog catalog = catalog("/1");

        shards.replace(catalog, BlockList.EMPTY, 0);

        assertThat(shards.find(catalog.root())).contains(catalog.index().encode());
        ShardHash shard = catalog.index().shard(0).orElseThrow();
        assertThat(shards.find(shard)).contains(catalog.shards().get(shard));
        assertThat(shards.find(catalog("/2").root())).isEmpty();
    }

    @Test
    void thoseOfEarlierHeadsAreFoundForAWhile() {
        ShardedCatalog first = catalog("/1");
        shards.replace(first, BlockList.EMPTY, 0);
        shards.replace(catalog("/1", "/2"), BlockList.EMPTY, 1000);

        shards.replace(catalog("/1", "/2", "/3"), BlockList.EMPTY, 1000 + RecentShards.KEEP_MS - 1);
        assertThat(shards.find(first.root())).isPresent();

        shards.replace(catalog("/1", "/2", "/4"), BlockList.EMPTY, 1000 + RecentShards.KEEP_MS);
        assertThat(shards.find(first.root())).isEmpty();
    }

    @Test
    void whatComesBackIsNotForgotten() {
        ShardedCatalog first = catalog("/1");
        shards.replace(first, BlockList.EMPTY, 0);
        shards.replace(catalog("/2"), BlockList.EMPTY, 0);
        shards.replace(first, BlockList.EMPTY, 0);

        shards.replace(first, BlockList.EMPTY, RecentShards.KEEP_MS * 2);

        assertThat(shards.find(first.root())).isPresent();
    }

    private static ShardedCatalog catalog(String... paths) {
        return ShardedCatalog.of(Arrays.stream(paths)
                .map(path -> Entries.put(path, path, 1).entry().entry())
                .toList());
    }
}
