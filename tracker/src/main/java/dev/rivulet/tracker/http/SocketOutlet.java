package dev.rivulet.tracker.http;

import dev.rivulet.tracker.signaling.Outlet;
import io.undertow.websockets.core.WebSocketCallback;
import io.undertow.websockets.core.WebSocketChannel;
import io.undertow.websockets.core.WebSockets;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xnio.IoUtils;

/** Sends over a WebSocket, and keeps no more than {@link #MAX_QUEUED_BYTES} for a client that does not read. */
final class SocketOutlet implements Outlet {
    /** Sixteen of the largest messages: a client that lets more wait has stopped reading. */
    static final long MAX_QUEUED_BYTES = 1024 * 1024;

    private static final Logger log = LoggerFactory.getLogger(SocketOutlet.class);

    private final WebSocketChannel channel;
    private final AtomicLong queuedBytes = new AtomicLong();

    SocketOutlet(WebSocketChannel channel) {
        this.channel = channel;
    }

    /** Several threads send; one at a time, so that each thread's messages keep their order. */
    @Override
    public synchronized void send(byte[] utf8) {
        if (channel.isCloseFrameSent() || !channel.isOpen()) {
            return;
        }
        if (queuedBytes.addAndGet(utf8.length) > MAX_QUEUED_BYTES) {
            log.debug("a client does not read what it is sent");
            cut();
            return;
        }
        WebSockets.sendText(ByteBuffer.wrap(utf8), channel, new Sent(utf8.length));
    }

    @Override
    public synchronized void ping() {
        if (!channel.isCloseFrameSent() && channel.isOpen()) {
            WebSockets.sendPing(ByteBuffer.allocate(0), channel, null);
        }
    }

    @Override
    public synchronized void close(int code, String reason) {
        if (!channel.isCloseFrameSent() && channel.isOpen()) {
            WebSockets.sendClose(code, reason, channel, null);
        }
    }

    /** On the channel's own thread, since closing calls back and the caller may hold locks. */
    @Override
    public void cut() {
        channel.getIoThread().execute(() -> IoUtils.safeClose(channel));
    }

    private final class Sent implements WebSocketCallback<Void> {
        private final int bytes;

        Sent(int bytes) {
            this.bytes = bytes;
        }

        @Override
        public void complete(WebSocketChannel sentOn, Void context) {
            queuedBytes.addAndGet(-bytes);
        }

        @Override
        public void onError(WebSocketChannel sentOn, Void context, Throwable reason) {
            cut();
        }
    }
}
