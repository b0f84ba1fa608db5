package dev.rivulet.edge.transfer;

import dev.rivulet.protocol.Limits;
import dev.rivulet.protocol.id.PeerId;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The fetching of one piece: who was asked already, and what to do next. Peers come before the origin: those that say
 * they hold the piece, edges first; then those that a search finds; then the origin; and when that fails, too, whoever
 * is left, a last patient search, and who may only be slow to say what it holds.
 */
final class PieceFetch {
    /** How long a peer that was asked may send nothing, when there is somebody else to ask. */
    static final Duration PEER_PATIENCE = Duration.ofSeconds(2);

    /** How long a peer may take for a piece altogether, when there is somebody else to ask. */
    static final Duration PIECE_PATIENCE = Duration.ofSeconds(20);

    /** As {@link #PEER_PATIENCE}, when there is nobody else. */
    static final Duration LAST_PATIENCE = Duration.ofSeconds(Limits.PIECE_SECONDS);

    /** How long to wait for room at peers that hold the piece before the origin is asked, or a layout is given up. */
    static final Duration ROOM_PATIENCE = Duration.ofSeconds(5);

    /**
     * Neighbours that have not said what they hold are waited for so long from the beginning of a fetch before it is given
     * up: what they say may be queued behind other messages.
     */
    static final Duration UNSAID_PATIENCE = Duration.ofSeconds(2);

    /** After this a fetch fails whatever is under way. */
    static final Duration DEADLINE = Duration.ofSeconds(60);

    /**
     * What a decision needs to know.
     *
     * @param holders connected peers that say they hold the piece
     * @param searching whether a search is under way that may bring more
     * @param unsaid whether a connected peer that gives has yet to say what it holds
     * @param originUsable whether the origin can be asked for this piece
     */
    record Situation(
            List<PeerSource> holders, boolean searching, boolean unsaid, boolean originUsable, long nowNanos) {}

    private final int bytes;
    private final long startedNanos;
    private final Set<PeerId> failed = new HashSet<>();
    private boolean originFailed;
    private boolean searchedAgain;
    private String lastFailure = "nobody holds it";

    PieceFetch(int bytes, long startedNanos) {
        this.bytes = bytes;
        this.startedNanos = startedNanos;
    }

    /** Decides what to do while nobody is being asked. */
    Step next(Situation situation) {
        if (isOver(situation.nowNanos())) {
            return new Step.GiveUp(lastFailure);
        }
        List<PeerSource> hopeful = hopeful(situation.holders());
        Optional<PeerSource> best = SourceChoice.best(hopeful, bytes);
        if (best.isPresent()) {
            return new Step.AskPeer(best.get());
        }
        boolean originLeft = situation.originUsable() && !originFailed;
        if (!hopeful.isEmpty() && !(originLeft && hasWaited(ROOM_PATIENCE, situation.nowNanos()))) {
            return new Step.Wait();
        }
        if (situation.searching()) {
            return new Step.Wait();
        }
        return originLeft ? new Step.AskOrigin() : afterOrigin(situation);
    }

    private Step afterOrigin(Situation situation) {
        Optional<PeerSource> anybody = SourceChoice.best(situation.holders(), bytes);
        if (!searchedAgain) {
            searchedAgain = true;
            failed.clear();
            return anybody.<Step>map(Step.AskPeer::new).orElseGet(Step.Search::new);
        }
        if (situation.unsaid() && !hasWaited(UNSAID_PATIENCE, situation.nowNanos())) {
            return new Step.Wait();
        }
        return new Step.GiveUp(lastFailure);
    }

    /** Those that have not failed this fetch, and are not stalled. */
    private List<PeerSource> hopeful(List<PeerSource> holders) {
        return holders.stream()
                .filter(source -> !source.stalled() && !failed.contains(source.peer()))
                .toList();
    }

    /** Whether the peer being asked has taken too long and somebody else is to be asked. */
    boolean isOverdue(PeerSource asked, long askedNanos, Situation situation) {
        long now = situation.nowNanos();
        long quiet = now - Math.max(asked.quietSinceNanos(), askedNanos);
        boolean others = (situation.originUsable() && !originFailed)
                || hopeful(situation.holders()).stream()
                        .anyMatch(other -> !other.peer().equals(asked.peer()));
        if (others) {
            return quiet >= PEER_PATIENCE.toNanos() || now - askedNanos >= PIECE_PATIENCE.toNanos();
        }
        return quiet >= LAST_PATIENCE.toNanos() || isOver(now);
    }

    /** Takes note that a peer did not deliver. */
    void peerFailed(PeerId peer, String reason) {
        failed.add(peer);
        lastFailure = reason;
    }

    /** Takes note that the origin did not deliver. */
    void originFailed(String reason) {
        originFailed = true;
        lastFailure = reason;
    }

    private boolean isOver(long nowNanos) {
        return hasWaited(DEADLINE, nowNanos);
    }

    private boolean hasWaited(Duration patience, long nowNanos) {
        return nowNanos - startedNanos >= patience.toNanos();
    }
}
