package dev.rivulet.edge.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A store that a former version left behind becomes one of this version. */
final class FormerFilesTest {
    private static final long MAX_BYTES = DiskPieceStore.MIN_BYTES;
    private static final int PIECE = 262_144;

    @TempDir
    Path root;

    private Path leave(TestContent content, int... pieces) throws IOException {
        String hex = HexFormat.of()
                .formatHex(Base64.getUrlDecoder().decode(content.id().text()));
        Path directory =
                Files.createDirectories(root.resolve(hex.substring(0, 2)).resolve(hex));
        Files.write(directory.resolve("layout"), content.layout().encode());
        for (int piece : pieces) {
            ByteBuffer bytes = content.piece(piece);
            byte[] array = new byte[bytes.remaining()];
            bytes.get(array);
            Files.write(directory.resolve(String.valueOf(piece)), array);
        }
        return directory;
    }

    private List<String> names() throws IOException {
        try (Stream<Path> names = Files.list(root)) {
            return names.map(path -> String.valueOf(path.getFileName()))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void allThatIsRightIsTakenOverAndNothingElseStays() throws IOException {
        TestContent large = TestContent.of(1, 3 * PIECE);
        TestContent small = TestContent.of(2, 100);
        TestContent unproven = TestContent.of(3, 100);
        leave(large, 0, 2);
        leave(small, 0);
        Files.write(leave(unproven, 0).resolve("layout"), new byte[10]);
        Files.write(root.resolve("tmp"), new byte[10]);
        DiskPieceStore store = DiskPieceStore.open(root, MAX_BYTES);

        while (store.adopt()) {
            assertThat(store.bytes()).isLessThanOrEqualTo(MAX_BYTES);
        }

        assertThat(store.held(large.id())).isEqualTo(PieceStoreContract.bits(0, 2));
        assertThat(store.read(large.id(), 2)).isEqualTo(large.piece(2));
        assertThat(store.read(small.id(), 0)).isEqualTo(small.piece(0));
        assertThat(store.contents()).hasSize(2);
        assertThat(names()).containsExactly("data", "index");
        store.close();
    }

    @Test
    void oneThatFillsItsBoundKeepsIt() throws IOException {
        List<TestContent> contents = new ArrayList<>();
        for (int seed = 0; seed < 14; seed++) {
            contents.add(TestContent.of(seed, 4 * PIECE));
            leave(contents.get(seed), 0, 1, 2, 3);
        }
        DiskPieceStore store = DiskPieceStore.open(root, MAX_BYTES);
        assertThat(store.bytes()).isBetween(14L << 20, MAX_BYTES);
        TestContent other = TestContent.of(99, 4 * PIECE);
        other.into(store);
        assertThat(store.bytes()).isLessThanOrEqualTo(MAX_BYTES);

        while (store.adopt()) {
            assertThat(store.bytes()).isLessThanOrEqualTo(MAX_BYTES);
        }

        long held = contents.stream()
                .mapToLong(content -> store.held(content.id()).cardinality())
                .sum();
        assertThat(held).as("pieces kept of 56").isGreaterThanOrEqualTo(50);
        assertThat(names()).containsExactly("data", "index");
        store.close();
    }

    @Test
    void anInterruptedTakeoverGoesOn() throws IOException {
        TestContent first = TestContent.of(1, 2 * PIECE);
        TestContent second = TestContent.of(2, 2 * PIECE);
        leave(first, 0, 1);
        leave(second, 0, 1);
        DiskPieceStore before = DiskPieceStore.open(root, MAX_BYTES);
        before.adopt();
        before.close();

        DiskPieceStore store = DiskPieceStore.open(root, MAX_BYTES);
        while (store.adopt()) {
            // on
        }

        assertThat(store.held(first.id())).isEqualTo(PieceStoreContract.bits(0, 1));
        assertThat(store.held(second.id())).isEqualTo(PieceStoreContract.bits(0, 1));
        store.close();
    }
}
