package dev.rivulet.edge.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rivulet.protocol.id.ContentId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What stays in a store that is asked for twice as much as it holds. */
final class EvictionTest {
    private static final int SLOTS = 200;
    private static final int REQUESTS = 20_000;
    private static final int BYTES = 100;

    @TempDir
    Path root;

    private final List<TestContent> some = contents(0);
    private final List<TestContent> others = contents(SLOTS);
    private final Set<ContentId> rare = some.stream().map(TestContent::id).collect(Collectors.toSet());

    @Test
    void ofWhatIsAskedForAsOftenWhatFewHoldStays() throws IOException {
        try (DiskPieceStore store = storeWorth(4)) {
            ask(store, random -> (random.nextBoolean() ? some : others).get(random.nextInt(SLOTS)));

            assertThat(3 * held(store, some)).isGreaterThan(4 * held(store, others));
        }
    }

    @Test
    void whatIsAskedForOftenEnoughStaysHoweverManyHoldIt() throws IOException {
        try (DiskPieceStore store = storeWorth(4)) {
            ask(store, random -> (random.nextInt(20) == 0 ? some : others).get(random.nextInt(SLOTS)));

            assertThat(held(store, others)).isGreaterThan(2 * held(store, some));
        }
    }

    @Test
    void withoutAnyKnowledgeNobodyIsPreferred() throws IOException {
        try (DiskPieceStore store = storeWorth(1)) {
            ask(store, random -> (random.nextBoolean() ? some : others).get(random.nextInt(SLOTS)));

            assertThat(held(store, some)).isBetween(held(store, others) / 2, 2 * held(store, others));
        }
    }

    private DiskPieceStore storeWorth(int uses) throws IOException {
        return DiskPieceStore.open(
                new NioDisk(), root, DiskPieceStore.MIN_BYTES, SLOTS, content -> rare.contains(content) ? uses : 1);
    }

    /** Fetches what it is asked for and does not hold, as an edge does. */
    private static void ask(DiskPieceStore store, Function<Random, TestContent> choice) {
        Random random = new Random(1);
        for (int request = 0; request < REQUESTS; request++) {
            TestContent content = choice.apply(random);
            if (store.read(content.id(), 0) == null) {
                content.into(store);
            }
        }
    }

    private static long held(DiskPieceStore store, List<TestContent> contents) {
        return contents.stream().filter(content -> store.has(content.id(), 0)).count();
    }

    private static List<TestContent> contents(int firstSeed) {
        return IntStream.range(firstSeed, firstSeed + SLOTS)
                .mapToObj(seed -> TestContent.of(seed, BYTES))
                .toList();
    }
}
