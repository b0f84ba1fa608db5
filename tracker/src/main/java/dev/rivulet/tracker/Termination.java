package dev.rivulet.tracker;

import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends the process cleanly, and with 0, when it is told to by SIGTERM or SIGINT. */
final class Termination {
    /** A service manager waits 10 s or longer before it kills. */
    private static final long CLOSE_SECONDS = 8;

    private static final Logger log = LoggerFactory.getLogger(Termination.class);

    private Termination() {}

    /**
     * Closes {@code running} before the process ends. The JVM would report the signal (143) however well closing went,
     * so its last hook halts with 0 itself.
     */
    static void closesFirst(AutoCloseable running) {
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            close(running);
                            Runtime.getRuntime().halt(0);
                        },
                        "termination"));
    }

    private static void close(AutoCloseable running) {
        Thread closer = new Thread(
                () -> {
                    try {
                        running.close();
                    } catch (Exception e) {
                        log.error("closing failed", e);
                    }
                },
                "closer");
        closer.setDaemon(true);
        closer.start();
        try {
            closer.join(TimeUnit.SECONDS.toMillis(CLOSE_SECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (closer.isAlive()) {
            log.warn("closing took longer than {} s and is given up", CLOSE_SECONDS);
        }
    }
}
