package dev.rivulet.edge.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rivulet.edge.store.FaultyDisk.Operation;
import dev.rivulet.protocol.id.ContentId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class DiskPieceStoreTest extends PieceStoreContract {
    private static final long MAX_BYTES = StoreDirectory.MAX_BYTES;
    private static final int PIECE = 262_144;

    private final StoreDirectory directory;

    DiskPieceStoreTest(@TempDir Path root) {
        directory = new StoreDirectory(root);
    }

    @Override
    DiskPieceStore newStore() throws IOException {
        return directory.open();
    }

    @AfterEach
    void checkInvariants() throws IOException {
        directory.checkInvariants();
    }

    @Test
    void theIndexGetsHalfOfWhatPiecesOnTheirWayLeaveOfTheHeap() {
        long heap = 256L << 20;

        assertThat(DiskPieceStore.maxPieces(heap, 96L << 20)).isEqualTo((80L << 20) / DiskPieceStore.MEMORY_PER_PIECE);
        assertThat(DiskPieceStore.maxPieces(heap, 24L << 20)).isEqualTo((116L << 20) / DiskPieceStore.MEMORY_PER_PIECE);
        assertThat(DiskPieceStore.maxPieces(heap, heap)).isEqualTo((64L << 20) / DiskPieceStore.MEMORY_PER_PIECE);
    }

    @Test
    void whatIsBlockedIsOverwrittenOnTheDisk() throws IOException {
        TestContent blocked = TestContent.of(1, PIECE + 100);
        TestContent kept = TestContent.of(2, PIECE + 100);
        DiskPieceStore store = newStore();
        blocked.into(store);
        kept.into(store);
        assertThat(directory.has(blocked.piece(1))).isTrue();

        store.refuse(blocked.id()::equals);

        assertThat(directory.has(blocked.piece(0))).isFalse();
        assertThat(directory.has(blocked.piece(1))).isFalse();
        assertThat(directory.has(kept.piece(1))).isTrue();
        assertThat(directory.reopen().contents()).containsExactly(kept.id());
    }

    @Test
    void whatTheDiskRefusedToOverwriteIsOverwrittenLaterAndItsRoomUsedAgain() throws IOException {
        TestContent blocked = TestContent.of(1, PIECE + 100);
        DiskPieceStore store = newStore();
        blocked.into(store);
        directory.disk.breakDown(Operation.WRITE);

        assertThat(store.refuse(blocked.id()::equals)).isFalse();
        assertThat(store.contents()).isEmpty();
        assertThat(store.read(blocked.id(), 0)).isNull();
        directory.disk.repair();

        assertThat(store.refuse(blocked.id()::equals)).isTrue();
        assertThat(directory.has(blocked.piece(0))).isFalse();
        assertThat(directory.has(blocked.piece(1))).isFalse();
        assertThat(store.heldBytes()).isZero();
    }

    @Test
    void whatWasHeldIsHeldAfterARestart() throws IOException {
        TestContent content = TestContent.of(1, 3 * PIECE);
        TestContent small = TestContent.of(2, 100);
        DiskPieceStore before = newStore();
        content.into(before);
        small.into(before);

        DiskPieceStore store = directory.reopen();

        assertThat(store.held(content.id())).isEqualTo(bits(0, 1, 2));
        assertThat(store.read(content.id(), 2)).isEqualTo(content.piece(2));
        assertThat(store.layout(content.id())).contains(content.layout());
        assertThat(store.read(small.id(), 0)).isEqualTo(small.piece(0));
        assertThat(store.layout(small.id())).contains(small.layout());
    }

    @Test
    void aStartReadsTheIndexAloneInAFewReadsHoweverMuchIsHeld() throws IOException {
        DiskPieceStore first = newStore();
        for (int seed = 0; seed < 1000; seed++) {
            TestContent.of(seed, 100).into(first);
        }
        first.close();
        int readsBefore = directory.disk.calls(Operation.READ);
        int listsBefore = directory.disk.calls(Operation.LIST);

        DiskPieceStore store = newStore();

        assertThat(store.contents()).hasSize(1000);
        assertThat(directory.disk.calls(Operation.READ) - readsBefore).isEqualTo(2);
        assertThat(directory.disk.calls(Operation.LIST) - listsBefore)
                .as("the root")
                .isEqualTo(1);
    }

    @Test
    void aContentOfWhichSomePiecesWereStoredGoesOnFromThere() throws IOException {
        TestContent content = TestContent.of(1, 4 * PIECE);
        DiskPieceStore before = newStore();
        before.write(content.layout(), 0, content.piece(0));
        before.write(content.layout(), 2, content.piece(2));

        DiskPieceStore store = directory.reopen();

        assertThat(store.held(content.id())).isEqualTo(bits(0, 2));
        store.write(content.layout(), 1, content.piece(1));
        assertThat(directory.reopen().held(content.id())).isEqualTo(bits(0, 1, 2));
    }

    @ParameterizedTest
    @CsvSource({"0, 1", "131072, 255", "262143, 128"})
    void aDamagedPieceIsDroppedNotServedAndCanBeWrittenAgain(int position, int flip) throws IOException {
        TestContent content = TestContent.of(1, 2 * PIECE);
        DiskPieceStore store = newStore();
        content.into(store);
        directory.damage(content.piece(0), position, flip);

        assertThat(store.read(content.id(), 0)).isNull();
        assertThat(store.held(content.id())).isEqualTo(bits(1));
        assertThat(store.write(content.layout(), 0, content.piece(0))).isTrue();
        assertThat(store.read(content.id(), 0)).isEqualTo(content.piece(0));
    }

    @Test
    void aDamagedOnlyPieceIsDroppedNotServed() throws IOException {
        TestContent content = TestContent.of(1, 5000);
        DiskPieceStore store = newStore();
        content.into(store);
        directory.damage(content.piece(0), 4321, 1);

        assertThat(store.layout(content.id())).isEmpty();
        assertThat(store.has(content.id(), 0)).isFalse();
        assertThat(store.read(content.id(), 0)).isNull();
    }

    @Test
    void aPieceCutShortIsDroppedNotServed() throws IOException {
        TestContent content = TestContent.of(1, 2 * PIECE);
        content.into(newStore());
        try (var file = Files.newByteChannel(directory.data(), StandardOpenOption.WRITE)) {
            file.truncate(file.size() - 1);
        }

        DiskPieceStore store = directory.reopen();

        assertThat(store.read(content.id(), 1)).isNull();
        assertThat(store.held(content.id())).isEqualTo(bits(0));
    }

    @Test
    void aDamagedLayoutTakesItsPiecesAlong() throws IOException {
        TestContent content = TestContent.of(1, 2 * PIECE);
        content.into(newStore());
        directory.damage(ByteBuffer.wrap(content.layout().encode()), 20, 1);

        DiskPieceStore store = directory.reopen();

        assertThat(store.read(content.id(), 0)).isNull();
        assertThat(store.contents()).isEmpty();
        assertThat(store.heldBytes()).isZero();
    }

    @Test
    void aDamagedRowOfTheIndexCostsWhatItTellsOf() throws IOException {
        TestContent content = TestContent.of(1, 2 * PIECE);
        content.into(newStore());
        directory.damageIndex(3 * Row.BYTES);

        DiskPieceStore store = directory.reopen();

        assertThat(store.held(content.id())).isEqualTo(bits(0));
        assertThat(store.read(content.id(), 0)).isEqualTo(content.piece(0));
    }

    @Test
    void piecesWithoutALayoutAreDroppedAtStart() throws IOException {
        TestContent content = TestContent.of(1, 2 * PIECE);
        content.into(newStore());
        directory.damageIndex(Row.BYTES);

        DiskPieceStore store = directory.reopen();

        assertThat(store.contents()).isEmpty();
        assertThat(store.heldBytes()).isZero();
    }

    @Test
    void anIndexOfAnotherFormatIsNotBelieved() throws IOException {
        TestContent content = TestContent.of(1, 2 * PIECE);
        content.into(newStore());
        directory.damageIndex(0);

        DiskPieceStore store = directory.reopen();

        assertThat(store.contents()).isEmpty();
        content.into(store);
        assertThat(directory.reopen().held(content.id())).isEqualTo(bits(0, 1));
    }

    @Test
    void scrubbingFindsWhatIsDamagedBeforeAnybodyAsks() throws IOException {
        TestContent content = TestContent.of(1, 3 * PIECE);
        TestContent small = TestContent.of(2, 5000);
        DiskPieceStore store = newStore();
        content.into(store);
        small.into(store);
        List<String> dropped = new ArrayList<>();
        store.listen(new PieceStore.Listener() {
            @Override
            public void added(ContentId id, int index) {}

            @Override
            public void dropped(ContentId id, int index) {
                dropped.add((id.equals(small.id()) ? "small " : "large ") + index);
            }
        });
        directory.damage(content.piece(1), 77, 1);
        directory.damage(small.piece(0), 0, 1);

        long pass = 0;
        for (long read = PIECE; read >= PIECE; pass += read) {
            read = store.scrub(PIECE);
        }

        assertThat(dropped).containsExactlyInAnyOrder("large 1", "small 0");
        assertThat(store.held(content.id())).isEqualTo(bits(0, 2));
        assertThat(pass).as("bytes read").isBetween(3L * PIECE, 4L * PIECE);
        assertThat(store.scrub(10 * PIECE)).as("and once more").isBetween(2L * PIECE, 3L * PIECE);
    }

    @Test
    void manySmallPiecesNeverTakeMoreMemoryThanAllowed() throws IOException {
        int most = 50;
        DiskPieceStore store = directory.open(most);

        for (int seed = 0; seed < 4 * most; seed++) {
            TestContent.of(seed, 100).into(store);
        }

        assertThat(store.contents()).hasSizeBetween(most / 2, most);
    }

    @Test
    void ofMoreThanThereIsMemoryForTheNewestAreKeptAndTheRestIsFree() throws IOException {
        int most = 10;
        List<TestContent> contents = IntStream.range(0, 4 * most)
                .mapToObj(seed -> TestContent.of(seed, 100))
                .toList();
        DiskPieceStore all = newStore();
        contents.forEach(each -> each.into(all));
        all.close();

        DiskPieceStore few = DiskPieceStore.open(directory.disk, directory.root, MAX_BYTES, most, content -> 1);
        ContentId[] newest =
                contents.stream().skip(3L * most).map(TestContent::id).toArray(ContentId[]::new);
        assertThat(few.contents()).containsExactlyInAnyOrder(newest);
        assertThat(few.heldBytes()).isEqualTo((long) most * StoreFiles.BLOCK_BYTES);
        few.close();

        assertThat(newStore().contents()).as("with memory for all").containsExactlyInAnyOrder(newest);
    }

    @Test
    void filesOfOthersAreLeftAlone() throws IOException {
        newStore();
        Path foreign = directory.root.resolve("README");
        Files.writeString(foreign, "hello");

        directory.reopen();

        assertThat(foreign).exists();
    }

    @Test
    void theBoundHoldsAtEveryMomentWhateverIsWritten() throws IOException {
        DiskPieceStore store = newStore();

        for (int seed = 0; seed < 60; seed++) {
            TestContent content = TestContent.of(seed, seed % 3 == 0 ? 5 * PIECE : 1000 + seed);
            for (int index = 0; index < content.pieces(); index++) {
                store.write(content.layout(), index, content.piece(index));
                assertThat(directory.usage()).isLessThanOrEqualTo(MAX_BYTES);
            }
        }

        assertThat(directory.usage()).as("and the room is used").isGreaterThan(MAX_BYTES * 3 / 4);
        assertThat(store.heldBytes()).isGreaterThan(MAX_BYTES * 3 / 4);
    }

    @Test
    void aSmallerBoundIsReachedAtStart() throws IOException {
        DiskPieceStore large = DiskPieceStore.open(directory.disk, directory.root, 4 * MAX_BYTES);
        TestContent content = TestContent.of(1, 200 * PIECE);
        content.into(large);
        large.close();

        DiskPieceStore store = newStore();

        assertThat(directory.usage()).isLessThanOrEqualTo(MAX_BYTES);
        assertThat(store.held(content.id()).cardinality()).isBetween(10, 64);
    }

    @Test
    void whatIsEvictedIsHeardOf() throws IOException {
        DiskPieceStore store = newStore();
        List<String> dropped = new ArrayList<>();
        List<String> added = new ArrayList<>();
        store.listen(new PieceStore.Listener() {
            @Override
            public void added(ContentId content, int index) {
                added.add(content.text() + index);
            }

            @Override
            public void dropped(ContentId content, int index) {
                dropped.add(content.text() + index);
            }
        });

        for (int seed = 0; seed < 40; seed++) {
            TestContent.of(seed, 4 * PIECE).into(store);
        }

        long held = store.contents().stream()
                .mapToLong(content -> store.held(content).cardinality())
                .sum();
        assertThat(dropped).isNotEmpty().isSubsetOf(added);
        assertThat((long) added.size() - dropped.size()).isEqualTo(held);
    }

    @ParameterizedTest
    @CsvSource({"WRITE, 1", "WRITE, 2", "WRITE, 3", "WRITE, 4", "WRITE, 5", "WRITE, 6"})
    void aFailingDiskCostsOnlyWhatItFailed(Operation operation, int n) throws IOException {
        TestContent content = TestContent.of(1, 2 * PIECE);
        DiskPieceStore store = newStore();
        directory.disk.failAt(operation, n);

        boolean first = store.write(content.layout(), 0, content.piece(0));
        boolean second = store.write(content.layout(), 1, content.piece(1));

        assertThat(store.failures()).isEqualTo(1);
        assertThat(first && second).isFalse();
        assertThat(store.has(content.id(), 0)).isEqualTo(first);
        assertThat(store.has(content.id(), 1)).isEqualTo(second);
        content.into(store);
        assertThat(store.read(content.id(), 0)).isEqualTo(content.piece(0));
        assertThat(directory.reopen().read(content.id(), 1)).isEqualTo(content.piece(1));
    }

    @Test
    void afterAFailedWriteARestartFindsNoHalfPiece() throws IOException {
        TestContent content = TestContent.of(1, 2 * PIECE);
        DiskPieceStore store = newStore();
        store.write(content.layout(), 0, content.piece(0));
        directory.disk.breakDown(Operation.WRITE);
        store.write(content.layout(), 1, content.piece(1));
        directory.disk.repair();

        DiskPieceStore again = directory.reopen();

        assertThat(again.held(content.id())).isEqualTo(bits(0));
    }

    @Test
    void onADiskThatTakesNothingWhatIsHeldMakesNoRoom() throws IOException {
        DiskPieceStore store = newStore();
        for (int seed = 1; seed <= 80; seed++) {
            TestContent.of(seed, PIECE).into(store);
        }
        int held = store.contents().size();
        directory.disk.breakDown(Operation.WRITE);

        for (int seed = 101; seed <= 140; seed++) {
            TestContent next = TestContent.of(seed, PIECE);
            assertThat(store.write(next.layout(), 0, next.piece(0))).isFalse();
        }

        assertThat(store.isFailing()).isTrue();
        assertThat(store.contents().size())
                .as("the first one made room before it was known")
                .isGreaterThanOrEqualTo(held - 2);
        directory.disk.repair();
        TestContent last = TestContent.of(200, PIECE);
        assertThat(store.write(last.layout(), 0, last.piece(0))).isTrue();
        assertThat(store.isFailing()).isFalse();
    }

    @Test
    void aPieceThatCannotBeReadIsNotHeldAnyMore() throws IOException {
        TestContent content = TestContent.of(1, PIECE);
        DiskPieceStore store = newStore();
        content.into(store);
        directory.disk.failAt(Operation.READ, 1);

        assertThat(store.read(content.id(), 0)).isNull();
        assertThat(store.has(content.id(), 0)).isFalse();
        assertThat(store.failures()).isEqualTo(1);
    }

    @Test
    void whatCannotBeNotedAsDroppedDoesNoHarm() throws IOException {
        DiskPieceStore store = newStore();
        TestContent old = TestContent.of(1, 2 * PIECE);
        TestContent next = TestContent.of(2, 2 * PIECE);
        old.into(store);
        directory.damage(old.piece(0), 5, 1);
        directory.disk.breakDown(Operation.WRITE);
        assertThat(store.read(old.id(), 0)).isNull();
        directory.disk.repair();
        next.into(store);

        DiskPieceStore again = directory.reopen();

        assertThat(again.read(old.id(), 0)).isNull();
        assertThat(again.read(old.id(), 1)).isEqualTo(old.piece(1));
        assertThat(again.read(next.id(), 0)).isEqualTo(next.piece(0));
        assertThat(again.read(next.id(), 1)).isEqualTo(next.piece(1));
    }

    @Test
    void anInterruptedReaderHarmsNobody() throws Exception {
        TestContent content = TestContent.of(1, PIECE + 1);
        DiskPieceStore store = newStore();
        content.into(store);
        Thread reader = new Thread(() -> {
            Thread.currentThread().interrupt();
            var unused = store.read(content.id(), 0);
        });
        reader.start();
        reader.join();

        assertThat(store.read(content.id(), 0)).isEqualTo(content.piece(0));
        assertThat(store.write(content.layout(), 1, content.piece(1))).isTrue();
        assertThat(store.failures()).isZero();
    }

    @Test
    void readersAndWritersTogetherSeeOnlyRightBytes() throws Exception {
        DiskPieceStore store = newStore();
        List<TestContent> contents = Stream.iterate(0, i -> i + 1)
                .limit(20)
                .map(i -> TestContent.of(i, 5 * PIECE))
                .toList();
        ExecutorService pool = Executors.newFixedThreadPool(6);
        List<Future<Integer>> results = new ArrayList<>();

        for (int worker = 0; worker < 6; worker++) {
            int shift = worker;
            results.add(pool.submit(() -> churn(store, contents, shift)));
        }
        int right = 0;
        for (Future<Integer> result : results) {
            right += result.get();
        }
        pool.shutdown();

        assertThat(right).isPositive();
        assertThat(store.failures()).isZero();
    }

    private static int churn(PieceStore store, List<TestContent> contents, int shift) {
        int right = 0;
        for (int round = 0; round < 200; round++) {
            TestContent content = contents.get((round * 7 + shift * 3) % contents.size());
            int index = (round + shift) % content.pieces();
            if (round % 2 == 0) {
                store.write(content.layout(), index, content.piece(index));
            }
            var bytes = store.read(content.id(), index);
            if (bytes != null) {
                assertThat(bytes).isEqualTo(content.piece(index));
                right++;
            }
        }
        return right;
    }

    @Test
    void aClosedStoreHoldsItsPeace() throws IOException {
        TestContent content = TestContent.of(1, PIECE);
        DiskPieceStore store = newStore();
        content.into(store);

        store.close();

        assertThat(store.read(content.id(), 0)).isNull();
        assertThat(store.write(content.layout(), 0, content.piece(0))).isFalse();
        assertThat(newStore().read(content.id(), 0)).isEqualTo(content.piece(0));
    }

    @Test
    void whatIsUsedStaysThoughNobodyReadsIt() throws IOException {
        DiskPieceStore store = newStore();
        TestContent rare = TestContent.of(1, 3 * PIECE);
        TestContent forgotten = TestContent.of(2, 3 * PIECE);
        rare.into(store);
        forgotten.into(store);

        for (int seed = 3; seed < 3 + 3 * MAX_BYTES / PIECE; seed++) {
            store.use(rare.id());
            TestContent popular = TestContent.of(seed, PIECE);
            // What is not admitted at first comes again, and is then worth more than what nobody uses.
            for (int times = 0; times < 4; times++) {
                popular.into(store);
            }
        }

        assertThat(store.held(rare.id())).isEqualTo(bits(0, 1, 2));
        assertThat(store.held(forgotten.id())).isEqualTo(bits());
    }

    @Test
    void aPieceNeverStaysWithoutItsLayout() throws IOException {
        DiskPieceStore store = directory.open(4);

        for (int round = 0; round < 60; round++) {
            TestContent content = TestContent.of(round % 3, 3 * PIECE);
            store.write(content.layout(), round % 2, content.piece(round % 2));
            for (ContentId held : store.contents()) {
                assertThat(store.layout(held)).as("after %s writes", round).isPresent();
            }
        }
    }
}
