package dev.rivulet.tracker.signaling;

import dev.rivulet.protocol.id.PeerId;
import dev.rivulet.protocol.message.ClientMessage;
import dev.rivulet.protocol.message.Messages;
import dev.rivulet.protocol.message.TrackerMessage.Welcome;

/** One end of a session, whose other end is signalling itself. */
final class Client {
    final FakeOutlet outlet = new FakeOutlet();
    final Session session;
    private final Signaling signaling;

    Client(Signaling signaling, Arrival arrival) {
        this.signaling = signaling;
        this.session = signaling.connect(arrival, outlet);
    }

    Client say(ClientMessage message) {
        return sayText(Messages.encode(message));
    }

    Client sayText(String text) {
        signaling.receive(session, text);
        return this;
    }

    /** The connection breaks. */
    void lose() {
        signaling.disconnected(session, false);
    }

    /** The client closes the connection. */
    void leave() {
        signaling.disconnected(session, true);
    }

    Welcome welcome() {
        return outlet.only(Welcome.class);
    }

    PeerId id() {
        return welcome().peer();
    }
}
