package dev.rivulet.tracker.indexing.edge;

import dev.rivulet.protocol.id.ContentId;
import dev.rivulet.protocol.id.PeerId;
import dev.rivulet.protocol.id.Rendezvous;
import dev.rivulet.protocol.id.ResourceUrl;
import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/**
 * Which edge is asked to index a URL; no I/O. Nobody knows which is nearest to the origin, so it is the one to which the
 * URL falls by rendezvous hashing: the same one for the same URL as long as it can, so that it holds all versions, and
 * an even share for each. Those that have no room for more visitors come last: who holds the only copy has to give it.
 */
final class EdgeChoice {
    /** Resources that one edge is asked for at a time. */
    static final int MAX_UNDER_WAY = 2;

    private static final int WHOLE = 0;

    private EdgeChoice() {}

    /**
     * An edge that could be asked.
     *
     * @param underWay what it was asked for and has not answered yet
     * @param slots how many more peers it would upload to
     */
    record Option(PeerId id, int underWay, int slots) {}

    /** The one to ask now; none when all are busy. */
    static Optional<PeerId> choose(Collection<Option> options, ResourceUrl url) {
        ContentId key = new ContentId(url.hash().hash());
        return options.stream()
                .filter(option -> option.underWay() < MAX_UNDER_WAY)
                .max(Comparator.<Option>comparingInt(option -> option.slots() > 0 ? 1 : 0)
                        .thenComparingLong(option -> Rendezvous.score(option.id(), key, WHOLE))
                        .thenComparing(option -> option.id().text(), Comparator.reverseOrder()))
                .map(Option::id);
    }
}
