package dev.rivulet.edge.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rivulet.edge.tracker.Eventually;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kills a process that writes into a store, again and again, with the signal that nothing can catch. */
final class StoreKillIT {
    private static final int ROUNDS = 20;
    private static final long MAX_BYTES = 256L << 20;
    private static final int MOST_MILLIS_OF_WRITING = 150;

    @TempDir
    Path home;

    private Path root() {
        return home.resolve("store");
    }

    @Test
    void whatWasWrittenSurvivesBeingKilledAndNothingWrongIsEverRead() throws Exception {
        Random random = new Random(11);
        List<String> written = new ArrayList<>();

        for (int round = 0; round < ROUNDS; round++) {
            written.addAll(writeAndBeKilled(round, random.nextInt(MOST_MILLIS_OF_WRITING)));

            try (DiskPieceStore store = DiskPieceStore.open(root(), MAX_BYTES)) {
                for (String line : written) {
                    assertThat(store.read(Writer.content(line).id(), Writer.index(line)))
                            .as("round %s: %s", round, line)
                            .isEqualTo(Writer.piece(line));
                }
                assertThat(store.failures()).isZero();
                assertThat(store.bytes()).isLessThanOrEqualTo(MAX_BYTES);
                checkAllThatIsHeld(store, round);
            }
        }

        assertThat(written.size()).as("pieces written before the kills").isGreaterThan(ROUNDS);
    }

    /** What the process had not said to be written is right or absent, too. */
    private static void checkAllThatIsHeld(DiskPieceStore store, int rounds) {
        for (int round = 0; round <= rounds; round++) {
            for (int number = 0; number < Writer.MOST_CONTENTS; number++) {
                TestContent content = Writer.content(round + " " + number + " 0");
                if (!store.held(content.id()).isEmpty()) {
                    store.held(content.id()).stream().forEach(index -> assertThat(store.read(content.id(), index))
                            .isIn(content.piece(index), null));
                }
            }
        }
    }

    private List<String> writeAndBeKilled(int round, int millis) throws IOException, InterruptedException {
        Path said = home.resolve("said-" + round);
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        classPath,
                        Writer.class.getName(),
                        root().toString(),
                        Integer.toString(round))
                .redirectOutput(said.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        Eventually.holds("it writes at all", () -> said.toFile().length() > 0);
        Thread.sleep(millis);
        process.destroyForcibly();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as("killed").isEqualTo(128 + 9);
        // The last line may be cut off.
        return Files.readAllLines(said).stream()
                .filter(line -> line.matches(Writer.LINE))
                .toList();
    }

    /** The process: writes contents of its round, and says so of every piece that is written. */
    static final class Writer {
        static final int MOST_CONTENTS = 40;
        static final String LINE = "[0-9]+ [0-9]+ [0-9]+\\.";

        private Writer() {}

        public static void main(String[] args) throws Exception {
            try (DiskPieceStore store = DiskPieceStore.open(Path.of(args[0]), MAX_BYTES)) {
                for (int number = 0; number < MOST_CONTENTS; number++) {
                    String prefix = args[1] + " " + number + " ";
                    TestContent content = content(prefix + "0");
                    for (int index = 0; index < content.pieces(); index++) {
                        if (store.write(content.layout(), index, content.piece(index))) {
                            System.out.println(prefix + index + ".");
                        }
                    }
                }
            }
            Thread.sleep(TimeUnit.MINUTES.toMillis(1));
        }

        static TestContent content(String line) {
            String[] words = line.split(" ", -1);
            int round = Integer.parseInt(words[0]);
            int number = Integer.parseInt(words[1]);
            return TestContent.of(1000L * round + number, number % 4 == 0 ? 600_000 : 3000 + 10 * number);
        }

        static int index(String line) {
            return Integer.parseInt(line.split(" ", -1)[2].replace(".", ""));
        }

        static ByteBuffer piece(String line) {
            return content(line).piece(index(line));
        }
    }
}
