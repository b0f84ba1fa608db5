package dev.rivulet.tracker.http;

import dev.rivulet.protocol.Limits;
import dev.rivulet.protocol.TrackerCloseCode;
import dev.rivulet.tracker.signaling.Arrival;
import dev.rivulet.tracker.signaling.Session;
import dev.rivulet.tracker.signaling.Signaling;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.AttachmentKey;
import io.undertow.util.Headers;
import io.undertow.util.StatusCodes;
import io.undertow.websockets.WebSocketProtocolHandshakeHandler;
import io.undertow.websockets.core.AbstractReceiveListener;
import io.undertow.websockets.core.BufferedBinaryMessage;
import io.undertow.websockets.core.BufferedTextMessage;
import io.undertow.websockets.core.WebSocketChannel;
import io.undertow.websockets.core.protocol.version13.Hybi13Handshake;
import io.undertow.websockets.spi.WebSocketHttpExchange;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntSupplier;

/** Turns WebSocket connections of subprotocol {@value #SUBPROTOCOL} into signalling sessions. */
public final class SignalingSocket implements HttpHandler {
    /** The subprotocol that a client has to offer. */
    public static final String SUBPROTOCOL = "rivulet.v1";

    private static final AttachmentKey<Arrival> ARRIVAL = AttachmentKey.create(Arrival.class);
    private static final int NORMAL_CLOSURE = 1000;
    private static final String RETRY_SECONDS = "30";

    private final Signaling signaling;
    private final Arrivals arrivals;
    private final IntSupplier maxConnections;
    private final HttpHandler handshake;

    /** Accepts up to {@code maxConnections} at once, as many as that is now. */
    public SignalingSocket(Signaling signaling, Arrivals arrivals, IntSupplier maxConnections) {
        this.signaling = signaling;
        this.arrivals = arrivals;
        this.maxConnections = maxConnections;
        this.handshake = new WebSocketProtocolHandshakeHandler(
                Set.of(new Hybi13Handshake(Set.of(SUBPROTOCOL), false)),
                this::onConnect,
                new Problem(StatusCodes.BAD_REQUEST, "Not a WebSocket handshake of RFC 6455.")::send);
    }

    @Override
    public void handleRequest(HttpServerExchange exchange) throws Exception {
        Optional<Arrival> arrival = arrivals.of(exchange);
        if (!offersSubprotocol(exchange)) {
            new Problem(StatusCodes.BAD_REQUEST, "Offer the subprotocol " + SUBPROTOCOL + ".").send(exchange);
        } else if (arrival.isEmpty()) {
            new Problem(StatusCodes.BAD_REQUEST, "The Host header names no host.").send(exchange);
        } else if (signaling.isDraining()) {
            refuse(exchange, "This tracker is being drained.");
        } else if (signaling.connections() >= maxConnections.getAsInt()) {
            refuse(exchange, "Too many connections.");
        } else {
            exchange.putAttachment(ARRIVAL, arrival.get());
            handshake.handleRequest(exchange);
        }
    }

    private static void refuse(HttpServerExchange exchange, String why) {
        exchange.getResponseHeaders().put(Headers.RETRY_AFTER, RETRY_SECONDS);
        new Problem(StatusCodes.SERVICE_UNAVAILABLE, why).send(exchange);
    }

    private static boolean offersSubprotocol(HttpServerExchange exchange) {
        for (String header : exchange.getRequestHeaders().eachValue(Headers.SEC_WEB_SOCKET_PROTOCOL)) {
            for (String offered : header.split(",", -1)) {
                if (offered.strip().equals(SUBPROTOCOL)) {
                    return true;
                }
            }
        }
        return false;
    }

    private void onConnect(WebSocketHttpExchange exchange, WebSocketChannel channel) {
        Session session = signaling.connect(exchange.getAttachment(ARRIVAL), new SocketOutlet(channel));
        channel.addCloseTask(closed -> signaling.disconnected(session, isFarewell(closed)));
        channel.getReceiveSetter().set(new Listener(session));
        channel.resumeReceives();
    }

    /** Whether the client said that it leaves, as a page does when it is closed. */
    private static boolean isFarewell(WebSocketChannel channel) {
        int code = channel.getCloseCode();
        return channel.isCloseInitiatedByRemotePeer()
                && (code == NORMAL_CLOSURE || code == TrackerCloseCode.GOING_AWAY.code());
    }

    private final class Listener extends AbstractReceiveListener {
        private final Session session;

        Listener(Session session) {
            this.session = session;
        }

        @Override
        protected long getMaxTextBufferSize() {
            return Limits.MAX_TRACKER_MESSAGE_BYTES;
        }

        @Override
        protected long getMaxBinaryBufferSize() {
            return Limits.MAX_TRACKER_MESSAGE_BYTES;
        }

        @Override
        protected void onFullTextMessage(WebSocketChannel channel, BufferedTextMessage message) {
            signaling.receive(session, message.getData());
        }

        @Override
        protected void onFullBinaryMessage(WebSocketChannel channel, BufferedBinaryMessage message) {
            message.getData().free();
            signaling.receiveBinary(session);
        }

        @Override
        protected void onFullPingMessage(WebSocketChannel channel, BufferedBinaryMessage message) throws IOException {
            signaling.heard(session);
            super.onFullPingMessage(channel, message);
        }

        @Override
        protected void onFullPongMessage(WebSocketChannel channel, BufferedBinaryMessage message) throws IOException {
            signaling.heard(session);
            super.onFullPongMessage(channel, message);
        }
    }
}
