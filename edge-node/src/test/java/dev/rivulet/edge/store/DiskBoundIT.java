package dev.rivulet.edge.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The store on a file system that has no more room than the store's bound: the kernel tells when it is exceeded. */
@EnabledOnOs(OS.LINUX)
final class DiskBoundIT {
    private static final int MIB = 1 << 20;
    private static final int BOUND_MIB = (int) (DiskPieceStore.MIN_BYTES / MIB);
    private static final int BLOCK = 4096;
    private static final int WRITERS = 4;

    @TempDir
    Path home;

    @Test
    void writtenByManyAtOnceItNeverExceedsItsBound() throws Exception {
        try (SmallFileSystem disk = SmallFileSystem.mount(home, BOUND_MIB);
                DiskPieceStore store = DiskPieceStore.open(home.resolve("store"), DiskPieceStore.MIN_BYTES)) {
            ExecutorService writers = Executors.newFixedThreadPool(WRITERS);
            List<Future<?>> written = new ArrayList<>();
            for (int writer = 0; writer < WRITERS; writer++) {
                int seed = writer * 10_000;
                written.add(writers.submit(() -> {
                    // Each small content costs a whole block, though it has few bytes.
                    for (int number = 0; number < 800; number++) {
                        TestContent.of(seed + number, 1 + number % 100).into(store);
                    }
                    for (int number = 0; number < 12; number++) {
                        TestContent.of(seed + 5_000 + number, MIB + number).into(store);
                    }
                }));
            }
            for (Future<?> each : written) {
                each.get();
            }
            writers.shutdown();

            assertThat(store.failures())
                    .as("writes for which there was no room")
                    .isZero();
            assertThat(store.isFailing()).isFalse();
            assertThat(store.bytes()).isBetween(DiskPieceStore.MIN_BYTES / 2, DiskPieceStore.MIN_BYTES);
            assertThat(measured(home)).isLessThanOrEqualTo(DiskPieceStore.MIN_BYTES);
            assertThat(disk).isNotNull();
        }
    }

    private static long measured(Path root) throws IOException {
        try (Stream<Path> paths = Files.walk(root)) {
            return paths.filter(Files::isRegularFile)
                    .mapToLong(path -> (path.toFile().length() + BLOCK - 1) / BLOCK * BLOCK)
                    .sum();
        }
    }
}
