package dev.rivulet.tracker.indexing.edge;

import dev.rivulet.protocol.Limits;
import dev.rivulet.protocol.id.PeerId;
import dev.rivulet.protocol.id.SiteId;
import dev.rivulet.protocol.message.IndexHashes;
import dev.rivulet.protocol.message.IndexStop;
import dev.rivulet.protocol.message.Indexed;
import dev.rivulet.protocol.message.TrackerMessage;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The edges that are connected and trusted to index, and what they are asked (docs/protocol.md, section 5.6). What they
 * send may be late, not asked for or wrong: it is checked against what was asked, or ignored. Thread-safe; only {@link
 * #ask} waits.
 */
public final class IndexingEdges {
    /** The feature by which an edge says that it can index. */
    public static final String FEATURE = "index";
    /** How long an edge that failed is not asked again, in milliseconds. */
    static final long PAUSE_MS = 30_000;

    private static final Logger log = LoggerFactory.getLogger(IndexingEdges.class);

    private final LongSupplier clockMs;
    private final long silenceMs;
    private final Map<PeerId, Edge> edges = new HashMap<>();
    private final Map<Long, OpenRequest> open = new HashMap<>();
    private final Set<String> distrusted = new HashSet<>();
    /** Connected edges that lost the tracker's trust. */
    private final Set<PeerId> fallen = new HashSet<>();

    private long nextId;

    /** What an edge is told by. */
    @FunctionalInterface
    public interface Line {
        /** Queues the message; does not block. */
        void send(TrackerMessage message);
    }

    /** @param clockMs milliseconds since whenever, never going back */
    public IndexingEdges(LongSupplier clockMs) {
        this(clockMs, TimeUnit.SECONDS.toMillis(Limits.INDEX_SILENCE_SECONDS));
    }

    IndexingEdges(LongSupplier clockMs, long silenceMs) {
        this.clockMs = clockMs;
        this.silenceMs = silenceMs;
    }

    /** A trusted edge joined, or came back on another line. */
    public synchronized void joined(SiteId site, EdgeName name, Line line) {
        if (distrusted.contains(name.token())) {
            fallen.add(name.id());
            log.warn(
                    "{}: edge {} joined by a token that is not trusted to index until the tracker restarts",
                    site,
                    name);
            return;
        }
        giveUp(name.id(), "it connected anew");
        edges.put(name.id(), new Edge(site, name, line));
        log.info("{}: edge {} may index", site, name);
    }

    /** The line to an edge is gone, unless it is on another by now. */
    public synchronized void left(PeerId id, Line line) {
        fallen.remove(id);
        Edge edge = edges.get(id);
        if (edge != null && edge.line.equals(line)) {
            edges.remove(id);
            giveUp(id, "it left");
        }
    }

    /** An edge announced how many more peers it would upload to. */
    public synchronized void slots(PeerId id, int free) {
        Edge edge = edges.get(id);
        if (edge != null) {
            edge.slots = free;
        }
    }

    /** An edge, or somebody who should not, sent hashes. */
    public synchronized void heard(PeerId from, IndexHashes part) {
        OpenRequest request = requestOf(from, part.id());
        if (request != null) {
            request.heardAtMs = clockMs.getAsLong();
            request.add(part.hashes()).ifPresent(objection -> refuse(part.id(), request, objection));
        }
    }

    /** An edge, or somebody who should not, sent the end of an answer. */
    public synchronized void heard(PeerId from, Indexed end) {
        OpenRequest request = requestOf(from, end.id());
        if (request == null) {
            return;
        }
        Optional<String> objection = request.objectionTo(end);
        if (objection.isPresent()) {
            refuse(end.id(), request, objection.get());
        } else {
            close(end.id(), request, request.closedBy(end));
        }
    }

    private @Nullable OpenRequest requestOf(PeerId from, long id) {
        OpenRequest request = open.get(id);
        if (request == null || !request.edge.id().equals(from)) {
            log.debug("{} says something of request {} that it was not asked, or too late", from, id);
            return null;
        }
        return request;
    }

    /**
     * Asks the edge that is the best choice, and waits for what becomes of it.
     *
     * @param tried edges not to ask (again)
     * @return empty when there is none to ask now
     */
    public Optional<Answer> ask(Order order, Set<PeerId> tried) throws InterruptedException {
        long id;
        OpenRequest request;
        long endMs = clockMs.getAsLong() + TimeUnit.SECONDS.toMillis(order.seconds());
        synchronized (this) {
            Optional<Edge> edge = choose(order, tried);
            if (edge.isEmpty()) {
                return Optional.empty();
            }
            id = nextId;
            nextId = (nextId + 1) & Limits.MAX_U32;
            request = new OpenRequest(edge.get().name, order, edge.get().reports, clockMs.getAsLong());
            open.put(id, request);
            edge.get().underWay++;
            edge.get().line.send(order.request(id));
        }
        try {
            return Optional.of(await(id, request, endMs));
        } finally {
            stop(id, request);
        }
    }

    private Optional<Edge> choose(Order order, Set<PeerId> tried) {
        long nowMs = clockMs.getAsLong();
        List<EdgeChoice.Option> options = edges.values().stream()
                .filter(edge -> edge.site.equals(order.site()))
                .filter(edge -> !tried.contains(edge.name.id()) && edge.pausedUntilMs <= nowMs)
                .map(edge -> new EdgeChoice.Option(edge.name.id(), edge.underWay, edge.slots))
                .toList();
        return EdgeChoice.choose(options, order.url()).map(edges::get);
    }

    private Answer await(long id, OpenRequest request, long endMs) throws InterruptedException {
        while (true) {
            long waitMs = patienceMs(request, endMs);
            if (waitMs <= 0) {
                synchronized (this) {
                    breakOff(id, request, "it is too slow");
                }
            }
            try {
                return request.answer.get(Math.max(0, waitMs), TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                // Perhaps it was heard of meanwhile.
            } catch (ExecutionException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private synchronized long patienceMs(OpenRequest request, long endMs) {
        return Math.min(request.heardAtMs + silenceMs, endMs) - clockMs.getAsLong();
    }

    /** Does nothing when the request is closed already, as it is whenever there is an answer. */
    private synchronized void stop(long id, OpenRequest request) {
        breakOff(id, request, "it is not wanted any more");
    }

    private void refuse(long id, OpenRequest request, String objection) {
        log.warn("edge {} sends nonsense: {}", request.edge, objection);
        breakOff(id, request, objection);
    }

    private void breakOff(long id, OpenRequest request, String reason) {
        Edge edge = edges.get(request.edge.id());
        if (open.get(id) == request && edge != null) {
            edge.line.send(new IndexStop(id));
        }
        close(id, request, new Answer.None(request.edge, reason));
    }

    private void close(long id, OpenRequest request, Answer answer) {
        if (!open.remove(id, request)) {
            return;
        }
        Edge edge = edges.get(request.edge.id());
        if (edge != null) {
            edge.underWay--;
            if (answer instanceof Answer.None) {
                edge.pausedUntilMs = clockMs.getAsLong() + PAUSE_MS;
            } else {
                edge.reports++;
            }
        }
        request.answer.complete(answer);
    }

    private void giveUp(PeerId id, String reason) {
        Iterator<OpenRequest> requests = open.values().iterator();
        while (requests.hasNext()) {
            OpenRequest request = requests.next();
            if (request.edge.id().equals(id)) {
                requests.remove();
                request.answer.complete(new Answer.None(request.edge, reason));
            }
        }
    }

    /** Whether this edge, which is connected, may not index any more. */
    public synchronized boolean isDistrusted(PeerId edge) {
        return fallen.contains(edge);
    }

    /** From now on nobody who has this token is asked, until the tracker restarts. */
    public synchronized void distrust(String token) {
        distrusted.add(token);
        List<PeerId> liars = edges.values().stream()
                .filter(edge -> edge.name.token().equals(token))
                .map(edge -> edge.name.id())
                .toList();
        fallen.addAll(liars);
        for (PeerId id : liars) {
            edges.remove(id);
            giveUp(id, "it is not trusted any more");
        }
    }

    private static final class Edge {
        private final SiteId site;
        private final EdgeName name;
        private final Line line;
        private int underWay;
        private int slots;
        private int reports;
        private long pausedUntilMs = Long.MIN_VALUE;

        Edge(SiteId site, EdgeName name, Line line) {
            this.site = site;
            this.name = name;
            this.line = line;
        }
    }
}
