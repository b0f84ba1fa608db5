package dev.rivulet.edge.peer;

import dev.rivulet.edge.store.PieceStore;
import dev.rivulet.edge.transfer.Choking;
import dev.rivulet.edge.transfer.EventLoop;
import dev.rivulet.edge.transfer.PieceProvider;
import dev.rivulet.protocol.Limits;
import dev.rivulet.protocol.PeerCloseCode;
import dev.rivulet.protocol.id.ContentId;
import dev.rivulet.protocol.id.PeerId;
import dev.rivulet.protocol.message.ClientMessage;
import dev.rivulet.protocol.message.ClientMessage.LinkCounts;
import dev.rivulet.protocol.message.ControlMessage;
import dev.rivulet.protocol.message.Role;
import dev.rivulet.protocol.message.SignalBody;
import dev.rivulet.protocol.message.TrackerMessage;
import dev.rivulet.protocol.message.TrackerMessage.IceServer;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whom this edge is connected to: one connection per peer, made by offers and answers that the tracker passes on. Belongs
 * to the loop, except where it says otherwise.
 */
public final class Neighbours implements PeerSession.Owner, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Neighbours.class);

    /** A neighbour with whom nothing was exchanged for this long makes room for another. */
    static final Duration DISPENSABLE = Duration.ofSeconds(60);

    /** How often is looked whether time is up for something. */
    static final Duration TICK = Duration.ofSeconds(1);

    /** Peers told per tick that a connection is over: all may be lost at once, and the tracker takes only so many messages. */
    static final int MAX_FAREWELLS = Limits.MAX_MESSAGE_BURST / 2;

    private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(1);

    /** Who hears of sessions; on the loop. */
    interface Listener {
        void greeted(PeerSession session);

        void told(PeerSession session, ContentId content);

        void wanted(PeerSession session, List<ContentId> contents);

        void fetching(PeerSession session, ControlMessage.Fetching fetching);

        void choked(PeerSession session);

        void roomier();

        void closed(PeerSession session);

        /** The tracker has answered a lookup; with nobody, perhaps because it could not. */
        void found(long lookup, List<TrackerMessage.Candidate> candidates);
    }

    /** What the neighbours know of the world outside. */
    public record Outside(
            PeerLinkFactory links, Predicate<ClientMessage> tracker, String agent, RandomGenerator random) {}

    /** @param signalSession chosen by who offered */
    private record Connection(PeerSession session, String signalSession, boolean offeredHere) {}

    private final PeerContext context;
    private final EventLoop loop;
    private final Outside outside;
    private final NeighbourLimits limits;
    private final Map<PeerId, Connection> connections = new HashMap<>();
    private final BadPeers bad = new BadPeers();
    private final OfferBudget offers;
    private final Choking choking = new Choking(Choking.EDGE_SLOTS);
    private Listener listener = new Nobody();
    private PieceProvider pieces = (content, index, url) ->
            CompletableFuture.failedFuture(new IllegalStateException("nothing to pull through with"));
    private @Nullable PeerId self;
    private List<IceServer> ice = List.of();
    private boolean closed;
    private int farewells;
    private volatile int connected;
    private volatile List<LinkCounts> counts = List.of();

    public Neighbours(PeerContext context, Outside outside, NeighbourLimits limits) {
        this.context = context;
        this.loop = context.machinery().loop();
        this.outside = outside;
        this.limits = limits;
        offers = new OfferBudget(limits.connections(), context.nanoTime());
    }

    /** Sets who hears of sessions, before {@link #start}. */
    void listener(Listener hears) {
        listener = hears;
    }

    /** Begins to meet peers; any thread. To be called once, before the tracker is heard. */
    public void start(PieceProvider pullThrough) {
        loop.execute(() -> pieces = pullThrough);
        context.store().listen(new StoreChanges());
        loop.after(TICK, this::tick);
    }

    /** Takes what the tracker says, as far as it concerns peers; any thread. */
    public void received(TrackerMessage message) {
        loop.execute(() -> take(message));
    }

    /** Connections now; any thread. */
    public int connected() {
        return connected;
    }

    /** What was exchanged with whom over connections that are open, most first; as of at most a tick ago; any thread. */
    public List<LinkCounts> counts() {
        return counts;
    }

    /** How many more peers may connect, 0 to {@value Limits#MAX_SLOTS}; any thread. */
    public int freeSlots() {
        return !context.sending().isOpen()
                ? 0
                : Math.max(0, Math.min(Limits.MAX_SLOTS, limits.connections() - connected));
    }

    private void take(TrackerMessage message) {
        if (message instanceof TrackerMessage.Welcome welcome) {
            self = welcome.peer();
            ice = welcome.ice();
        } else if (message instanceof TrackerMessage.IceUpdate update) {
            ice = update.ice();
        } else if (message instanceof TrackerMessage.Signal signal) {
            signalled(signal);
        } else if (message instanceof TrackerMessage.Peers peers && peers.id() != null) {
            listener.found(peers.id(), peers.peers());
        } else if (message instanceof TrackerMessage.ErrorMessage error) {
            refused(error);
        } else if (message instanceof TrackerMessage.Revoked revoked) {
            shun(revoked.peer());
        }
    }

    /** Leaves an edge that the operator revoked, and does not meet it again. */
    private void shun(PeerId peer) {
        bad.add(peer);
        Connection connection = connections.get(peer);
        if (connection != null) {
            connection.session().close(PeerCloseCode.NORMAL, "revoked");
        }
    }

    private void refused(TrackerMessage.ErrorMessage error) {
        if (error.id() != null) {
            listener.found(error.id(), List.of());
        }
        Connection connection = error.to() == null ? null : connections.get(error.to());
        if (connection != null && !connection.session().isOpen()) {
            connection.session().close(PeerCloseCode.NORMAL, error.code());
        }
    }

    private void signalled(TrackerMessage.Signal signal) {
        if (signal.body() instanceof SignalBody.Offer offer) {
            offered(signal, offer);
            return;
        }
        Connection connection = connections.get(signal.from());
        if (connection == null || !connection.signalSession().equals(signal.session())) {
            return;
        }
        if (!(signal.body() instanceof SignalBody.Close)) {
            connection.session().signal(signal.body());
        } else {
            connection.session().close(PeerCloseCode.NORMAL, "given up there");
        }
    }

    private void offered(TrackerMessage.Signal signal, SignalBody.Offer offer) {
        PeerId peer = signal.from();
        Connection existing = connections.get(peer);
        if (existing != null && ownOfferStands(existing, peer)) {
            return;
        }
        if (!offers.allows(peer, context.nanoTime())) {
            turnAway(signal);
            return;
        }
        if (existing != null) {
            // Who offers has dropped, or lost, what there was before.
            existing.session().close(PeerCloseCode.NORMAL, "connects anew");
        }
        if (bad.contains(peer) || !makeRoom()) {
            turnAway(signal);
            return;
        }
        offers.take(peer, context.nanoTime());
        open(new PeerSession.Remote(peer, signal.role()), signal.session(), false, hears -> outside.links()
                .answer(ice, offer, hears));
    }

    private void turnAway(TrackerMessage.Signal offer) {
        tell(new ClientMessage.Signal(offer.from(), offer.session(), new SignalBody.Close()));
    }

    /** Both offered at once: that of the smaller id stands (docs/protocol.md, section 6). */
    private boolean ownOfferStands(Connection existing, PeerId peer) {
        return existing.offeredHere() && !existing.session().isOpen() && self != null && self.compareTo(peer) < 0;
    }

    /**
     * Begins to connect to a peer.
     *
     * @return whether it is connected, or may become so
     */
    boolean connect(PeerId peer, Role role) {
        if (connections.containsKey(peer)) {
            return true;
        }
        if (peer.equals(self) || bad.contains(peer) || !makeRoom()) {
            return false;
        }
        String signalSession = Long.toUnsignedString(outside.random().nextLong(), Character.MAX_RADIX);
        open(new PeerSession.Remote(peer, role), signalSession, true, hears -> outside.links()
                .offer(ice, hears));
        return true;
    }

    private void open(
            PeerSession.Remote remote,
            String signalSession,
            boolean offeredHere,
            Function<PeerLink.Listener, PeerLink> connect) {
        PeerSession session = new PeerSession(remote, context, this, connect);
        connections.put(remote.id(), new Connection(session, signalSession, offeredHere));
        connected = connections.size();
    }

    /** Whether there is room for another connection, after the least useful neighbour has made some if need be. */
    private boolean makeRoom() {
        if (closed || !context.sending().isOpen()) {
            return false;
        }
        if (connections.size() >= limits.connections()) {
            connections.values().stream()
                    .map(Connection::session)
                    .filter(session -> session.isOpen() && session.idle().compareTo(DISPENSABLE) >= 0)
                    .max(Comparator.comparing(PeerSession::idle))
                    .ifPresent(session -> session.close(PeerCloseCode.NORMAL, "makes room"));
        }
        return connections.size() < limits.connections();
    }

    /** The sessions that are open. */
    List<PeerSession> open() {
        return sessions().stream().filter(PeerSession::isOpen).toList();
    }

    /** The session with a peer, if it is open. */
    Optional<PeerSession> open(PeerId peer) {
        return Optional.ofNullable(connections.get(peer))
                .map(Connection::session)
                .filter(PeerSession::isOpen);
    }

    List<PeerSession> sessions() {
        return connections.values().stream().map(Connection::session).toList();
    }

    /** The own id; null before the tracker gave one. */
    @Nullable
    PeerId self() {
        return self;
    }

    /** Sends something to the tracker; whether there is one. */
    boolean tell(ClientMessage message) {
        return outside.tracker().test(message);
    }

    /** Ends the connection to a peer that provably sent wrong bytes, tells on it, and does not meet it again. */
    void condemn(ClientMessage.BadPiece piece) {
        if (bad.contains(piece.peer())) {
            return;
        }
        log.warn("peer {} sent wrong bytes for piece {} of {}", piece.peer(), piece.piece(), piece.content());
        bad.add(piece.peer());
        tell(new ClientMessage.Report(null, null, List.of(piece), List.of()));
        Connection connection = connections.get(piece.peer());
        if (connection != null) {
            connection.session().close(PeerCloseCode.BAD_PIECE, "wrong bytes for piece " + piece.piece());
        }
    }

    private void tick() {
        farewells = 0;
        sessions().forEach(PeerSession::tick);
        choke();
        limitBuffers();
        counts = open().stream()
                .map(PeerSession::taker)
                .map(taker -> new LinkCounts(taker.id(), taker.down(), taker.up()))
                .sorted(Comparator.comparingLong((LinkCounts link) -> link.down() + link.up())
                        .reversed())
                .toList();
        if (!closed) {
            loop.after(TICK, this::tick);
        }
    }

    private void limitBuffers() {
        List<PeerSession> open = open();
        int bytes = SendBuffers.each(
                (int) open.stream().filter(PeerSession::hasSent).count());
        open.forEach(session -> session.limitBuffer(bytes));
    }

    /** Lets neighbours know whether they are given to, as it is now. */
    private void choke() {
        List<PeerSession> open = open();
        long nowMillis = TimeUnit.NANOSECONDS.toMillis(context.nanoTime());
        List<Choking.Taker> takers = open.stream().map(PeerSession::taker).toList();
        Optional<List<PeerId>> given = context.sending().isOpen()
                ? choking.decide(takers, nowMillis, outside.random()::nextDouble)
                : Optional.of(List.of());
        open.forEach(session -> session.choke(
                given.isPresent() && !given.get().contains(session.remote().id())));
    }

    @Override
    public PieceProvider pieces() {
        return pieces;
    }

    @Override
    public String agent() {
        return outside.agent();
    }

    @Override
    public void signal(PeerSession session, SignalBody local) {
        Connection connection = connections.get(session.remote().id());
        if (connection == null || connection.session() != session) {
            return;
        }
        if (local instanceof SignalBody.Close && ++farewells > MAX_FAREWELLS) {
            return;
        }
        if (!tell(new ClientMessage.Signal(session.remote().id(), connection.signalSession(), local))) {
            session.close(PeerCloseCode.NORMAL, "no tracker to signal through");
        }
    }

    @Override
    public void greeted(PeerSession session) {
        choke();
        listener.greeted(session);
    }

    @Override
    public void told(PeerSession session, ContentId content) {
        listener.told(session, content);
    }

    @Override
    public void wanted(PeerSession session, List<ContentId> contents) {
        listener.wanted(session, contents);
    }

    @Override
    public void fetching(PeerSession session, ControlMessage.Fetching fetching) {
        listener.fetching(session, fetching);
    }

    @Override
    public void choked(PeerSession session) {
        listener.choked(session);
    }

    @Override
    public void roomier() {
        listener.roomier();
    }

    @Override
    public void closed(PeerSession session) {
        PeerId peer = session.remote().id();
        Connection connection = connections.get(peer);
        if (connection != null && connection.session() == session) {
            connections.remove(peer);
            connected = connections.size();
        }
        listener.closed(session);
    }

    /** As {@link #close}, without waiting; any thread. */
    CompletableFuture<Void> sayGoodBye() {
        return CompletableFuture.runAsync(
                () -> {
                    closed = true;
                    sessions().forEach(session -> session.close(PeerCloseCode.NORMAL, "going away"));
                },
                loop);
    }

    /** Says good-bye to everybody, and meets nobody any more; any thread but the loop's. Waits for the links to know. */
    @Override
    public void close() {
        try {
            sayGoodBye().get(CLOSE_PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            log.warn("neighbours were not told good-bye: {}", e.toString());
        }
    }

    /** Tells neighbours of pieces that come and go; called on any thread. */
    private final class StoreChanges implements PieceStore.Listener {
        @Override
        public void added(ContentId content, int index) {
            loop.execute(() -> open().forEach(session -> session.interests().added(content, index)));
        }

        @Override
        public void dropped(ContentId content, int index) {
            loop.execute(() -> open().forEach(session -> session.interests().dropped(content)));
        }
    }

    private static final class Nobody implements Listener {
        @Override
        public void greeted(PeerSession session) {}

        @Override
        public void told(PeerSession session, ContentId content) {}

        @Override
        public void wanted(PeerSession session, List<ContentId> contents) {}

        @Override
        public void fetching(PeerSession session, ControlMessage.Fetching fetching) {}

        @Override
        public void choked(PeerSession session) {}

        @Override
        public void roomier() {}

        @Override
        public void closed(PeerSession session) {}

        @Override
        public void found(long lookup, List<TrackerMessage.Candidate> candidates) {}
    }
}
