package dev.rivulet.edge.peer;

import dev.rivulet.protocol.id.ContentId;
import dev.rivulet.protocol.id.PeerId;
import java.util.HashSet;
import java.util.Set;

/** A search for holders of a content: what it still waits for. Belongs to the loop. */
final class Search {
    private final ContentId content;
    private final Runnable settled;
    private final Set<PeerId> awaited = new HashSet<>();
    private boolean tracker = true;
    private boolean over;

    /** @param settled run once, when nothing is waited for any more */
    Search(ContentId content, Runnable settled) {
        this.content = content;
        this.settled = settled;
    }

    ContentId content() {
        return content;
    }

    boolean isOver() {
        return over;
    }

    /** Waits for a peer to say what it holds. */
    void await(PeerId peer) {
        awaited.add(peer);
    }

    /** The peer has said it, or will not. */
    void heard(PeerId peer) {
        awaited.remove(peer);
        settle();
    }

    /** The tracker has answered, or will not. */
    void trackerHeard() {
        tracker = false;
        settle();
    }

    private void settle() {
        if (!over && !tracker && awaited.isEmpty()) {
            over = true;
            settled.run();
        }
    }
}
