package dev.rivulet.tracker.api;

import dev.rivulet.protocol.id.Sha256;
import dev.rivulet.tracker.http.RequestReader;
import dev.rivulet.tracker.signaling.Arrival;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.handlers.sse.ServerSentEventConnection;
import io.undertow.server.handlers.sse.ServerSentEventHandler;
import io.undertow.util.ETag;
import io.undertow.util.ETagUtils;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import io.undertow.util.StatusCodes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.xnio.XnioExecutor;

/**
 * Takes a request through all that an endpoint declares, in this order: caller, query, body, If-Match, trial, If-Match once
 * more, handler, answer. All of it is done on worker threads, but for the waiting for the body.
 */
final class Dispatch<B> implements HttpHandler {
    /** Bytes of the largest body. */
    static final int MAX_BODY_BYTES = 256 * 1024;
    /** Bytes of the largest body of who need not show a credential; above what signing in takes. */
    static final int MAX_ANYONES_BODY_BYTES = 16 * 1024;
    /** Bytes of all bodies that are there, be it in part, and not yet answered, of callers who are known. */
    static final long MAX_HELD_BYTES = 32L * 1024 * 1024;
    /** The same of who need not show a credential. */
    static final long MAX_ANYONES_HELD_BYTES = 16L * 1024 * 1024;
    /** How long a stream lives; then its reader has to come again. */
    static final int MAX_STREAM_MINUTES = 15;
    /** How often it is looked whether a stream's reader may still read. */
    static final int STREAM_CHECK_SECONDS = 1;

    /** Readers of one stream at once. */
    static final int MAX_STREAMS = 200;

    private static final String JSON = "application/json";
    /** Asks nginx to pass on what is sent as it comes, without a setting of its own. */
    private static final HttpString UNBUFFERED = new HttpString("X-Accel-Buffering");

    private static final HttpString FETCH_SITE = new HttpString("Sec-Fetch-Site");

    private final Endpoint endpoint;
    private final Endpoint.Work<B> work;
    private final @Nullable Shape shape;
    private final Api.Surroundings around;
    private final Shared shared;
    private final RequestReader bodies;
    private final AtomicInteger streams = new AtomicInteger();

    Dispatch(Endpoint endpoint, Endpoint.Work<B> work, Api.Surroundings around, Shared shared) {
        this.endpoint = endpoint;
        this.work = work;
        this.shape = work.type() == Nothing.class ? null : Shape.of(work.type());
        this.around = around;
        this.shared = shared;
        this.bodies = shape == null ? RequestReader.ignoring() : shared.bodies(endpoint.least);
    }

    /** What the endpoints of one API have in common. */
    static final class Shared {
        private final ReentrantLock edits = new ReentrantLock();
        private final RequestReader known = RequestReader.of(MAX_BODY_BYTES, MAX_HELD_BYTES);
        private final RequestReader anyones = RequestReader.of(MAX_ANYONES_BODY_BYTES, MAX_ANYONES_HELD_BYTES);

        private RequestReader bodies(Role least) {
            return least == Role.ANYONE ? anyones : known;
        }
    }

    static HttpHandler of(Endpoint endpoint, Api.Surroundings around, Shared shared) {
        Dispatch<?> dispatch = new Dispatch<>(endpoint, endpoint.work, around, shared);
        return exchange -> exchange.dispatch(dispatch);
    }

    @Override
    public void handleRequest(HttpServerExchange exchange) throws Exception {
        Caller caller = Caller.NOBODY;
        Arrival arrival;
        try {
            caller = Admission.admit(endpoint, around.gate(), exchange);
            Call.checkQuery(endpoint, exchange);
            arrival = around.arrivals()
                    .of(exchange)
                    .orElseThrow(() -> Refusal.malformed("The Host header names no host."));
            checkType(exchange);
        } catch (Refusal e) {
            audit(exchange, caller.name(), "", e.status());
            e.send(exchange);
            return;
        }
        bodies.read(exchange, new Admitted(caller, arrival));
    }

