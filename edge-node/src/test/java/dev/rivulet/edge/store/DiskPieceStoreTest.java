package dev.rivulet.edge.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rivulet.edge.store.FaultyDisk.Operation;
import dev.rivulet.protocol.id.ContentId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
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
        assertThat(store.bytes()).as("counted bytes").isLessThanOrEqualTo(MAX_BYTES);
        for (ContentId content : store.contents()) {
            store.held(content).stream().forEach(index -> assertThat(fileOf(content, index))
                    .as("%s %s", content, index)
                    .exists());
        }
    }

    @Test
    void whatWasHeldIsHeldAfterARestartWithoutReadingIt() throws IOException {
        TestContent content = TestContent.of(1, 3 * PIECE);
        content.into(newStore());
        int readsBefore = disk.calls(Operation.READ);

        DiskPieceStore store = restarted();

        assertThat(disk.calls(Operation.READ)).isEqualTo(readsBefore);
        assertThat(store.held(content.id())).isEqualTo(bits(0, 1, 2));
        assertThat(store.read(content.id(), 2)).isEqualTo(content.piece(2));
        assertThat(store.layout(content.id())).contains(content.layout());
    }

    @ParameterizedTest
    @CsvSource({"0, 1", "131072, 255", "262143, 128"})
    void aDamagedPieceIsDroppedNotServedAndCanBeWrittenAgain(int position, int flip) throws IOException {
        TestContent content = TestContent.of(1, 2 * PIECE);
        DiskPieceStore store = newStore();
        content.into(store);
        byte[] bytes = Files.readAllBytes(fileOf(content.id(), 0));
        bytes[position] ^= (byte) flip;
        Files.write(fileOf(content.id(), 0), bytes);

        assertThat(store.read(content.id(), 0)).isNull();
        assertThat(store.held(content.id())).isEqualTo(bits(1));
        assertThat(store.write(content.layout(), 0, content.piece(0))).isTrue();
        assertThat(store.read(content.id(), 0)).isEqualTo(content.piece(0));
    }

    @Test
    void aPieceCutShortIsDroppedNotServed() throws IOException {
        TestContent content = TestContent.of(1, 2 * PIECE);
        content.into(newStore());
        try (var file = Files.newByteChannel(fileOf(content.id(), 1), StandardOpenOption.WRITE)) {
            file.truncate(PIECE - 1);
        }

        DiskPieceStore store = restarted();

        assertThat(store.read(content.id(), 1)).isNull();
        assertThat(store.held(content.id())).isEqualTo(bits(0));
    }

    @Test
    void aDamagedLayoutTakesItsPiecesAlong() throws IOException {
        TestContent content = TestContent.of(1, 2 * PIECE);
        content.into(newStore());
        Path layout = fileOf(content.id(), Slot.LAYOUT);
        byte[] bytes = Files.readAllBytes(layout);
        bytes[bytes.length - 1] ^= 1;
        Files.write(layout, bytes);

        DiskPieceStore store = restarted();

        assertThat(store.read(content.id(), 0)).isNull();
        assertThat(store.contents()).isEmpty();
        assertThat(fileOf(content.id(), 1)).doesNotExist();
    }

    @Test
    void piecesWithoutALayoutAreDeletedAtStart() throws IOException {
        TestContent content = TestContent.of(1, 2 * PIECE);
        content.into(newStore());
        Files.delete(fileOf(content.id(), Slot.LAYOUT));

        DiskPieceStore store = restarted();

        assertThat(store.contents()).isEmpty();
        assertThat(fileOf(content.id(), 0).getParent()).doesNotExist();
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
        assertThat(store.bytes()).isEqualTo(diskUsage() + unusedShardDirectories());
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
    @CsvSource({"WRITE, 1", "WRITE, 2", "WRITE, 3", "RENAME, 1", "RENAME, 2", "CREATE_DIRECTORIES, 1"})
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
        assertThat(root.resolve("tmp")).doesNotExist();
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
    void filesThatCannotBeDeletedStillCountAgainstTheBound() throws IOException {
        DiskPieceStore store = newStore();
        for (int seed = 0; seed < 10; seed++) {
            TestContent.of(seed, 4 * PIECE).into(store);
        }
        disk.breakDown(Operation.DELETE);

        for (int seed = 10; seed < 60; seed++) {
            TestContent.of(seed, 4 * PIECE).into(store);
            assertThat(diskUsage()).isLessThanOrEqualTo(MAX_BYTES);
        }
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
        assertThat(store.bytes()).isEqualTo(diskUsage() + unusedShardDirectories());
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

    private long unusedShardDirectories() throws IOException {
        try (Stream<Path> paths = Files.list(root)) {
            long used = paths.filter(Files::isDirectory).count();
            return (256 - used) * StoreFiles.BLOCK_BYTES;
        }
    }

    private Path fileOf(ContentId content, int index) {
        return new StoreFiles(new NioDisk(), root).path(new Slot(content, index));
    }
}
