package dev.rivulet.edge.transfer;

import dev.rivulet.protocol.message.Role;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Which of several peers to ask for a piece: the one that will probably have sent it first, edges preferred. */
final class SourceChoice {
    /** What a peer is taken to deliver, in bytes per second, until it has delivered something. */
    static final double ASSUMED_RATE = 4 << 20;

    /** How much longer an edge may take before a visitor's page, whose upload is dearer, is asked instead. */
    static final double PAGE_HANDICAP = 2;

    private SourceChoice() {}

    /** The best of those with room, if there is one. */
    static Optional<PeerSource> best(List<PeerSource> sources, int pieceBytes) {
        return sources.stream()
                .filter(source -> source.room() > 0)
                .min(Comparator.comparingDouble((PeerSource source) -> cost(source, pieceBytes))
                        .thenComparing(PeerSource::peer));
    }

    private static double cost(PeerSource source, int pieceBytes) {
        double rate = source.bytesPerSecond() > 0 ? source.bytesPerSecond() : ASSUMED_RATE;
        double seconds = (source.queuedBytes() + pieceBytes) / rate;
        return source.role() == Role.EDGE ? seconds : seconds * PAGE_HANDICAP;
    }
}
