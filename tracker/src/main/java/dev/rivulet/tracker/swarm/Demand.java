package dev.rivulet.tracker.swarm;

import dev.rivulet.protocol.id.ContentId;
import dev.rivulet.protocol.id.PeerId;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How many pages began to want, or to hold, each content of late. What nobody asks for any more halves every
 * {@value #HALF_LIFE_ROUNDS} rounds; what is left of half an asker is forgotten.
 */
final class Demand {
    /** Contents counted at a time; beyond, the one asked for longest ago is forgotten. */
    static final int MAX_CONTENTS = 5000;
    /** Pages told apart per content, so that one that comes again and again counts once. */
    static final int MAX_ASKERS = 32;

    static final int HALF_LIFE_ROUNDS = 60;

    private static final double KEPT_PER_ROUND = Math.pow(0.5, 1.0 / HALF_LIFE_ROUNDS);
    private static final double LEAST = 0.5;

    /** The one asked for longest ago first. */
    private final Map<ContentId, Tally> tallies = new LinkedHashMap<>();

    private static final class Tally {
        final Set<PeerId> askers = new HashSet<>();
        double count;
        int rounds;
    }

    /** A page begins to want the content, or to hold it. */
    void asked(ContentId content, PeerId page) {
        Tally tally = tallies.remove(content);
        if (tally == null) {
            tally = new Tally();
        }
        tallies.put(content, tally);
        if (tally.askers.size() >= MAX_ASKERS ? !tally.askers.contains(page) : tally.askers.add(page)) {
            tally.count++;
        }
        if (tallies.size() > MAX_CONTENTS) {
            tallies.remove(tallies.keySet().iterator().next());
        }
    }

    /** Some time has passed. */
    void round() {
        tallies.values().removeIf(tally -> {
            tally.count *= KEPT_PER_ROUND;
            tally.rounds++;
            if (tally.rounds % HALF_LIFE_ROUNDS == 0) {
                tally.askers.clear();
            }
            return tally.count < LEAST;
        });
    }

    /** How many ask for it, rounded. */
    long of(ContentId content) {
        Tally tally = tallies.get(content);
        return tally == null ? 0 : Math.round(tally.count);
    }

    /** The contents most asked for, the first first. */
    List<ContentId> hottest(int most) {
        return tallies.entrySet().stream()
                .sorted(Comparator.comparingDouble((Map.Entry<ContentId, Tally> each) -> each.getValue().count)
                        .reversed())
                .limit(most)
                .map(Map.Entry::getKey)
                .toList();
    }
}
