package dev.rivulet.tracker.swarm;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/**
 * Which edges should hold a content that is asked for. Those that do come first, so that copies are not made anew; then,
 * by rendezvous hashing, the ones to which visitors are sent for it anyway, so that not all edges hold the same; those
 * that have no room for another peer last.
 */
final class CopyChoice {
    /** Below, an edge's copy would hardly serve anybody. */
    static final long LEAST_DEMAND = 2;
    /** Pages for each of which, beyond the first so many, another edge should hold the content. */
    static final long DEMAND_PER_COPY = 8;
    /** Edges that should hold a content at most, however much it is asked for. */
    static final int MAX_COPIES = 8;

    private CopyChoice() {}

    /**
     * An edge that could hold it.
     *
     * @param holds whether it holds some of it now
     * @param slots how many more peers it would upload to
     * @param rendezvous its score for the content
     */
    record Option(Member edge, boolean holds, int slots, long rendezvous) {}

    /** How many edges should hold a content. */
    static int copies(long demand) {
        return demand < LEAST_DEMAND ? 0 : (int) Math.min(MAX_COPIES, 1 + demand / DEMAND_PER_COPY);
    }

    /** Those that should hold a content of this demand. */
    static List<Member> choose(long demand, Collection<Option> options) {
        return options.stream()
                .sorted(Comparator.comparing((Option option) -> !option.holds())
                        .thenComparing(option -> option.slots() == 0)
                        .thenComparing(Option::rendezvous, Comparator.reverseOrder()))
                .limit(copies(demand))
                .map(Option::edge)
                .toList();
    }
}
