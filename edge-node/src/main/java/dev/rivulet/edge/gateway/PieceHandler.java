package dev.rivulet.edge.gateway;

import dev.rivulet.edge.catalog.SiteCatalog;
import dev.rivulet.edge.limit.MemoryBudget;
import dev.rivulet.edge.limit.Sending;
import dev.rivulet.edge.store.PieceStore;
import dev.rivulet.edge.transfer.TransferCounts;
import dev.rivulet.protocol.DecodeException;
import dev.rivulet.protocol.catalog.Entry;
import dev.rivulet.protocol.catalog.Layout;
import dev.rivulet.protocol.id.ContentId;
import dev.rivulet.protocol.id.ResourceUrl;
import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import io.undertow.util.Methods;
import io.undertow.util.SameThreadExecutor;
import io.undertow.util.StatusCodes;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Deque;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers {@code /pieces/{contentId}/{index}} with what the site's catalog has and this edge holds or can get. */
final class PieceHandler implements HttpHandler {
    /**
     * Requests that wait for a piece from elsewhere at a time: {@value}. Fewer than {@link Gateway#MAX_REQUESTS}, so
     * that what is held can be served meanwhile.
     */
    static final int MAX_PULLS = 96;
    /** How long a request waits for a piece from elsewhere. */
    static final Duration PULL_TIMEOUT = Duration.ofSeconds(60);
    /**
     * A request is refused when those that already wait for the upload rate will take longer: its client has the origin.
     * Well within {@link Gateway#CLIENT_TIMEOUT}.
     */
    static final Duration MAX_BACKLOG = Duration.ofSeconds(5);

    private static final Logger log = LoggerFactory.getLogger(PieceHandler.class);
    private static final String URL_PARAMETER = "url";

    private final SiteCatalog catalog;
    private final PieceStore store;
    private final PieceSource elsewhere;
    private final TransferCounts counts;
    private final Sending sending;
    private final MemoryBudget memory;
    private final OpenResponses open = new OpenResponses();
    private final Semaphore pulls = new Semaphore(MAX_PULLS);

    PieceHandler(Gateway.Stock stock) {
        this.catalog = stock.catalog();
        this.store = stock.store();
        this.elsewhere = stock.elsewhere();
        this.counts = stock.counts();
        this.sending = stock.sending();
        this.memory = stock.memory();
    }

    @Override
    public void handleRequest(HttpServerExchange exchange) {
        if (exchange.isInIoThread()) {
            // Reading and hashing a piece would hold up other connections.
            exchange.dispatch(this);
            return;
        }
        Duration closedFor = sending.closedFor().get();
        if (!closedFor.isZero()) {
            refuse(exchange, closedFor.toSeconds() + 1, sending.why().get());
            return;
        }
        Optional<PieceAddress> address = PieceAddress.parse(exchange.getRelativePath());
        Optional<Entry> entry = address.map(PieceAddress::content).flatMap(catalog::byContent);
        if (entry.isEmpty()
                || address.get().index() >= Layout.pieceCountOf(entry.get().size())) {
            notFound(exchange, "no such piece in the site's catalog");
        } else if (PieceResponse.isUnchanged(exchange, address.get())) {
            PieceResponse.sendUnchanged(exchange, address.get());
        } else if (exchange.getRequestMethod().equals(Methods.HEAD)) {
            head(exchange, address.get(), entry.get());
        } else {
            get(
                    exchange,
                    address.get(),
                    length(entry.get().size(), address.get().index()));
        }
    }

    private void head(HttpServerExchange exchange, PieceAddress address, Entry entry) {
        if (store.has(address.content(), address.index())) {
            PieceResponse.sendHead(exchange, address, length(entry.size(), address.index()));
        } else {
            notFound(exchange, "not held");
        }
    }

    private static int length(long size, int index) {
        long pieceLength = Layout.pieceLengthOf(size);
        return (int) Math.min(pieceLength, size - index * pieceLength);
    }

    private static void refuse(HttpServerExchange exchange, long retrySeconds, String detail) {
        exchange.getResponseHeaders().put(Headers.RETRY_AFTER, retrySeconds);
        new Problem(StatusCodes.SERVICE_UNAVAILABLE, detail).send(exchange);
    }

