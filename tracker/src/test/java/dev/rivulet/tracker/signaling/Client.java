package dev.rivulet.tracker.signaling;

import dev.rivulet.protocol.catalog.EdgeProof;
import dev.rivulet.protocol.catalog.SigningKey;
import dev.rivulet.protocol.id.PeerId;
import dev.rivulet.protocol.message.ClientMessage;
import dev.rivulet.protocol.message.ClientMessage.Hello;
import dev.rivulet.protocol.message.ClientMessage.Proof;
import dev.rivulet.protocol.message.Messages;
import dev.rivulet.protocol.message.TrackerMessage.Challenge;
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
        return say(message, FakeSite.EDGE_KEY);
    }

    /** {@code key} is whose an edge's hello says that it is. */
    Client say(ClientMessage message, SigningKey key) {
        sayText(Messages.encode(message));
        if (message instanceof Hello hello && hello.key() != null) {
            prove(hello, key);
        }
        return this;
    }

    /** Answers the challenge, if there is one. */
    private void prove(Hello hello, SigningKey key) {
        for (Challenge challenge : outlet.sent(Challenge.class)) {
            outlet.sent.remove(challenge);
            String proof = key.sign(new EdgeProof(hello.site(), challenge.challenge()));
            sayText(Messages.encode(new Proof(proof)));
        }
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
