package dev.rivulet.architecture.swarm;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.ThreadLocalRandom;
import java.util.logging.Logger;

/** Reads the clock, a file and chance, starts a thread, logs to the wrong place and ends the process. */
final class Impure {
    private Impure() {}

    static Instant clock() {
        return Instant.now();
    }

    static byte[] file(Path path) throws IOException {
        return Files.readAllBytes(path);
    }

    static int chance() {
        return ThreadLocalRandom.current().nextInt();
    }

    static void end() {
        Logger.getLogger("impure").info("bye");
        System.exit(1);
    }
}
