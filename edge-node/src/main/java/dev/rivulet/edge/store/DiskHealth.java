package dev.rivulet.edge.store;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the disk fails at: whether it takes what is written to it, said once when that ends and once when it begins
 * again, and how often it failed at anything. Any thread may call any method.
 */
final class DiskHealth {
    private static final Logger log = LoggerFactory.getLogger(DiskHealth.class);

    private final AtomicLong failures = new AtomicLong();
    private volatile boolean failing;

    /** A piece was written. */
    void wrote() {
        if (failing) {
            failing = false;
            log.info("the disk takes pieces again: they are kept from now on");
        }
    }

    /** A piece could not be written. */
    void wroteNot(IOException reason) {
        failures.incrementAndGet();
        if (!failing) {
            failing = true;
            log.warn(
                    "the disk is full, read-only or broken ({}): until it takes pieces again none is kept, and those"
                            + " fetched are only passed on",
                    reason.toString());
        }
    }

    /**
     * Anything else failed. A disk that keeps failing is mentioned ever more rarely.
     *
     * @param what what it could not do, as in "could not read"
     */
    void failed(String what, IOException reason) {
        long count = failures.incrementAndGet();
        if (Long.bitCount(count) == 1) {
            log.warn("disk failure {}: could not {}: {}", count, what, reason.toString());
        }
    }

    boolean isFailing() {
        return failing;
    }

    long failures() {
        return failures.get();
    }
}
