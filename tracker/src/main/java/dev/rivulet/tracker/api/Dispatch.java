package dev.rivulet.tracker.api;

import dev.rivulet.protocol.id.Sha256;
import dev.rivulet.tracker.signaling.Arrival;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.handlers.BlockingHandler;
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
 * more, handler, answer.
 */
final class Dispatch<B> implements HttpHandler {
    /** Bytes of the largest body. */
    static final int MAX_BODY_BYTES = 256 * 1024;
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
    private final ReentrantLock edits;
    private final AtomicInteger streams = new AtomicInteger();

    Dispatch(Endpoint endpoint, Endpoint.Work<B> work, Api.Surroundings around, ReentrantLock edits) {
        this.endpoint = endpoint;
        this.work = work;
        this.shape = work.type() == Nothing.class ? null : Shape.of(work.type());
        this.around = around;
        this.edits = edits;
    }

    /** On a worker thread. */
    static HttpHandler blocking(Endpoint endpoint, Api.Surroundings around, ReentrantLock edits) {
        return new BlockingHandler(new Dispatch<>(endpoint, endpoint.work, around, edits));
    }

    @Override
    public void handleRequest(HttpServerExchange exchange) throws Exception {
        Caller caller = Caller.NOBODY;
        Call<B> call = null;
        try {
            caller = Admission.admit(endpoint, around.gate(), exchange);
            Call.checkQuery(endpoint, exchange);
            Arrival arrival = around.arrivals()
                    .of(exchange)
                    .orElseThrow(() -> Refusal.malformed("The Host header names no host."));
            call = new Call<>(exchange, caller, arrival, body(exchange));
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
            edits.lockInterruptibly();
            try {
                checkMatch(exchange, call);
                answer = handler.handle(call);
            } finally {
                edits.unlock();
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

    private B body(HttpServerExchange exchange) throws Refusal, IOException {
        if (shape == null) {
            return work.type().cast(new Nothing());
        }
        String type = exchange.getRequestHeaders().getFirst(Headers.CONTENT_TYPE);
        if (type == null
                || !type.toLowerCase(Locale.ROOT).split(";", -1)[0].strip().equals(JSON)) {
            // Only a page of our own may send this type without being asked first by its browser.
            throw Refusal.of(
                    StatusCodes.UNSUPPORTED_MEDIA_TYPE, "not-json", "Send the body as Content-Type: application/json.");
        }
        byte[] bytes = exchange.getInputStream().readNBytes(MAX_BODY_BYTES + 1);
        if (bytes.length > MAX_BODY_BYTES) {
            throw Refusal.of(
                    StatusCodes.REQUEST_ENTITY_TOO_LARGE, "too-large", "Send at most " + MAX_BODY_BYTES + " bytes.");
        }
        return Bodies.read(bytes, shape, work.type());
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
