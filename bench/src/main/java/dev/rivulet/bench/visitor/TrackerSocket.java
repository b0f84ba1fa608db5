package dev.rivulet.bench.visitor;

import dev.rivulet.protocol.message.ClientMessage;
import dev.rivulet.protocol.message.Messages;
import dev.rivulet.protocol.message.Role;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.java_websocket.client.WebSocketClient;
import org.java_websocket.drafts.Draft_6455;
import org.java_websocket.handshake.ServerHandshake;
import org.java_websocket.protocols.Protocol;

/** A connection to the tracker; what it sends waits in the queue. */
final class TrackerSocket extends WebSocketClient implements AutoCloseable {
    final BlockingQueue<Object> events = new LinkedBlockingQueue<>();

    TrackerSocket(Place place) {
        super(
                place.tracker(),
                new Draft_6455(List.of(), List.of(new Protocol("rivulet.v1"))),
                Map.of("Origin", place.origin()));
    }

    void join(Place place) throws Exception {
        if (!connectBlocking(Visit.PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new IllegalStateException("no tracker");
        }
        tell(new ClientMessage.Hello(place.site(), Role.PAGE, "bench", null, null, List.of(), null, null));
    }

    void tell(ClientMessage message) {
        send(Messages.encode(message));
    }

    @Override
    public void onOpen(ServerHandshake handshake) {}

    @Override
    public void onMessage(String text) {
        try {
            events.add(Messages.decodeTracker(text));
        } catch (Exception e) {
            events.add(e);
        }
    }

    @Override
    public void onClose(int code, String reason, boolean remote) {
        events.add(new IllegalStateException("the tracker closes: " + code + " " + reason));
    }

    @Override
    public void onError(Exception e) {
        events.add(e);
    }
}
