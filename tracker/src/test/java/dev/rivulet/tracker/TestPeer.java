package dev.rivulet.tracker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rivulet.protocol.DecodeException;
import dev.rivulet.protocol.fixtures.Schemas;
import dev.rivulet.protocol.message.ClientMessage;
import dev.rivulet.protocol.message.Messages;
import dev.rivulet.protocol.message.TrackerMessage;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import org.java_websocket.client.WebSocketClient;
import org.java_websocket.drafts.Draft_6455;
import org.java_websocket.handshake.ServerHandshake;
import org.java_websocket.protocols.Protocol;

/** A foreign WebSocket client of the tracker. */
final class TestPeer extends WebSocketClient {
    /** How long anything may take on a busy machine. */
    static final int PATIENCE_SECONDS = 60;

    private final BlockingQueue<String> received = new LinkedBlockingQueue<>();
    private final CompletableFuture<Integer> closeCode = new CompletableFuture<>();

    private TestPeer(URI uri, String subprotocol, Map<String, String> headers) {
        super(uri, new Draft_6455(List.of(), List.of(new Protocol(subprotocol))), headers);
    }

    /** Connects as a page of {@code origin}, or as no browser does when that is null. */
    static TestPeer connect(String uri, String origin) throws InterruptedException {
        return connect(uri, "rivulet.v1", origin);
    }

    /** Connects over TLS. */
    static TestPeer connect(String uri, String origin, SSLContext trust) throws InterruptedException {
        TestPeer peer = new TestPeer(URI.create(uri), "rivulet.v1", Map.of("Origin", origin));
        peer.setSocketFactory(trust.getSocketFactory());
        peer.connectBlocking(PATIENCE_SECONDS, TimeUnit.SECONDS);
        return peer;
    }

    static TestPeer connect(String uri, String subprotocol, String origin) throws InterruptedException {
        Map<String, String> headers = new HashMap<>();
        if (origin != null) {
            headers.put("Origin", origin);
        }
        TestPeer peer = new TestPeer(URI.create(uri), subprotocol, headers);
        peer.connectBlocking(PATIENCE_SECONDS, TimeUnit.SECONDS);
        return peer;
    }

    TestPeer say(ClientMessage message) {
        String text = Messages.encode(message);
        assertThat(Schemas.complaints("client-message", text)).isEmpty();
        send(text);
        return this;
    }

    /** The next message, which has to be of that type. */
    <T extends TrackerMessage> T hear(Class<T> type) throws InterruptedException, DecodeException {
        String text = received.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (text == null) {
            throw new AssertionError("waited in vain for " + type.getSimpleName());
        }
        assertThat(Schemas.complaints("tracker-message", text)).isEmpty();
        return type.cast(Messages.decodeTracker(text));
    }

    /** What the tracker closed with. */
    int closeCode() throws Exception {
        return closeCode.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public void onOpen(ServerHandshake handshake) {}

    @Override
    public void onMessage(String message) {
        received.add(message);
    }

    @Override
    public void onClose(int code, String reason, boolean remote) {
        closeCode.complete(code);
    }

    @Override
    public void onError(Exception e) {}
}
