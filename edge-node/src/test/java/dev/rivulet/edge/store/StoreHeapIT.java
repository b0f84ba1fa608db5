package dev.rivulet.edge.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rivulet.protocol.id.ContentId;
import dev.rivulet.protocol.id.Sha256;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Opens a store that holds far more than the process has memory for, as after its heap was made smaller. */
final class StoreHeapIT {
    private static final int PIECES = 400_000;
    private static final String HEAP = "-Xmx48m";
    private static final long MAX_BYTES = 2L << 30;

    @TempDir
    Path home;

    @Test
    void itHoldsTheNewestAndSaysWhatItDropped() throws Exception {
        fill();

        String first = open();
        assertThat(first).contains("held: ", " more, written before those, are dropped from the store", "-Xmx");
        assertThat(held(first)).isBetween(10_000, PIECES / 2);
        assertThat(first).contains("newest: true", "oldest: false");

        String second = open();
        assertThat(held(second)).isEqualTo(held(first));
        assertThat(second).doesNotContain("dropped");
    }

    /** Goes by the index alone, as the opening of a store does. */
    private void fill() throws IOException {
        DiskPieceStore.open(home.resolve("store"), MAX_BYTES).close();
        try (OutputStream index = new BufferedOutputStream(
                Files.newOutputStream(home.resolve("store/index"), StandardOpenOption.APPEND))) {
            for (int number = 0; number < PIECES; number++) {
                Row row = new Row(
                        Row.Kind.SOLE_PIECE,
                        1 + number,
                        Opener.content(number),
                        1000,
                        0,
                        List.of(new Row.Run(number, 1)));
                index.write(row.encode().array());
            }
        }
    }

    private static int held(String said) {
        String line = said.lines()
                .filter(each -> each.startsWith("held: "))
                .findFirst()
                .orElseThrow();
        return Integer.parseInt(line.substring("held: ".length()));
    }

    private String open() throws IOException, InterruptedException {
        Path said = Files.createTempFile(home, "said", ".txt");
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        HEAP,
                        "-XX:+UseSerialGC",
                        "-XX:+ExitOnOutOfMemoryError",
                        "-cp",
                        classPath,
                        Opener.class.getName(),
                        home.resolve("store").toString())
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(Files.readString(said)).isZero();
        return Files.readString(said);
    }

    /** The process. */
    static final class Opener {
        private Opener() {}

        public static void main(String[] args) throws Exception {
            try (DiskPieceStore store = DiskPieceStore.open(Path.of(args[0]), MAX_BYTES)) {
                System.out.println("held: " + store.contents().size());
                System.out.println("newest: " + store.has(content(PIECES - 1), 0));
                System.out.println("oldest: " + store.has(content(0), 0));
            }
        }

        static ContentId content(long number) {
            return new ContentId(new Sha256(number * 0x9E3779B97F4A7C15L, number, ~number, 1));
        }
    }
}
