package dev.rivulet.tracker.gateway;

import dev.rivulet.protocol.message.HttpCheck;
import dev.rivulet.protocol.message.HttpChecked;
import java.util.Optional;

/** Looks for a token where an edge claims to serve. */
@FunctionalInterface
interface Probe {
    /**
     * Looks once. Blocks, for a bounded time.
     *
     * @param urgent whether to look also where somebody was looked for in vain a moment ago
     * @return empty where it did not look for that reason
     */
    Optional<HttpChecked> look(Claim claim, HttpCheck check, boolean urgent);
}
