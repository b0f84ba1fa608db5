package dev.rivulet.edge.tracker;

import dev.rivulet.protocol.message.ClientMessage;
import dev.rivulet.protocol.message.TrackerMessage;
import java.util.ArrayList;
import java.util.List;

/** A connection that is always there, and remembers what it was to send. */
public final class FakeTrackerLink implements TrackerLink {
    public final List<ClientMessage> sent = new ArrayList<>();
    private final List<Listener> listeners = new ArrayList<>();

    @Override
    public boolean send(ClientMessage message) {
        return sent.add(message);
    }

    @Override
    public void listen(Listener listener) {
        listeners.add(listener);
    }

    /** The tracker says something. */
    public void say(TrackerMessage message) {
        listeners.forEach(listener -> listener.received(message));
    }
}
