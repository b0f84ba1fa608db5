package dev.rivulet.edge.prefetch;

import dev.rivulet.protocol.id.ContentId;
import dev.rivulet.protocol.message.Hints.Hint;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** Hints that wait to be followed, the one most worth it first: most asked for in relation to who holds it. No I/O. */
final class Wishlist {
    /** Hints that wait at a time; beyond, the one least worth it is forgotten: the tracker repeats what stays true. */
    static final int MAX_WAITING = 512;

    private static final Comparator<Hint> WORTH = Comparator.comparingDouble(
                    (Hint hint) -> (double) hint.demand() / (1 + hint.holders()))
            .thenComparing(Hint::size, Comparator.reverseOrder())
            .thenComparing(hint -> hint.url().text());

    private final Map<ContentId, Hint> waiting = new LinkedHashMap<>();

    /** Takes a hint, in place of a former one of the same content. */
    void add(Hint hint) {
        waiting.put(hint.content(), hint);
        if (waiting.size() > MAX_WAITING) {
            waiting.values().stream().min(WORTH).ifPresent(least -> waiting.remove(least.content()));
        }
    }

    /** Takes out the hint most worth it of those that pass; the others wait on. */
    Optional<Hint> next(Predicate<Hint> passes) {
        Optional<Hint> best = waiting.values().stream().filter(passes).max(WORTH);
        best.ifPresent(hint -> waiting.remove(hint.content()));
        return best;
    }

    /** Takes out all that pass, in the order they came in; the others wait on. */
    List<Hint> takeAll(Predicate<Hint> passes) {
        List<Hint> taken = waiting.values().stream().filter(passes).toList();
        taken.forEach(hint -> waiting.remove(hint.content()));
        return taken;
    }

    int size() {
        return waiting.size();
    }
}
