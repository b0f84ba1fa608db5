package dev.rivulet.tracker.http;

import io.undertow.connector.PooledByteBuffer;
import io.undertow.io.IoCallback;
import io.undertow.io.Sender;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.RequestTooBigException;
import io.undertow.server.handlers.BlockingHandler;
import io.undertow.server.protocol.http.HttpContinue;
import io.undertow.util.StatusCodes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xnio.IoUtils;
import org.xnio.XnioExecutor;
import org.xnio.channels.StreamSourceChannel;

/**
 * Takes in the bodies of requests as they come, with no thread that waits for them, and has a worker thread go on once
 * one is there whole: whoever sends slowly keeps nobody else waiting. Thread-safe.
 */
public final class RequestReader {
    /** How long every body may take. */
    public static final int PATIENCE_MS = 15_000;
    /** What larger bodies have to come at: for so many bytes they may take a second longer. */
    public static final int SLOWEST_BYTES_PER_SECOND = 32 * 1024;
    /** Bytes of the largest body that nobody looks at. */
    static final int MAX_IGNORED_BYTES = 256 * 1024;

    /** How long the rest of a body may still come after it was refused as too slow; then its connection is closed. */
    private static final int LINGER_MS = 5_000;

    private static final int SECOND_MS = 1000;
    private static final Logger log = LoggerFactory.getLogger(RequestReader.class);
    private static final RequestReader IGNORING = new RequestReader(MAX_IGNORED_BYTES, 0, false);

    private final int maxBytes;
    private final long maxHeldBytes;
    private final boolean keeps;
    private final AtomicLong heldBytes = new AtomicLong();

    private RequestReader(int maxBytes, long maxHeldBytes, boolean keeps) {
        this.maxBytes = maxBytes;
        this.maxHeldBytes = maxHeldBytes;
        this.keeps = keeps;
    }

    /**
     * One that keeps what comes.
     *
     * @param maxBytes of the largest body
     * @param maxHeldBytes of all that are there, be it in part, and not yet answered
     */
    public static RequestReader of(int maxBytes, long maxHeldBytes) {
        return new RequestReader(maxBytes, maxHeldBytes, true);
    }

    /** One for requests that need no body: whatever comes, at most {@link #MAX_IGNORED_BYTES}, is dropped. */
    public static RequestReader ignoring() {
        return IGNORING;
    }

    /** Has {@code next} answer on a worker thread, where it may block, once the request is there whole. */
    public static HttpHandler onWorker(HttpHandler next) {
        return exchange -> IGNORING.read(exchange, (whole, body) -> next.handleRequest(whole));
    }

    /** Why a body was not taken. */
    public enum Failure {
        TOO_LARGE(StatusCodes.REQUEST_ENTITY_TOO_LARGE, "The body is too large."),
        TOO_SLOW(StatusCodes.REQUEST_TIME_OUT, "The body took too long to arrive."),
        BUSY(StatusCodes.SERVICE_UNAVAILABLE, "Too many bodies arrive at once; try again later.");

        private final int status;
        private final String detail;

        Failure(int status, String detail) {
            this.status = status;
            this.detail = detail;
        }

        /** What to answer with. */
        public int status() {
            return status;
        }

        /** A sentence for whoever sent it. */
        public String detail() {
            return detail;
        }
    }

    /** What becomes of a request; both on a worker thread. */
    public interface Taker {
        /** The body is whole; may block. */
        void take(HttpServerExchange exchange, byte[] body) throws Exception;

        /** There will be none; answers without an output stream, which would wait for the rest. */
        default void refuse(HttpServerExchange exchange, Failure failure) {
            new Problem(failure.status(), failure.detail()).send(exchange);
        }
    }

    /** Of the largest body. */
    public int maxBytes() {
        return maxBytes;
    }

    /** Of all bodies that are there, be it in part, and not yet answered. */
    long heldBytes() {
        return heldBytes.get();
    }

    /** How long a body of so many bytes may take. */
    static long patienceMs(long bytes) {
        return PATIENCE_MS + bytes * SECOND_MS / SLOWEST_BYTES_PER_SECOND;
    }

    /** Reads the body; called by a handler, on any thread, as the last that it does. */
    public void read(HttpServerExchange exchange, Taker taker) throws Exception {
        if (exchange.isRequestComplete()) {
            new BlockingHandler(ready -> taker.take(ready, new byte[0])).handleRequest(exchange);
        } else {
            exchange.dispatch(exchange.getIoThread(), (HttpHandler) waiting -> new Reading(waiting, taker).begin());
        }
    }

