package dev.rivulet.tracker.indexing;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Counts who asked for a URL that has no entry. Askers are distinct when both the peer and the network differ, so that
 * neither reloading a page nor one household can make the tracker fetch. Not thread-safe.
 */
final class AskerTally {
    /** URLs counted at once; beyond, the one asked for longest ago is forgotten. */
    static final int MAX_URLS = 50_000;
    /** After this time without an asker the count begins again, in milliseconds. */
    static final long FORGET_MS = 3_600_000;
    /** Askers told apart per URL; a threshold cannot be higher. */
    static final int MAX_ASKERS = 1000;

    private final long salt;
    private final Map<SiteUrl, Askers> byUrl = new BoundedMap<>(MAX_URLS);

    /** {@code salt} makes what is kept of addresses useless to others; take a new one at every start. */
    AskerTally(long salt) {
        this.salt = salt;
    }

    /** Counts {@code asker}; true, and the count begins again, once {@code threshold} distinct ones have asked. */
    boolean asked(SiteUrl url, Asker asker, int threshold, long nowMs) {
        Askers askers = byUrl.get(url);
        if (askers == null || nowMs - askers.lastMs > FORGET_MS) {
            askers = new Askers();
            byUrl.put(url, askers);
        }
        askers.add(asker.person(salt), asker.network(salt), nowMs);
        if (askers.count() < Math.min(threshold, MAX_ASKERS)) {
            return false;
        }
        byUrl.remove(url);
        return true;
    }

    private static final class Askers {
        private final Set<Long> people = new HashSet<>();
        private final Set<Long> networks = new HashSet<>();
        private long lastMs;

        void add(long person, long network, long nowMs) {
            if (people.size() < MAX_ASKERS) {
                people.add(person);
                networks.add(network);
            }
            lastMs = nowMs;
        }

        int count() {
            return Math.min(people.size(), networks.size());
        }
    }
}
