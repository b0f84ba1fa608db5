package dev.rivulet.edge.tracker;

import dev.rivulet.protocol.message.ClientMessage;
import dev.rivulet.protocol.message.TrackerMessage;

/** The connection to the tracker, which comes and goes. Any thread may call any method. */
public interface TrackerLink {
    /** Hears what the tracker says, on the link's own thread, one call at a time; must not block. */
    interface Listener {
        /** A message came; the welcome is one, and the first after every connection. */
        void received(TrackerMessage message);

        /** The connection is gone; another {@code welcome} may follow. */
        default void lost() {}
    }

    /**
     * Sends a message to the tracker.
     *
     * @return false when there is no welcomed connection now: the message is dropped, never kept for later
     */
    boolean send(ClientMessage message);

    /** Registers a listener for good. */
    void listen(Listener listener);
}
