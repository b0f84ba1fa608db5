package dev.rivulet.tracker.process;

import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends the process cleanly, and with 0, when it is told to by SIGTERM or SIGINT. */
public final class Termination {
    /** A service manager waits 10 s or longer before it kills. */
    private static final long CLOSE_SECONDS = 8;

    private static final Logger log = LoggerFactory.getLogger(Termination.class);

    private final AutoCloseable running;
    private volatile int status;

    private Termination(AutoCloseable running) {
        this.running = running;
    }

    /**
     * Closes {@code running} before the process ends. The JVM would report the signal (143) however well closing went,
     * so its last hook halts with 0 itself.
     */
    public static Termination closesFirst(AutoCloseable running) {
        Termination termination = new Termination(running);
        Runtime.getRuntime().addShutdownHook(new Thread(termination::end, "termination"));
        return termination;
    }

    /** The exit code when the process ends of itself; a signal ends it with 0. */
    public void status(int code) {
        status = code;
    }

    private void end() {
        Thread closer = new Thread(this::close, "closer");
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
        Runtime.getRuntime().halt(status);
    }

    private void close() {
        try {
            running.close();
        } catch (Exception e) {
            log.error("closing failed", e);
        }
    }
}