    /** What becomes of a request that was let in. */
    private final class Admitted implements RequestReader.Taker {
        private final Caller caller;
        private final Arrival arrival;

        private Admitted(Caller caller, Arrival arrival) {
            this.caller = caller;
            this.arrival = arrival;
        }

        @Override
        public void take(HttpServerExchange exchange, byte[] body) throws Exception {
            answer(exchange, caller, arrival, body);
        }

        @Override
        public void refuse(HttpServerExchange exchange, RequestReader.Failure failure) {
            Refusal refusal =
                    switch (failure) {
                        case TOO_LARGE ->
                            Refusal.of(failure.status(), "too-large", "Send at most " + bodies.maxBytes() + " bytes.");
                        case TOO_SLOW -> Refusal.of(failure.status(), "too-slow", failure.detail());
                        case BUSY -> Refusal.of(failure.status(), "busy", failure.detail());
                    };
            audit(exchange, caller.name(), "", refusal.status());
            refusal.send(exchange);
        }
    }

    private void answer(HttpServerExchange exchange, Caller caller, Arrival arrival, byte[] body) throws Exception {
        Call<B> call = null;
        try {
            call = new Call<>(exchange, caller, arrival, read(body));
            if (work.stream() != null) {
                stream(exchange, work.stream(), caller, arrival);
                return;
            }
            carryOut(exchange, call);
        } catch (Refusal e) {
            audit(exchange, call == null ? caller.name() : call.who(), call == null ? "" : call.detail(), e.status());
            e.send(exchange);
        }
    }

    private void carryOut(HttpServerExchange exchange, Call<B> call) throws Refusal, IOException, InterruptedException {
        Endpoint.Handler<B, ?> handler = work.handler();
        if (handler == null) {
            throw new IllegalStateException(endpoint.name() + " has no handler");
        }
        if (work.trial() != null) {
            checkMatch(exchange, call);
            work.trial().handle(call);
        }
        Object answer;
        if (endpoint.current == null) {
            answer = handler.handle(call);
        } else {
            shared.edits.lockInterruptibly();
            try {
                checkMatch(exchange, call);
                answer = handler.handle(call);
            } finally {
                shared.edits.unlock();
            }
        }
        audit(exchange, call.who(), call.detail(), endpoint.status);
        exchange.setStatusCode(endpoint.status);
        send(exchange, answer);
    }

    private void checkMatch(HttpServerExchange exchange, Call<B> call)
            throws Refusal, IOException, InterruptedException {
        Endpoint.Handler<Nothing, ?> current = endpoint.current;
        if (current == null) {
            return;
        }
        Object view = current.handle(new Call<>(exchange, call.caller(), call.arrival(), new Nothing()));
        if (!exchange.getRequestHeaders().contains(Headers.IF_MATCH)) {
            throw Refusal.of(
                    StatusCodes.PRECONDITION_REQUIRED,
                    "if-match-required",
                    "Send If-Match with the ETag of what you have read, so that nobody's change is lost.");
        }
        if (!ETagUtils.handleIfMatch(exchange, tag(Bodies.write(view)), false)) {
            throw Refusal.of(
                    StatusCodes.PRECONDITION_FAILED,
                    "changed-meanwhile",
                    "It is not what you have read any more; read it again, and decide anew.");
        }
    }

    private B read(byte[] body) throws Refusal {
        return shape == null ? work.type().cast(new Nothing()) : Bodies.read(body, shape, work.type());
    }

    private void checkType(HttpServerExchange exchange) throws Refusal {
        if (shape == null) {
            return;
        }
        String type = exchange.getRequestHeaders().getFirst(Headers.CONTENT_TYPE);
        if (type == null
                || !type.toLowerCase(Locale.ROOT).split(";", -1)[0].strip().equals(JSON)) {
            // Only a page of our own may send this type without being asked first by its browser.
            throw Refusal.of(
                    StatusCodes.UNSUPPORTED_MEDIA_TYPE, "not-json", "Send the body as Content-Type: application/json.");
        }
    }

