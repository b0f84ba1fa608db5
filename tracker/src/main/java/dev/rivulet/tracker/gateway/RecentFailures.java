package dev.rivulet.tracker.gateway;

import java.net.InetAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Addresses that were asked in vain a moment ago. Without it whoever connects again and again as an edge, or with many
 * names for one address, could have the tracker knock at somebody else's server as often. Thread-safe.
 */
final class RecentFailures {
    /** For how long nobody else's claim has the same address asked again. */
    static final long PAUSE_MS = 10_000;
    /** Addresses remembered; of more, the longest ago are forgotten. */
    static final int MAX_ADDRESSES = 4096;

    private final Map<InetAddress, Long> failedAtMs = new LinkedHashMap<>();

    synchronized void add(List<InetAddress> addresses, long nowMs) {
        for (InetAddress address : addresses) {
            failedAtMs.remove(address);
            failedAtMs.put(address, nowMs);
        }
        while (failedAtMs.size() > MAX_ADDRESSES) {
            failedAtMs.remove(failedAtMs.keySet().iterator().next());
        }
    }

    synchronized boolean hasAny(List<InetAddress> addresses, long nowMs) {
        return addresses.stream()
                .map(failedAtMs::get)
                .anyMatch(failedAt -> failedAt != null && nowMs - failedAt < PAUSE_MS);
    }
}
