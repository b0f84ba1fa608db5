package dev.rivulet.edge.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rivulet.edge.store.FaultyDisk.Operation;
import dev.rivulet.protocol.id.ContentId;
import java.io.IOException;
import java.io.UncheckedIOException;
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
    private static final long MAX_BYTES = DiskPieceStore.MIN_BYTES;
    private static final int PIECE = 262_144;

    @TempDir
    Path root;

    private final FaultyDisk disk = new FaultyDisk();
    private final List<DiskPieceStore> opened = new ArrayList<>();

    @Override
    DiskPieceStore newStore() throws IOException {
        DiskPieceStore store = DiskPieceStore.open(disk, root, MAX_BYTES);
        opened.add(store);
        return store;
    }

    private DiskPieceStore restarted() throws IOException {
        opened.get(opened.size() - 1).close();
        return newStore();
    }

    @AfterEach
    void checkInvariants() throws IOException {
        disk.repair();
        DiskPieceStore store = opened.get(opened.size() - 1);
        assertThat(diskUsage()).as("disk usage").isLessThanOrEqualTo(MAX_BYTES);
        assertThat(store.bytes()).as("counted bytes").isBetween(diskUsage(), MAX_BYTES);
        for (ContentId content : store.contents()) {
            assertThat(store.held(content).stream()).allMatch(index -> store.read(content, index) != null);
        }
        store.close();
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
        assertThat(isOnDisk(blocked.piece(1))).isTrue();

        store.refuse(blocked.id()::equals);

        assertThat(isOnDisk(blocked.piece(0))).isFalse();
        assertThat(isOnDisk(blocked.piece(1))).isFalse();
        assertThat(isOnDisk(kept.piece(1))).isTrue();
        assertThat(restarted().contents()).containsExactly(kept.id());
    }

    @Test
    void whatTheDiskRefusedToOverwriteIsOverwrittenLaterAndItsRoomUsedAgain() throws IOException {
        TestContent blocked = TestContent.of(1, PIECE + 100);
        FaultyDisk disk = new FaultyDisk();
        DiskPieceStore store = DiskPieceStore.open(disk, root, DiskPieceStore.MIN_BYTES);
        opened.add(store);
        blocked.into(store);
        disk.breakDown(FaultyDisk.Operation.WRITE);

        assertThat(store.refuse(blocked.id()::equals)).isFalse();
        assertThat(store.contents()).isEmpty();
        assertThat(store.read(blocked.id(), 0)).isNull();
        disk.repair();

        assertThat(store.refuse(blocked.id()::equals)).isTrue();
        assertThat(isOnDisk(blocked.piece(0))).isFalse();
        assertThat(isOnDisk(blocked.piece(1))).isFalse();
        assertThat(store.heldBytes()).isZero();
    }

    /** Whether the first bytes of a piece stand at the beginning of some block of the store's file. */
    private boolean isOnDisk(ByteBuffer piece) throws IOException {
        int length = Math.min(100, piece.remaining());
        ByteBuffer data = ByteBuffer.wrap(Files.readAllBytes(root.resolve("data")));
        ByteBuffer wanted = piece.slice(piece.position(), length);
        for (int at = 0; at + length <= data.limit(); at += StoreFiles.BLOCK_BYTES) {
            if (data.slice(at, length).equals(wanted)) {
                return true;
            }
        }
        return false;
    }

    @Test
    void whatWasHeldIsHeldAfterARestart() throws IOException {
        TestContent content = TestContent.of(1, 3 * PIECE);
        TestContent small = TestContent.of(2, 100);
        newStore();
        content.into(opened.get(0));
        small.into(opened.get(0));

        DiskPieceStore store = restarted();

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
        int readsBefore = disk.calls(Operation.READ);
        int listsBefore = disk.calls(Operation.LIST);

        DiskPieceStore store = newStore();

        assertThat(store.contents()).hasSize(1000);
        assertThat(disk.calls(Operation.READ) - readsBefore).isEqualTo(2);
        assertThat(disk.calls(Operation.LIST) - listsBefore).as("the root").isEqualTo(1);
    }

    @Test
    void aContentOfWhichSomePiecesWereStoredGoesOnFromThere() throws IOException {
        TestContent content = TestContent.of(1, 4 * PIECE);
        DiskPieceStore before = newStore();
        before.write(content.layout(), 0, content.piece(0));
        before.write(content.layout(), 2, content.piece(2));

        DiskPieceStore store = restarted();

        assertThat(store.held(content.id())).isEqualTo(bits(0, 2));
        store.write(content.layout(), 1, content.piece(1));
        assertThat(restarted().held(content.id())).isEqualTo(bits(0, 1, 2));
    }

    @ParameterizedTest
    @CsvSource({"0, 1", "131072, 255", "262143, 128"})
    void aDamagedPieceIsDroppedNotServedAndCanBeWrittenAgain(int position, int flip) throws IOException {
        TestContent content = TestContent.of(1, 2 * PIECE);
        DiskPieceStore store = newStore();
        content.into(store);
        damage(content.piece(0), position, flip);

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
        damage(content.piece(0), 4321, 1);

        assertThat(store.layout(content.id())).isEmpty();
        assertThat(store.has(content.id(), 0)).isFalse();
        assertThat(store.read(content.id(), 0)).isNull();
    }

    @Test
    void aPieceCutShortIsDroppedNotServed() throws IOException {
        TestContent content = TestContent.of(1, 2 * PIECE);
        content.into(newStore());
        try (var file = Files.newByteChannel(root.resolve("data"), StandardOpenOption.WRITE)) {
            file.truncate(file.size() - 1);
        }

        DiskPieceStore store = restarted();

        assertThat(store.read(content.id(), 1)).isNull();
        assertThat(store.held(content.id())).isEqualTo(bits(0));
    }

    @Test
    void aDamagedLayoutTakesItsPiecesAlong() throws IOException {
        TestContent content = TestContent.of(1, 2 * PIECE);
        content.into(newStore());
        damage(ByteBuffer.wrap(content.layout().encode()), 20, 1);

        DiskPieceStore store = restarted();

        assertThat(store.read(content.id(), 0)).isNull();
        assertThat(store.contents()).isEmpty();
        assertThat(store.heldBytes()).isZero();
    }

    @Test
    void aDamagedRowOfTheIndexCostsWhatItTellsOf() throws IOException {
        TestContent content = TestContent.of(1, 2 * PIECE);
        content.into(newStore());
        damageIndex(3 * Row.BYTES);

        DiskPieceStore store = restarted();

        assertThat(store.held(content.id())).isEqualTo(bits(0));
        assertThat(store.read(content.id(), 0)).isEqualTo(content.piece(0));
    }

    @Test
    void piecesWithoutALayoutAreDroppedAtStart() throws IOException {
        TestContent content = TestContent.of(1, 2 * PIECE);
        content.into(newStore());
        damageIndex(Row.BYTES);

        DiskPieceStore store = restarted();

        assertThat(store.contents()).isEmpty();
        assertThat(store.heldBytes()).isZero();
    }

    @Test
    void anIndexOfAnotherFormatIsNotBelieved() throws IOException {
        TestContent content = TestContent.of(1, 2 * PIECE);
        content.into(newStore());
        damageIndex(0);

        DiskPieceStore store = restarted();

        assertThat(store.contents()).isEmpty();
        content.into(store);
        assertThat(restarted().held(content.id())).isEqualTo(bits(0, 1));
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
        damage(content.piece(1), 77, 1);
        damage(small.piece(0), 0, 1);

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
        DiskPieceStore store = DiskPieceStore.open(disk, root, MAX_BYTES, most, content -> 1);
        opened.add(store);

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

        DiskPieceStore few = DiskPieceStore.open(disk, root, MAX_BYTES, most, content -> 1);
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
        Path foreign = root.resolve("README");
        Files.writeString(foreign, "hello");

        restarted();

        assertThat(foreign).exists();
    }

    @Test
    void theBoundHoldsAtEveryMomentWhateverIsWritten() throws IOException {
        DiskPieceStore store = newStore();

        for (int seed = 0; seed < 60; seed++) {
            TestContent content = TestContent.of(seed, seed % 3 == 0 ? 5 * PIECE : 1000 + seed);
            for (int index = 0; index < content.pieces(); index++) {
                store.write(content.layout(), index, content.piece(index));
                assertThat(diskUsage()).isLessThanOrEqualTo(MAX_BYTES);
            }
        }

        assertThat(diskUsage()).as("and the room is used").isGreaterThan(MAX_BYTES * 3 / 4);
        assertThat(store.heldBytes()).isGreaterThan(MAX_BYTES * 3 / 4);
    }

    @Test
    void aSmallerBoundIsReachedAtStart() throws IOException {
        DiskPieceStore large = DiskPieceStore.open(disk, root, 4 * MAX_BYTES);
        TestContent content = TestContent.of(1, 200 * PIECE);
        content.into(large);
        large.close();

        DiskPieceStore store = newStore();

        assertThat(diskUsage()).isLessThanOrEqualTo(MAX_BYTES);
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
        disk.failAt(operation, n);

        boolean first = store.write(content.layout(), 0, content.piece(0));
        boolean second = store.write(content.layout(), 1, content.piece(1));

        assertThat(store.failures()).isEqualTo(1);
        assertThat(first && second).isFalse();
        assertThat(store.has(content.id(), 0)).isEqualTo(first);
        assertThat(store.has(content.id(), 1)).isEqualTo(second);
        content.into(store);
        assertThat(store.read(content.id(), 0)).isEqualTo(content.piece(0));
        assertThat(restarted().read(content.id(), 1)).isEqualTo(content.piece(1));
    }

    @Test
    void afterAFailedWriteARestartFindsNoHalfPiece() throws IOException {
        TestContent content = TestContent.of(1, 2 * PIECE);
        DiskPieceStore store = newStore();
        store.write(content.layout(), 0, content.piece(0));
        disk.breakDown(Operation.WRITE);
        store.write(content.layout(), 1, content.piece(1));
        disk.repair();

        DiskPieceStore again = restarted();

        assertThat(again.held(content.id())).isEqualTo(bits(0));
    }

    @Test
    void onADiskThatTakesNothingWhatIsHeldMakesNoRoom() throws IOException {
        DiskPieceStore store = newStore();
        for (int seed = 1; seed <= 80; seed++) {
            TestContent.of(seed, PIECE).into(store);
        }
        int held = store.contents().size();
        disk.breakDown(Operation.WRITE);

        for (int seed = 101; seed <= 140; seed++) {
            TestContent next = TestContent.of(seed, PIECE);
            assertThat(store.write(next.layout(), 0, next.piece(0))).isFalse();
        }

        assertThat(store.isFailing()).isTrue();
        assertThat(store.contents().size())
                .as("the first one made room before it was known")
                .isGreaterThanOrEqualTo(held - 2);
        disk.repair();
        TestContent last = TestContent.of(200, PIECE);
        assertThat(store.write(last.layout(), 0, last.piece(0))).isTrue();
        assertThat(store.isFailing()).isFalse();
    }

    @Test
    void whatIsDraftedTakesItsRoomFromWhatIsHeldAndIsKept() throws IOException {
        DiskPieceStore store = newStore();
        for (int seed = 1; seed <= 80; seed++) {
            TestContent.of(seed, PIECE).into(store);
        }
        TestContent content = TestContent.of(100, 3 * PIECE + 5);
        TestContent sole = TestContent.of(101, 1000);

        try (Draft draft = store.draft();
                Draft another = store.draft()) {
            for (int index = 0; index < content.pieces(); index++) {
                draft.append(content.piece(index));
            }
            another.append(sole.piece(0));
            assertThat(diskUsage()).isLessThanOrEqualTo(MAX_BYTES);
            assertThat(store.contents()).doesNotContain(content.id(), sole.id());
            for (int index = 0; index < content.pieces(); index++) {
                assertThat(draft.read(index)).isEqualTo(content.piece(index));
                assertThat(draft.keep(content.layout(), index)).isTrue();
            }
            assertThat(another.keep(sole.layout(), 0)).isTrue();
        }

        DiskPieceStore again = restarted();
        for (int index = 0; index < content.pieces(); index++) {
            assertThat(again.read(content.id(), index)).isEqualTo(content.piece(index));
        }
        assertThat(again.read(sole.id(), 0)).isEqualTo(sole.piece(0));
    }

    @Test
    void aDraftThatIsBrokenOffLeavesNothing() throws IOException {
        TestContent content = TestContent.of(1, 2 * PIECE);
        DiskPieceStore store = newStore();
        Draft draft = store.draft();
        draft.append(content.piece(0));
        draft.append(content.piece(1));
        assertThat(isOnDisk(content.piece(1))).isTrue();

        draft.close();

        assertThat(isOnDisk(content.piece(0))).isFalse();
        assertThat(isOnDisk(content.piece(1))).isFalse();
        assertThat(store.heldBytes()).isZero();
    }

    @Test
    void aDraftThatARestartInterruptsTakesNoRoom() throws IOException {
        TestContent content = TestContent.of(1, 2 * PIECE);
        Draft draft = newStore().draft();
        draft.append(content.piece(0));

        assertThat(restarted().heldBytes()).isZero();
        draft.close();
    }

    @Test
    void whatIsHeldAlreadyIsNotKeptTwice() throws IOException {
        TestContent content = TestContent.of(1, PIECE + 1);
        DiskPieceStore store = newStore();
        content.into(store);
        long held = store.heldBytes();

        try (Draft draft = store.draft()) {
            draft.append(content.piece(0));
            assertThat(draft.keep(content.layout(), 0)).isTrue();
        }

        assertThat(store.heldBytes()).isEqualTo(held);
        assertThat(store.read(content.id(), 0)).isEqualTo(content.piece(0));
    }

    @Test
    void aDraftThatTheDiskRefusesFailsAndTakesNoRoom() throws IOException {
        TestContent content = TestContent.of(1, PIECE);
        DiskPieceStore store = newStore();
        Draft draft = store.draft();
        disk.failAt(Operation.WRITE, 1);

        assertThatThrownBy(() -> draft.append(content.piece(0))).isInstanceOf(IOException.class);

        assertThat(store.heldBytes()).isZero();
        draft.append(content.piece(0));
        assertThat(draft.keep(content.layout(), 0)).isTrue();
        draft.close();
    }

    @Test
    void aPieceThatCannotBeReadIsNotHeldAnyMore() throws IOException {
        TestContent content = TestContent.of(1, PIECE);
        DiskPieceStore store = newStore();
        content.into(store);
        disk.failAt(Operation.READ, 1);

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
        damage(old.piece(0), 5, 1);
        disk.breakDown(Operation.WRITE);
        assertThat(store.read(old.id(), 0)).isNull();
        disk.repair();
        next.into(store);

        DiskPieceStore again = restarted();

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
        DiskPieceStore store = DiskPieceStore.open(disk, root, MAX_BYTES, 4, content -> 1);
        opened.add(store);

        for (int round = 0; round < 60; round++) {
            TestContent content = TestContent.of(round % 3, 3 * PIECE);
            store.write(content.layout(), round % 2, content.piece(round % 2));
            for (ContentId held : store.contents()) {
                assertThat(store.layout(held)).as("after %s writes", round).isPresent();
            }
        }
    }

    /** What files and directories take on the disk, in whole blocks. */
    private long diskUsage() throws IOException {
        try (Stream<Path> paths = Files.walk(root)) {
            return paths.mapToLong(DiskPieceStoreTest::cost).sum();
        }
    }

    private static long cost(Path path) {
        try {
            long bytes = Files.isDirectory(path) ? StoreFiles.BLOCK_BYTES : Files.size(path);
            return (bytes + StoreFiles.BLOCK_BYTES - 1) / StoreFiles.BLOCK_BYTES * StoreFiles.BLOCK_BYTES;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void damage(ByteBuffer stored, int position, int flip) throws IOException {
        byte[] data = Files.readAllBytes(root.resolve("data"));
        int start = 0;
        while (ByteBuffer.wrap(data, start, stored.remaining()).mismatch(stored) != -1) {
            start += StoreFiles.BLOCK_BYTES;
        }
        flip(root.resolve("data"), start + position, flip);
    }

    private void damageIndex(int position) throws IOException {
        flip(root.resolve("index"), position, 1);
    }

    private static void flip(Path file, int position, int flip) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        bytes[position] ^= (byte) flip;
        Files.write(file, bytes);
    }
}