    /** Closes the connection then, unless the request is there by that time. */
    static void expect(HttpServerExchange exchange, long withinMs) {
        XnioExecutor.Key end = exchange.getIoThread()
                .executeAfter(
                        () -> {
                            if (!exchange.isRequestComplete()) {
                                IoUtils.safeClose(exchange.getConnection());
                            }
                        },
                        withinMs,
                        TimeUnit.MILLISECONDS);
        exchange.addExchangeCompleteListener((ended, next) -> {
            end.remove();
            next.proceed();
        });
    }

    /** One body; on the connection's I/O thread. */
    private final class Reading implements IoCallback {
        private final HttpServerExchange exchange;
        private final Taker taker;
        private ByteArrayOutputStream kept = new ByteArrayOutputStream();
        private XnioExecutor.@Nullable Key deadline;
        private @Nullable StreamSourceChannel channel;
        private long bytes;
        private boolean over;

        private Reading(HttpServerExchange exchange, Taker taker) {
            this.exchange = exchange;
            this.taker = taker;
        }

        private void begin() {
            long length = exchange.getRequestContentLength();
            if (length > maxBytes) {
                fail(Failure.TOO_LARGE);
                return;
            }
            deadline = exchange.getIoThread()
                    .executeAfter(
                            () -> fail(Failure.TOO_SLOW),
                            patienceMs(length < 0 ? maxBytes : length),
                            TimeUnit.MILLISECONDS);
            if (HttpContinue.requiresContinueResponse(exchange)) {
                HttpContinue.sendContinueResponse(exchange, this);
            } else {
                open();
            }
        }

        @Override
        public void onComplete(HttpServerExchange continued, @Nullable Sender sender) {
            open();
        }

        @Override
        public void onException(HttpServerExchange failed, @Nullable Sender sender, IOException e) {
            abandon(e);
        }

        private void open() {
            channel = exchange.getRequestChannel();
            if (channel == null) {
                throw new IllegalStateException("the body was read already");
            }
            readable(channel);
        }

        private void readable(StreamSourceChannel from) {
            if (over) {
                return;
            }
            try (PooledByteBuffer pooled =
                    exchange.getConnection().getByteBufferPool().allocate()) {
                ByteBuffer buffer = pooled.getBuffer();
                int read = from.read(buffer);
                while (read > 0) {
                    Failure failure = take(buffer.flip());
                    if (failure != null) {
                        fail(failure);
                        return;
                    }
                    read = from.read(buffer.clear());
                }
                if (read < 0) {
                    whole();
                    return;
                }
                from.getReadSetter().set(this::readable);
                from.resumeReads();
            } catch (RequestTooBigException e) {
                fail(Failure.TOO_LARGE);
            } catch (IOException e) {
                abandon(e);
            }
        }

        private @Nullable Failure take(ByteBuffer buffer) {
            int more = buffer.remaining();
            bytes += more;
            if (keeps) {
                byte[] copy = new byte[more];
                buffer.get(copy);
                kept.write(copy, 0, more);
            }
            if (keeps && heldBytes.addAndGet(more) > maxHeldBytes) {
                return Failure.BUSY;
            }
            return bytes > maxBytes ? Failure.TOO_LARGE : null;
        }

        private void whole() {
            end();
            onWorker(new BlockingHandler(ready -> {
                try {
                    taker.take(ready, kept.toByteArray());
                } finally {
                    release();
                }
            }));
        }

        private void fail(Failure failure) {
            if (over) {
                return;
            }
            end();
            release();
            if (failure == Failure.TOO_SLOW) {
                exchange.setPersistent(false);
                expect(exchange, LINGER_MS);
            }
            onWorker(refused -> taker.refuse(refused, failure));
        }

        /** Who sent it is gone. */
        private void abandon(IOException e) {
            log.debug("a request was given up", e);
            end();
            release();
            onWorker(gone -> gone.setPersistent(false)
                    .setStatusCode(StatusCodes.BAD_REQUEST)
                    .endExchange());
        }

        private void end() {
            over = true;
            if (deadline != null) {
                deadline.remove();
            }
            if (channel != null) {
                channel.suspendReads();
            }
        }

        private void release() {
            if (keeps) {
                heldBytes.addAndGet(-bytes);
                kept = new ByteArrayOutputStream();
            }
        }

        private void onWorker(HttpHandler handler) {
            try {
                exchange.dispatch(exchange.getConnection().getWorker(), handler);
            } catch (RejectedExecutionException e) {
                log.debug("the tracker ends; a request is not answered", e);
                IoUtils.safeClose(exchange.getConnection());
            }
        }
    }
}