    private void send(HttpServerExchange exchange, Object answer) {
        if (endpoint.form == Endpoint.Form.NONE) {
            exchange.endExchange();
            return;
        }
        exchange.getResponseHeaders().put(Headers.CACHE_CONTROL, "no-store");
        if (endpoint.form == Endpoint.Form.TEXT) {
            exchange.getResponseHeaders().put(Headers.CONTENT_TYPE, "text/plain; charset=utf-8");
            exchange.getResponseSender().send((String) answer, StandardCharsets.UTF_8);
            return;
        }
        byte[] body = Bodies.write(answer);
        ETag tag = tag(body);
        exchange.getResponseHeaders().put(Headers.ETAG, tag.toString());
        if (!endpoint.isChange() && !ETagUtils.handleIfNoneMatch(exchange, tag, true)) {
            exchange.setStatusCode(StatusCodes.NOT_MODIFIED);
            exchange.endExchange();
            return;
        }
        exchange.getResponseHeaders().put(Headers.CONTENT_TYPE, JSON);
        exchange.getResponseSender().send(ByteBuffer.wrap(body));
    }

    private void stream(HttpServerExchange exchange, Endpoint.Stream stream, Caller caller, Arrival arrival)
            throws Exception {
        if (streams.incrementAndGet() > MAX_STREAMS) {
            streams.decrementAndGet();
            throw Refusal.of(StatusCodes.SERVICE_UNAVAILABLE, "busy", "Too many read this already; try again later.");
        }
        Call<Nothing> call = new Call<>(exchange, caller, arrival, new Nothing());
        exchange.getResponseHeaders().put(Headers.CACHE_CONTROL, "no-store").put(UNBUFFERED, "no");
        exchange.addExchangeCompleteListener((ended, next) -> {
            streams.decrementAndGet();
            next.proceed();
        });
        new ServerSentEventHandler((connection, lastEventId) -> {
                    XnioExecutor.Key end = exchange.getIoThread()
                            .executeAfter(connection::shutdown, MAX_STREAM_MINUTES, TimeUnit.MINUTES);
                    connection.addCloseTask(closed -> end.remove());
                    endWithAdmission(exchange, connection);
                    stream.opened(call, connection);
                })
                .handleRequest(exchange);
    }

    /** Who was signed out, or whose token expired or was taken back, is told nothing more. */
    private void endWithAdmission(HttpServerExchange exchange, ServerSentEventConnection connection) {
        Runnable check = () -> {
            if (!Admission.mayStay(endpoint, around.gate(), exchange)) {
                connection.shutdown();
            }
        };
        XnioExecutor.Key checks = exchange.getIoThread()
                .executeAtInterval(
                        () -> exchange.getConnection().getWorker().execute(check),
                        STREAM_CHECK_SECONDS,
                        TimeUnit.SECONDS);
        connection.addCloseTask(closed -> checks.remove());
    }

    private void audit(HttpServerExchange exchange, String who, String detail, int status) {
        // What nobody known tried, or tried too often, is not kept: else anybody could fill the log.
        if (!endpoint.isChange() || who.isEmpty() || status == StatusCodes.TOO_MANY_REQUESTS) {
            return;
        }
        String path = exchange.getRequestPath();
        String target = path.startsWith(Endpoint.BASE) ? path.substring(Endpoint.BASE.length()) : path;
        around.audit().keep(new Audit.Deed(who, endpoint.name(), target, detail, status));
    }

    private static ETag tag(byte[] body) {
        return new ETag(false, Sha256.of(body).text());
    }

    /** Whether a browser says that another site's page asks. */
    static boolean isForeign(HttpServerExchange exchange) {
        String site = exchange.getRequestHeaders().getFirst(FETCH_SITE);
        return site != null && !site.equals("same-origin") && !site.equals("none");
    }
}
