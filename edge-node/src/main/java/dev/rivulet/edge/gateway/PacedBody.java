package dev.rivulet.edge.gateway;

import dev.rivulet.edge.limit.SharedRate;
import io.undertow.io.IoCallback;
import io.undertow.io.Sender;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.SameThreadExecutor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.LongConsumer;

/**
 * Sends a response's body turn by turn, as the shared rate allows. No thread waits meanwhile: what holds the body is the
 * turn that it waits for, or the socket.
 */
final class PacedBody implements IoCallback {
    private final HttpServerExchange exchange;
    private final SharedRate rate;
    private final Object client;
    private final ByteBuffer body;
    private final LongConsumer sent;

    private PacedBody(HttpServerExchange exchange, SharedRate rate, ByteBuffer body, LongConsumer sent) {
        this.exchange = exchange;
        this.rate = rate;
        this.client = Client.of(exchange);
        this.body = body;
        this.sent = sent;
    }

    /**
     * Sends the body and ends the exchange; returns at once.
     *
     * @param sent told of bytes as they go out
     */
    static void send(HttpServerExchange exchange, SharedRate rate, ByteBuffer body, LongConsumer sent) {
        if (rate.isUnlimited()) {
            sent.accept(body.remaining());
            exchange.getResponseSender().send(body);
            return;
        }
        exchange.setResponseContentLength(body.remaining());
        PacedBody paced = new PacedBody(exchange, rate, body, sent);
        // Once the handler has returned: until then a response that waits would be taken for one that has ended.
        exchange.dispatch(SameThreadExecutor.INSTANCE, paced::next);
    }

    private void next() {
        if (!body.hasRemaining()) {
            exchange.endExchange();
            return;
        }
        int length = Math.min(SharedRate.MAX_TURN_BYTES, body.remaining());
        boolean now = rate.take(
                client, length, () -> exchange.getConnection().getWorker().execute(() -> write(length)));
        if (now) {
            write(length);
        }
    }

    private void write(int length) {
        ByteBuffer turn = body.slice(body.position(), length);
        body.position(body.position() + length);
        sent.accept(length);
        exchange.getResponseSender().send(turn, this);
    }

    @Override
    public void onComplete(HttpServerExchange done, Sender sender) {
        next();
    }

    @Override
    public void onException(HttpServerExchange failed, Sender sender, IOException reason) {
        // The client has gone.
        IoCallback.END_EXCHANGE.onException(failed, sender, reason);
    }
}
