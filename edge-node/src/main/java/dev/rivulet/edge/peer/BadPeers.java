package dev.rivulet.edge.peer;

import dev.rivulet.protocol.id.PeerId;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;

/** Peers that are not met again. A peer id lasts one page load, so the oldest can be forgotten. Belongs to the loop. */
final class BadPeers {
    /** How many are remembered. */
    static final int MAX = 4096;

    private final Set<PeerId> ids = new LinkedHashSet<>();

    void add(PeerId peer) {
        if (ids.add(peer) && ids.size() > MAX) {
            Iterator<PeerId> oldest = ids.iterator();
            oldest.next();
            oldest.remove();
        }
    }

    boolean contains(PeerId peer) {
        return ids.contains(peer);
    }
}
