package dev.rivulet.edge.store;

import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether the disk takes what is written to it; says so once when that ends, and once when it begins again. */
final class DiskHealth {
    private static final Logger log = LoggerFactory.getLogger(DiskHealth.class);

    private volatile boolean failing;

    /** A piece was written. */
    void wrote() {
        if (failing) {
            failing = false;
            log.info("the disk takes pieces again: they are kept from now on");
        }
    }

    /** A piece could not be written. */
    void failed(IOException reason) {
        if (!failing) {
            failing = true;
            log.warn(
                    "the disk is full, read-only or broken ({}): until it takes pieces again none is kept, and those"
                            + " fetched are only passed on",
                    reason.toString());
        }
    }

    boolean isFailing() {
        return failing;
    }
}
