package dev.rivulet.tracker.figures;

import dev.rivulet.protocol.message.ClientMessage.ByteCounts;
import dev.rivulet.protocol.message.ClientMessage.EdgeState;
import dev.rivulet.protocol.message.ClientMessage.Rates;
import dev.rivulet.protocol.message.ClientMessage.Report;
import dev.rivulet.protocol.message.ClientMessage.Share;
import org.jspecify.annotations.Nullable;

/** What an edge said of itself, and how much it moved since that was written down. Thread-safe. */
final class EdgeTally {
    private final Share unknown = new Share(0, 0);
    private @Nullable EdgeState state;
    private long up;
    private long down;
    private long origin;

    /** Bytes sent, and received from peers and from origins. */
    record Moved(long up, long down, long origin) {
        boolean isNothing() {
            return up == 0 && down == 0 && origin == 0;
        }
    }

    EdgeTally(@Nullable EdgeState state) {
        this.state = state;
    }

    synchronized void take(Report report) {
        ByteCounts bytes = report.bytes();
        if (bytes != null) {
            up += bytes.uploaded();
            down += bytes.peers() + bytes.edges();
            origin += bytes.origin();
        }
        if (report.edge() != null) {
            state = report.edge();
        }
    }

    /** In its own words; zeros before it has said any. */
    synchronized EdgeState state() {
        return state == null ? new EdgeState(null, null, unknown, unknown, new Rates(0, 0)) : state;
    }

    /** What was moved since this was called last. */
    synchronized Moved takeMoved() {
        Moved moved = new Moved(up, down, origin);
        up = 0;
        down = 0;
        origin = 0;
        return moved;
    }
}
