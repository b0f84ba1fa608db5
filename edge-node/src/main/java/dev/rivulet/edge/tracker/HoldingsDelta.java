package dev.rivulet.edge.tracker;

import dev.rivulet.protocol.id.ContentId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** What the tracker was told that the edge holds, and what it has still to be told. Not for several threads. */
final class HoldingsDelta {
    /** One announcement's worth. */
    record Delta(List<ContentId> have, List<ContentId> drop) {
        boolean isEmpty() {
            return have.isEmpty() && drop.isEmpty();
        }
    }

    private final int maxTold;
    private final Set<ContentId> told = new HashSet<>();
    private final Map<ContentId, Boolean> pending = new LinkedHashMap<>();

    /** @param maxTold how many ids the tracker takes from one peer */
    HoldingsDelta(int maxTold) {
        this.maxTold = maxTold;
    }

    /** The tracker knows nothing (any more): everything held has to be told. */
    void restart(Set<ContentId> held) {
        told.clear();
        pending.clear();
        held.forEach(content -> pending.put(content, true));
    }

    /** Whether a content is held now; what agrees with what was told is not told again. */
    void update(ContentId content, boolean held) {
        pending.remove(content);
        if (told.contains(content) != held) {
            pending.put(content, held);
        }
    }

    /** Looks again at everything told or waiting, and at {@code candidates}. */
    void review(Set<ContentId> candidates, Predicate<ContentId> held) {
        Set<ContentId> all = new HashSet<>(candidates);
        all.addAll(told);
        all.addAll(pending.keySet());
        all.forEach(content -> update(content, held.test(content)));
    }

    /** Takes the next announcement, at most {@code limit} ids of each kind; empty when all is told. */
    Delta next(int limit) {
        List<ContentId> have = new ArrayList<>();
        List<ContentId> drop = new ArrayList<>();
        Iterator<Map.Entry<ContentId, Boolean>> entries = pending.entrySet().iterator();
        while (entries.hasNext() && have.size() < limit && drop.size() < limit) {
            Map.Entry<ContentId, Boolean> entry = entries.next();
            ContentId content = entry.getKey();
            if (!entry.getValue()) {
                drop.add(content);
                told.remove(content);
            } else if (told.size() < maxTold) {
                have.add(content);
                told.add(content);
            }
            entries.remove();
        }
        return new Delta(have, drop);
    }
}
