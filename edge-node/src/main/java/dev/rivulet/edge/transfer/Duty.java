package dev.rivulet.edge.transfer;

import dev.rivulet.protocol.id.ContentId;
import dev.rivulet.protocol.id.PeerId;
import dev.rivulet.protocol.id.Rendezvous;
import dev.rivulet.protocol.message.Role;
import java.time.Duration;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Agrees with neighbours that want the same content on who asks the origin for which piece (docs/protocol.md, section
 * 6.4). What any of them says it is getting is waited for; what nobody has claimed is the duty of one of the edges. Times
 * are those of one clock, in nanoseconds.
 */
final class Duty {
    /** Beyond a round trip, how long whoever should ask the origin for a piece may take to say so. */
    static final Duration CLAIM_PATIENCE = Duration.ofMillis(50);

    /** Who did not is not waited for for so long. */
    static final Duration SHIRKED = Duration.ofSeconds(2);

    /** Without news from who said that it is getting a piece for this long, it is not counted on. */
    static final Duration STALE = Duration.ofSeconds(2);

    /** How long a piece is waited for that another is getting. */
    static final Duration PATIENCE = Duration.ofSeconds(4);

    /** What who was waited for in vain says it is getting is not believed for this long. */
    static final Duration DISTRUST = Duration.ofSeconds(30);

    /** What is known of a neighbour. */
    private static final class Standing {
        final BitSet claims = new BitSet();
        long newsNanos;
        /** When it was last found not to do its duty, and not to bring what it claimed; null: never. */
        @Nullable
        Long shirkedNanos;

        @Nullable
        Long distrustedNanos;

        boolean hasClaimed(int piece, long nowNanos) {
            return claims.get(piece) && nowNanos - newsNanos < STALE.toNanos();
        }

        boolean isTrusted(long nowNanos) {
            return distrustedNanos == null || nowNanos - distrustedNanos >= DISTRUST.toNanos();
        }

        boolean hasDuties(long nowNanos) {
            return isTrusted(nowNanos) && (shirkedNanos == null || nowNanos - shirkedNanos >= SHIRKED.toNanos());
        }
    }

    private final ContentId content;
    private final Map<PeerId, Standing> standings = new HashMap<>();

    Duty(ContentId content) {
        this.content = content;
    }

    private Standing standing(PeerId peer) {
        return standings.computeIfAbsent(peer, id -> new Standing());
    }

    /** A peer says what it has asked the origin for, or, to {@code stop}, what it will not get after all. */
    void fetching(PeerId peer, List<Integer> pieces, boolean stop, long nowNanos) {
        Standing standing = standing(peer);
        if (standing.isTrusted(nowNanos)) {
            standing.newsNanos = nowNanos;
            pieces.forEach(piece -> standing.claims.set(piece, !stop));
        }
    }

    /** A peer says that it holds more. */
    void told(PeerId peer, long nowNanos) {
        standing(peer).newsNanos = nowNanos;
    }

    /** A peer has left. */
    void gone(PeerId peer) {
        standings.remove(peer);
    }

    /**
     * How long the origin may still be left to others, at most; nothing, when it is to be asked now.
     *
     * @param waitedNanos for how long it has been left to them already
     * @param self the own id; null while there is none
     * @param rivals who wants the content and does not hold the piece
     */
    Duration leave(int piece, long waitedNanos, @Nullable PeerId self, List<Rival> rivals, long nowNanos) {
        if (self == null) {
            return Duration.ZERO;
        }
        List<Standing> claimants = rivals.stream()
                .map(rival -> standing(rival.peer()))
                .filter(standing -> standing.hasClaimed(piece, nowNanos))
                .toList();
        if (!claimants.isEmpty()) {
            return leaveTo(claimants, waitedNanos, nowNanos);
        }
        Optional<Rival> owner = owner(piece, self, rivals, nowNanos);
        if (owner.isEmpty()) {
            return Duration.ZERO;
        }
        long left = CLAIM_PATIENCE.plus(owner.get().roundTrip()).toNanos() - waitedNanos;
        if (left <= 0) {
            standing(owner.get().peer()).shirkedNanos = nowNanos;
        }
        return Duration.ofNanos(Math.max(left, 0));
    }

    private static Duration leaveTo(List<Standing> claimants, long waitedNanos, long nowNanos) {
        long left = PATIENCE.toNanos() - waitedNanos;
        if (left <= 0) {
            for (Standing standing : claimants) {
                standing.claims.clear();
                standing.distrustedNanos = nowNanos;
            }
            return Duration.ZERO;
        }
        long fresh = claimants.stream()
                .mapToLong(standing -> STALE.toNanos() - (nowNanos - standing.newsNanos))
                .max()
                .orElse(0);
        return Duration.ofNanos(Math.min(left, fresh));
    }

    /** The edge whose duty a piece is; empty when it is the own. */
    private Optional<Rival> owner(int piece, PeerId self, List<Rival> rivals, long nowNanos) {
        Comparator<PeerId> order = Comparator.<PeerId>comparingLong(peer -> Rendezvous.score(peer, content, piece))
                .thenComparing(Comparator.reverseOrder());
        return rivals.stream()
                .filter(rival -> rival.role() == Role.EDGE)
                .filter(rival -> standing(rival.peer()).hasDuties(nowNanos))
                .max(Comparator.comparing(Rival::peer, order))
                .filter(rival -> order.compare(rival.peer(), self) > 0);
    }
}
