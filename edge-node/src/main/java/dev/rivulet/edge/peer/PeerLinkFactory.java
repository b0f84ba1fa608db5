package dev.rivulet.edge.peer;

import dev.rivulet.protocol.message.SignalBody;
import dev.rivulet.protocol.message.TrackerMessage.IceServer;
import java.util.List;

/** Makes links. Any thread may call; nothing blocks but {@link #close}. */
public interface PeerLinkFactory extends AutoCloseable {
    /** A link that will signal an offer. */
    PeerLink offer(List<IceServer> ice, PeerLink.Listener listener);

    /** A link that answers this offer of the other side. */
    PeerLink answer(List<IceServer> ice, SignalBody.Offer offer, PeerLink.Listener listener);

    /** Closes every link and waits for them; links asked for later close at once. */
    @Override
    void close();
}
