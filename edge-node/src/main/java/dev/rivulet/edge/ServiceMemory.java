package dev.rivulet.edge;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.OptionalLong;

/**
 * What the system lets a service take of memory, all its processes together: the {@code memory.max} of its control group
 * and of those that it is in, as systemd's {@code MemoryMax=} sets it.
 */
final class ServiceMemory {
    private static final String UNIFIED = "0::/";
    private static final String LIMIT = "memory.max";

    private final Path groups;
    private final Path membership;

    /**
     * As a kernel shows it.
     *
     * @param groups where control groups of version 2 are mounted
     * @param membership the file that names the process's own
     */
    ServiceMemory(Path groups, Path membership) {
        this.groups = groups;
        this.membership = membership;
    }

    static ServiceMemory ofThisProcess() {
        return new ServiceMemory(Path.of("/sys/fs/cgroup"), Path.of("/proc/self/cgroup"));
    }

    /** The least of the limits that hold; 0: none, or none that can be found out. */
    long limitBytes() {
        try {
            return Files.readAllLines(membership, StandardCharsets.UTF_8).stream()
                    .filter(line -> line.startsWith(UNIFIED))
                    .findFirst()
                    .map(line -> leastFrom(groups.resolve(line.substring(UNIFIED.length()))))
                    .orElse(0L);
        } catch (IOException | InvalidPathException e) {
            // Not Linux, or hidden.
            return 0;
        }
    }

    private long leastFrom(Path own) {
        long least = Long.MAX_VALUE;
        for (Path group = own.normalize(); group != null && group.startsWith(groups); group = group.getParent()) {
            least = Math.min(least, limitOf(group).orElse(Long.MAX_VALUE));
        }
        return least == Long.MAX_VALUE ? 0 : least;
    }

    private static OptionalLong limitOf(Path group) {
        try {
            String limit = Files.readString(group.resolve(LIMIT), StandardCharsets.US_ASCII)
                    .strip();
            return limit.matches("[0-9]{1,18}") ? OptionalLong.of(Long.parseLong(limit)) : OptionalLong.empty();
        } catch (IOException e) {
            return OptionalLong.empty();
        }
    }
}
