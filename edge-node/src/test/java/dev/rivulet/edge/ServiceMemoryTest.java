package dev.rivulet.edge;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ServiceMemoryTest {
    @TempDir
    private Path root;

    private long limitOf(String membership) throws IOException {
        Path file = Files.writeString(root.resolve("cgroup"), membership);
        return new ServiceMemory(root.resolve("groups"), file).limitBytes();
    }

    private void limit(String group, String bytes) throws IOException {
        Path directory = Files.createDirectories(root.resolve("groups").resolve(group));
        Files.writeString(directory.resolve("memory.max"), bytes + "\n");
    }

    @Test
    void theLeastOfTheLimitsHolds() throws Exception {
        limit("system.slice", "900000000");
        limit("system.slice/rivulet-edge.service", "800000000");
        limit("user.slice", "max");

        assertThat(limitOf("0::/system.slice/rivulet-edge.service\n")).isEqualTo(800_000_000);
        assertThat(limitOf("0::/system.slice/another.service\n")).isEqualTo(900_000_000);
        assertThat(limitOf("0::/user.slice\n")).isZero();
    }

    @Test
    void whereNothingIsSaidThereIsNone() throws Exception {
        assertThat(limitOf("1:memory:/old\n")).isZero();
        assertThat(limitOf("0::/gone\n")).isZero();
        assertThat(new ServiceMemory(root, root.resolve("none")).limitBytes()).isZero();
    }
}
