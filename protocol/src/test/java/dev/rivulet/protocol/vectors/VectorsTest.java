package dev.rivulet.protocol.vectors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Runs every case of every file of vectors that Java has to run, and says so when it did not. */
final class VectorsTest {
    /** Runs one case; fails by throwing. */
    @FunctionalInterface
    interface Runner {
        void run(VectorCase vector) throws Exception;
    }

    private static final Map<String, Runner> RUNNERS = new HashMap<>();

    static {
        RUNNERS.putAll(IdVectors.RUNNERS);
        RUNNERS.putAll(HttpVectors.RUNNERS);
        RUNNERS.putAll(LayoutVectors.RUNNERS);
        RUNNERS.putAll(MessageVectors.RUNNERS);
        RUNNERS.putAll(CatalogVectors.RUNNERS);
        RUNNERS.putAll(LimitVectors.RUNNERS);
    }

    private final Map<String, Integer> run = new HashMap<>();

    @TestFactory
    Stream<DynamicNode> everyCaseOfEveryFile() throws IOException {
        List<VectorFile> files = VectorFile.all();
        return Stream.concat(
                files.stream().map(this::container),
                Stream.of(dynamicTest("as many cases were run as there are on disk", () -> assertAllWereRun(files))));
    }

    private DynamicContainer container(VectorFile file) {
        return dynamicContainer(file.name(), file.cases().stream().map(vector -> test(file, vector)));
    }

    private DynamicTest test(VectorFile file, VectorCase vector) {
        return dynamicTest(vector.name(), () -> {
            Runner runner = RUNNERS.get(file.name());
            assertThat(runner).as("a runner of %s.json", file.name()).isNotNull();
            runner.run(vector);
            run.merge(file.name(), 1, Integer::sum);
        });
    }

    private void assertAllWereRun(List<VectorFile> files) {
        Map<String, Integer> onDisk = new HashMap<>();
        files.forEach(
                file -> onDisk.put(file.name(), file.content().get("cases").size()));
        assertThat(run).isEqualTo(onDisk);
        assertThat(total(run)).isEqualTo(total(onDisk)).isPositive();
        assertThat(RUNNERS.keySet()).isEqualTo(onDisk.keySet());
    }

    private static int total(Map<String, Integer> counts) {
        return counts.values().stream().mapToInt(Integer::intValue).sum();
    }
}