    /** There are more requests than are worked on and may wait. */
    static void refuseAnother(HttpServerExchange exchange) {
        int most = Gateway.MAX_REQUESTS + Gateway.MAX_WAITING_REQUESTS;
        refuse(
                exchange,
                1,
                "this edge has " + most
                        + " requests, the most at a time: fetch from the origin, or come back in a second");
    }

    private void get(HttpServerExchange exchange, PieceAddress address, int bytes) {
        Duration backlog = sending.rate().backlog();
        if (backlog.compareTo(MAX_BACKLOG) > 0) {
            refuse(
                    exchange,
                    backlog.toSeconds(),
                    "those who wait for this edge's upload-rate take " + backlog.toSeconds()
                            + " s already: fetch from the origin, or come back then");
            return;
        }
        if (!memory.take(bytes)) {
            refuse(
                    exchange,
                    1,
                    "what this edge is sending takes all of its piece-memory: fetch from the origin, or come back in a"
                            + " second");
            return;
        }
        exchange.addExchangeCompleteListener((done, next) -> {
            memory.giveBack(bytes);
            next.proceed();
        });
        ByteBuffer held = store.read(address.content(), address.index());
        Deque<String> urls = exchange.getQueryParameters().get(URL_PARAMETER);
        if (held != null) {
            counts.hits.increment();
            send(exchange, address, held);
        } else if (urls == null) {
            notFound(exchange, "not held; with ?url= it could be fetched");
        } else {
            getFromElsewhere(exchange, address, urls.getFirst());
        }
    }

    private void getFromElsewhere(HttpServerExchange exchange, PieceAddress address, String urlText) {
        ResourceUrl url;
        try {
            url = ResourceUrl.parse(urlText);
        } catch (DecodeException e) {
            new Problem(StatusCodes.BAD_REQUEST, URL_PARAMETER + ": " + e.reason()).send(exchange);
            return;
        }
        if (!isOf(url, address.content())) {
            notFound(exchange, "the site's catalog has no entry of that URL with that content");
        } else if (!pulls.tryAcquire()) {
            refuse(
                    exchange,
                    1,
                    "this edge is fetching " + MAX_PULLS
                            + " pieces for others, the most at a time: fetch from the origin, or come back in a second");
        } else {
            counts.misses.increment();
            exchange.dispatch(SameThreadExecutor.INSTANCE, () -> pull(exchange, address, url));
        }
    }

    /** Breaks off what was taken down. */
    void breakOffBlocked() {
        open.breakOff(catalog::isBlocked);
    }

    private void send(HttpServerExchange exchange, PieceAddress address, ByteBuffer piece) {
        open.add(exchange, address.content());
        // After it can be broken off: so none slips through that was taken down meanwhile.
        if (catalog.isBlocked(address.content())) {
            notFound(exchange, "no such piece in the site's catalog");
            return;
        }
        AtomicBoolean begins = new AtomicBoolean(true);
        PieceResponse.send(exchange, address, piece, sending.rate(), length -> {
            counts.served.http(address.content(), length, begins.getAndSet(false));
            counts.uploaded.add(length);
            counts.http.add(length);
            counts.top.sent(address.content(), length);
        });
    }

    private boolean isOf(ResourceUrl url, ContentId content) {
        return catalog.byUrl(url)
                .filter(entry -> entry.content().equals(content))
                .isPresent();
    }

    private void pull(HttpServerExchange exchange, PieceAddress address, ResourceUrl url) {
        var unused = elsewhere
                .piece(address.content(), address.index(), url)
                .orTimeout(PULL_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
                .whenCompleteAsync(
                        (bytes, failure) -> {
                            pulls.release();
                            answer(exchange, address, bytes, failure);
                            counts.top.named(address.content(), url);
                            counts.served.named(address.content(), url);
                        },
                        exchange.getConnection().getWorker());
    }

    private void answer(
            HttpServerExchange exchange,
            PieceAddress address,
            @Nullable ByteBuffer bytes,
            @Nullable Throwable failure) {
        if (bytes != null) {
            send(exchange, address, bytes);
            return;
        }
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        log.debug("no piece {} of {}: {}", address.index(), address.content(), String.valueOf(cause));
        int status = cause instanceof TimeoutException ? StatusCodes.GATEWAY_TIME_OUT : StatusCodes.BAD_GATEWAY;
        new Problem(status, "neither peers nor the origin gave it").send(exchange);
    }

    private static void notFound(HttpServerExchange exchange, String detail) {
        new Problem(StatusCodes.NOT_FOUND, detail).send(exchange);
    }
}
