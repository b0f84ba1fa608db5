package dev.rivulet.edge.tracker;

import dev.rivulet.edge.config.TrackerBase;
import dev.rivulet.protocol.DecodeException;
import dev.rivulet.protocol.Limits;
import dev.rivulet.protocol.message.ClientMessage;
import dev.rivulet.protocol.message.Messages;
import dev.rivulet.protocol.message.TrackerMessage;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.java_websocket.client.WebSocketClient;
import org.java_websocket.drafts.Draft_6455;
import org.java_websocket.exceptions.WebsocketNotConnectedException;
import org.java_websocket.handshake.ServerHandshake;
import org.java_websocket.protocols.Protocol;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One attempt at, and life of, a WebSocket to a tracker. Calls its events on threads of its own. */
final class TrackerConnection extends WebSocketClient {
    /** The WebSocket subprotocol. */
    static final String SUBPROTOCOL = "rivulet.v1";

    private static final Logger log = LoggerFactory.getLogger(TrackerConnection.class);

    /** What happens to a connection; every one of them is closed exactly once. */
    interface Events {
        void opened(TrackerConnection connection);

        void received(TrackerConnection connection, TrackerMessage message);

        void closed(TrackerConnection connection, int code, String reason);
    }

    private final Events events;

    TrackerConnection(TrackerBase base, String agent, Duration timeout, Events events) {
        super(
                base.webSocket(),
                new Draft_6455(List.of(), List.of(new Protocol(SUBPROTOCOL)), Limits.MAX_TRACKER_MESSAGE_BYTES),
                Map.of("User-Agent", agent),
                Math.toIntExact(timeout.toMillis()));
        this.events = events;
        setConnectionLostTimeout(Limits.TRACKER_PING_SECONDS);
        setDaemon(true);
    }

    /** Returns false when the connection is not open. */
    boolean send(ClientMessage message) {
        try {
            send(Messages.encode(message));
            return true;
        } catch (WebsocketNotConnectedException e) {
            return false;
        }
    }

    /** The tracker's address, null when there is no connection. */
    InetSocketAddress address() {
        return getRemoteSocketAddress();
    }

    @Override
    public void onOpen(ServerHandshake handshake) {
        events.opened(this);
    }

    @Override
    public void onMessage(String text) {
        try {
            events.received(this, Messages.decodeTracker(text));
        } catch (DecodeException e) {
            log.warn("ignoring a malformed message of the tracker: {}", e.getMessage());
        }
    }

    @Override
    public void onMessage(ByteBuffer bytes) {
        log.warn("ignoring a binary message of the tracker");
    }

    @Override
    public void onClose(int code, String reason, boolean remote) {
        events.closed(this, code, reason);
    }

    @Override
    public void onError(Exception e) {
        log.debug("tracker connection: {}", e.toString());
    }
}
