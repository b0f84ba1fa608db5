package dev.rivulet.edge.origin;

import dev.rivulet.protocol.id.ResourceUrl;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which origins cannot be fetched from: decides when whoever runs the edge is told, once when it begins and once when it
 * has ended. A single failure tells nothing: it may be one resource's. Thread-safe; remembers as many origins as the site
 * ever named.
 */
final class OriginHealth {
    /** So many fetches in a row have failed when an origin counts as failing: {@value}. */
    static final int FAILURES = 3;

    /** By origin: fetches that failed since one succeeded; those that never failed are missing. */
    private final Map<String, Integer> failures = new ConcurrentHashMap<>();

    /** A fetch failed; what to tell of it. */
    Optional<String> failed(ResourceUrl url, Exception why) {
        String origin = url.origin().toString();
        // No further: it would turn negative in the end.
        int inARow = failures.merge(origin, 1, (before, one) -> Math.min(before + one, FAILURES + 1));
        return inARow == FAILURES
                ? Optional.of(FAILURES + " fetches from " + origin + " in a row failed, the last with: "
                        + (why.getMessage() == null ? why : why.getMessage())
                        + "; until one succeeds, what this edge does not hold of it is not served")
                : Optional.empty();
    }

    /** The origin sent what was asked of it; what to tell of it. */
    Optional<String> succeeded(ResourceUrl url) {
        String origin = url.origin().toString();
        Integer before = failures.remove(origin);
        return before != null && before >= FAILURES
                ? Optional.of(origin + " can be fetched from again")
                : Optional.empty();
    }
}
