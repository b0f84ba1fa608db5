package dev.rivulet.tracker.indexing;

import java.util.Map;

/**
 * Bounds what visitors can do by saying that origins contradict entries: each report takes an entry out of the catalog
 * until the origin was asked again, which costs visitors and origin. Not thread-safe.
 */
final class SuspensionBudget {
    /** Suspensions that one network can cause, and that one site can suffer, within {@link #WINDOW_MS}. */
    static final int PER_NETWORK = 16;

    static final int PER_SITE = 64;
    /** In milliseconds. */
    static final long WINDOW_MS = 60_000;
    /** After an entry turned out to be right, it is not suspended again for this time, in milliseconds. */
    static final long TRUSTED_MS = 600_000;

    private static final int MAX_TRACKED = 10_000;

    private final Map<Object, Window> windows = new BoundedMap<>(MAX_TRACKED);
    private final Map<SiteUrl, Long> trustedUntilMs = new BoundedMap<>(MAX_TRACKED);

    private static final class Window {
        private long startMs;
        private int used;

        boolean hasRoom(int most, long nowMs) {
            if (nowMs - startMs >= WINDOW_MS) {
                startMs = nowMs;
                used = 0;
            }
            return used < most;
        }
    }

    /** Whether the entry of {@code url} may be suspended on the word of somebody in {@code network}; counts if so. */
    boolean take(SiteUrl url, long network, long nowMs) {
        if (trustedUntilMs.getOrDefault(url, Long.MIN_VALUE) > nowMs) {
            return false;
        }
        Window ofNetwork = windows.computeIfAbsent(network, key -> new Window());
        Window ofSite = windows.computeIfAbsent(url.site(), key -> new Window());
        if (!ofNetwork.hasRoom(PER_NETWORK, nowMs) || !ofSite.hasRoom(PER_SITE, nowMs)) {
            return false;
        }
        ofNetwork.used++;
        ofSite.used++;
        return true;
    }

    /** The origin was asked, and says what the entry says. */
    void confirmed(SiteUrl url, long nowMs) {
        trustedUntilMs.put(url, nowMs + TRUSTED_MS);
    }
}
