package dev.rivulet.edge.peer;

import dev.rivulet.protocol.id.PeerId;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How many offers are answered: of one peer, and of all, since a peer id costs little. Every answer makes a connection,
 * of which the native library keeps some memory for good, until its process is replaced. Belongs to the loop.
 */
final class OfferBudget {
    /** Of one peer at once: it may lose a connection, and that which was to replace it. */
    static final int PEER_BURST = 3;

    /** From then on, between two of one peer. */
    static final Duration PEER_INTERVAL = Duration.ofSeconds(5);

    /**
     * Of all, on and on: half as many again as come and go in {@code bench soak} on two cores. At once it is as many as
     * may be connected.
     */
    static final int PER_SECOND = 40;

    /** How many peers are remembered; in the time in which so many are answered a peer has its burst again. */
    static final int MAX_PEERS = 4096;

    private final Bucket all;
    private final Map<PeerId, Bucket> peers = new LinkedHashMap<>();

    /** @param connections at most */
    OfferBudget(int connections, long nowNanos) {
        all = new Bucket(connections, Duration.ofSeconds(1).dividedBy(PER_SECOND), nowNanos);
    }

    /** Whether an offer of this peer is to be answered now. */
    boolean allows(PeerId peer, long nowNanos) {
        Bucket known = peers.get(peer);
        return all.has(nowNanos) && (known == null || known.has(nowNanos));
    }

    /** An offer of this peer that is allowed is being answered. */
    void take(PeerId peer, long nowNanos) {
        all.take(nowNanos);
        // Last again, as the one that is to be forgotten last.
        Bucket known = peers.remove(peer);
        Bucket bucket = known == null ? new Bucket(PEER_BURST, PEER_INTERVAL, nowNanos) : known;
        bucket.take(nowNanos);
        peers.put(peer, bucket);
        if (peers.size() > MAX_PEERS) {
            Iterator<PeerId> oldest = peers.keySet().iterator();
            oldest.next();
            oldest.remove();
        }
    }

    private static final class Bucket {
        private final int burst;
        private final double intervalNanos;
        private double left;
        private long filledNanos;

        Bucket(int burst, Duration interval, long nowNanos) {
            this.burst = burst;
            this.intervalNanos = interval.toNanos();
            left = burst;
            filledNanos = nowNanos;
        }

        boolean has(long nowNanos) {
            left = Math.min(burst, left + (nowNanos - filledNanos) / intervalNanos);
            filledNanos = nowNanos;
            return left >= 1;
        }

        void take(long nowNanos) {
            if (!has(nowNanos)) {
                throw new IllegalStateException("nothing left");
            }
            left--;
        }
    }
}
