package dev.rivulet.tracker.signaling;

import dev.rivulet.protocol.DecodeException;
import dev.rivulet.protocol.TrackerCloseCode;
import dev.rivulet.protocol.catalog.EdgeProof;
import dev.rivulet.protocol.catalog.PublicKey;
import dev.rivulet.protocol.http.SitePolicy;
import dev.rivulet.protocol.id.ContentId;
import dev.rivulet.protocol.id.KeyId;
import dev.rivulet.protocol.id.PeerId;
import dev.rivulet.protocol.id.ResourceUrl;
import dev.rivulet.protocol.id.SiteId;
import dev.rivulet.protocol.message.ClientMessage;
import dev.rivulet.protocol.message.ClientMessage.Hello;
import dev.rivulet.protocol.message.ClientMessage.Proof;
import dev.rivulet.protocol.message.Messages;
import dev.rivulet.protocol.message.Role;
import dev.rivulet.protocol.message.TrackerMessage;
import dev.rivulet.protocol.message.TrackerMessage.BatchUpdate;
import dev.rivulet.protocol.message.TrackerMessage.HeadUpdate;
import dev.rivulet.protocol.message.TrackerMessage.IceServer;
import dev.rivulet.protocol.message.TrackerMessage.IceUpdate;
import dev.rivulet.protocol.message.TrackerMessage.PolicyUpdate;
import dev.rivulet.protocol.message.TrackerMessage.Welcome;
import dev.rivulet.tracker.catalog.CatalogFeed;
import dev.rivulet.tracker.catalog.CatalogListener;
import dev.rivulet.tracker.catalog.SignedCatalog;
import dev.rivulet.tracker.gateway.Claim;
import dev.rivulet.tracker.gateway.GatewayChecks;
import dev.rivulet.tracker.indexing.VisitorReports;
import dev.rivulet.tracker.indexing.edge.EdgeName;
import dev.rivulet.tracker.indexing.edge.IndexingEdges;
import dev.rivulet.tracker.site.Site;
import dev.rivulet.tracker.site.Sites;
import dev.rivulet.tracker.site.SitesListener;
import dev.rivulet.tracker.site.Tokens;
import dev.rivulet.tracker.swarm.Hintable;
import dev.rivulet.tracker.swarm.SwarmMember;
import dev.rivulet.tracker.swarm.SwarmSize;
import java.net.InetAddress;
import java.net.URI;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All sessions of all sites. Thread-safe; the messages of one session have to come one at a time, and nothing here
 * blocks.
 */
public final class Signaling implements CatalogListener, SitesListener, Presence, AutoCloseable {
    /** How long closing waits for clients to take their leave. */
    private static final long FAREWELL_MS = 1000;

    private static final long FAREWELL_STEP_MS = 20;

    /** Between two rounds of hints to edges. */
    static final long HINT_MS = 10_000;

    private static final String BANNED = "banned by the operator";
    private static final String NOT_ADMITTED = "not admitted any more";
    private static final Logger log = LoggerFactory.getLogger(Signaling.class);

    private final Parts parts;
    private final Greeted greeted;
    private final Executor pushes;
    private final LongSupplier clockMs;
    private final Doorkeeper doorkeeper;
    private final Conversation conversation;
    private final Map<SiteId, Room> rooms = new ConcurrentHashMap<>();
    private final Draining draining = new Draining();
    private final SecureRandom random = new SecureRandom();
    private final Set<Session> sessions = ConcurrentHashMap.newKeySet();
    /** Of the heartbeat's thread only. */
    private long hintedAtMs;

    /** The other parts of the tracker that signalling turns to. */
    public record Parts(
            Sites sites,
            Tokens tokens,
            EdgeRegister edges,
            CatalogFeed catalogs,
            VisitorReports reports,
            HttpHoldings holdings,
            IndexingEdges indexers,
            GatewayChecks gateways,
            Function<SiteId, Hintable> hintable,
            ReportListener figures) {}

    /**
     * What every welcome says.
     *
     * @param stunPort UDP port at which this tracker itself answers STUN, null when it does not
     * @param ice further STUN and TURN servers, as they are now
     * @param trackers base URLs of other trackers
     */
    public record Greeted(@Nullable Integer stunPort, Supplier<List<IceServer>> ice, List<ResourceUrl> trackers) {
        /** The servers for who reached the tracker at {@code base}. */
        List<IceServer> iceAt(ResourceUrl base) {
            if (stunPort == null) {
                return ice.get();
            }
            String host = URI.create(base.text()).getHost();
            List<IceServer> all = new ArrayList<>();
            all.add(new IceServer(List.of("stun:" + host + ":" + stunPort), null, null));
            all.addAll(ice.get());
            return all;
        }
    }

    /**
     * Without sessions.
     *
     * @param pushes runs what tells everybody of a site something, one after the other
     * @param clockMs milliseconds since whenever, never going back
     */
    public Signaling(Parts parts, Greeted greeted, Executor pushes, LongSupplier clockMs) {
        this.parts = parts;
        this.greeted = greeted;
        this.pushes = pushes;
        this.clockMs = clockMs;
        this.doorkeeper = new Doorkeeper(parts.tokens());
        this.hintedAtMs = clockMs.getAsLong();
        this.conversation = new Conversation(parts);
        parts.sites().all().forEach(this::added);
    }

    /** A connection was opened. */
    public Session connect(Arrival arrival, Outlet outlet) {
        Session session = new Session(arrival, outlet, clockMs.getAsLong());
        sessions.add(session);
        return session;
    }

    /** The connection's next text message. */
    public void receive(Session session, String text) {
        if (session.isClosing()) {
            return;
        }
        if (!session.mayReceive(clockMs.getAsLong())) {
            session.close(TrackerCloseCode.RATE_LIMIT, "too many messages");
            return;
        }
        try {
            take(session, Messages.decodeClient(text));
        } catch (DecodeException e) {
            session.close(TrackerCloseCode.MALFORMED, e.place() + ": " + e.reason());
        } catch (RuntimeException e) {
            log.error("a message could not be handled", e);
            session.close(TrackerCloseCode.INTERNAL, "the tracker failed");
        }
    }

    /** The connection's next message was not text. */
    public void receiveBinary(Session session) {
        session.close(TrackerCloseCode.MALFORMED, "message: not text");
    }

    /** The connection showed a sign of life other than a message. */
    public void heard(Session session) {
        session.heard(clockMs.getAsLong());
    }

    /** The connection ended; {@code forGood} when the client closed it of its own will. */
    public void disconnected(Session session, boolean forGood) {
        sessions.remove(session);
        Session.Membership membership = session.membership();
        if (membership != null) {
            parts.indexers().left(membership.peer().id, session);
            parts.gateways().left(session);
            membership.room().leave(session, membership.peer(), forGood, clockMs.getAsLong());
            if (membership.peer().role == Role.EDGE) {
                log.info("{}: edge {} left", membership.room().site().id(), membership.peer().id);
            }
        }
    }

    /** Pings, hello time-outs, silence, resumptions that did not come, and hints to edges; to be called about once a second. */
    public void beat() {
        long nowMs = clockMs.getAsLong();
        if (draining.isOn()) {
            sendAway(nowMs);
        }
        sessions.forEach(session -> session.beat(nowMs));
        rooms.values().forEach(room -> room.expire(nowMs));
        parts.gateways().beat();
        if (nowMs - hintedAtMs >= HINT_MS) {
            hintedAtMs = nowMs;
            rooms.forEach((site, room) -> room.hint(parts.hintable().apply(site)));
        }
    }

    private void sendAway(long nowMs) {
        List<Session> staying =
                sessions.stream().filter(session -> !session.isClosing()).toList();
        staying.stream()
                .limit(draining.due(staying.size(), nowMs))
                .forEach(session -> session.close(TrackerCloseCode.GOING_AWAY, "this tracker is being drained"));
    }

    /** Tells everybody that the tracker stops, and waits a moment for it to be heard. */
    @Override
    public void close() {
        sessions.forEach(session -> session.close(TrackerCloseCode.GOING_AWAY, "the tracker stops"));
        try {
            for (long waited = 0; waited < FAREWELL_MS && connections() > 0; waited += FAREWELL_STEP_MS) {
                Thread.sleep(FAREWELL_STEP_MS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Sends everybody away, evenly over that many seconds; new connections should be refused meanwhile. */
    public void drain(int seconds) {
        draining.begin(clockMs.getAsLong(), seconds);
    }

    /** Sends nobody away any more. */
    public void endDraining() {
        draining.end();
    }

    /** Whether everybody is to go elsewhere. */
    public boolean isDraining() {
        return draining.isOn();
    }

    /** How many connections there are, those without a hello included. */
    public int connections() {
        return sessions.size();
    }

    @Override
    public Map<SiteId, Headcount> headcounts() {
        Map<SiteId, Headcount> counts = new LinkedHashMap<>();
        rooms.forEach((site, room) -> counts.put(site, room.headcount()));
        return counts;
    }

    @Override
    public List<ConnectedEdge> edges(SiteId site) {
        long nowMs = clockMs.getAsLong();
        return room(site).map(room -> room.edges(nowMs)).orElse(List.of());
    }

    @Override
    public Set<PeerId> peers(SiteId site) {
        return room(site).map(Room::connectedPeers).orElse(Set.of());
    }

    @Override
    public List<SwarmSize> swarms(SiteId site, int most) {
        return room(site).map(room -> room.swarms(most)).orElse(List.of());
    }

    @Override
    public SwarmSize swarm(SiteId site, ContentId content) {
        return room(site).map(room -> room.swarm(content)).orElse(new SwarmSize(content, 0, 0));
    }

    @Override
    public List<SwarmMember> members(SiteId site, ContentId content, int most) {
        return room(site).map(room -> room.members(content, most)).orElse(List.of());
    }

    private Optional<Room> room(SiteId site) {
        return Optional.ofNullable(rooms.get(site));
    }

    @Override
    public void head(SiteId site, SignedCatalog catalog) {
        push(site, new HeadUpdate(catalog.body()));
    }

    @Override
    public void batch(SiteId site, String batch) {
        push(site, new BatchUpdate(batch));
    }

    private void push(SiteId site, TrackerMessage message) {
        Room room = rooms.get(site);
        if (room != null) {
            byte[] utf8 = Session.encode(message);
            pushes.execute(() -> room.tellAll(utf8));
        }
    }

    private void take(Session session, ClientMessage message) throws DecodeException {
        Session.Membership membership = session.membership();
        if (message instanceof Hello hello) {
            if (membership != null || session.isChallenged()) {
                throw new DecodeException("hello", "said twice");
            }
            greet(session, hello);
        } else if (message instanceof Proof proof) {
            prove(session, proof);
        } else if (membership == null) {
            throw new DecodeException("message", "before hello");
        } else {
            conversation.take(session, membership, message);
        }
    }

    private void greet(Session session, Hello hello) {
        Optional<TrackerCloseCode> refusal = refusal(session, hello);
        if (refusal.isPresent()) {
            session.close(refusal.get(), "not admitted to " + hello.site());
        } else if (hello.role() == Role.EDGE && hello.key() != null) {
            EdgeProof expected = new EdgeProof(hello.site(), EdgeProof.newChallenge(random));
            session.challenge(new Session.Challenged(hello, expected));
        } else {
            admit(session, hello, false);
        }
    }

    /** Why this client may not join, or not stay. */
    private Optional<TrackerCloseCode> refusal(Session session, Hello hello) {
        Room room = rooms.get(hello.site());
        return room == null
                ? Optional.of(TrackerCloseCode.UNKNOWN_SITE)
                : doorkeeper.refusal(session.arrival(), hello, room.site());
    }

    private void prove(Session session, Proof proof) throws DecodeException {
        Session.Challenged asked = session.takeChallenged();
        if (asked == null) {
            throw new DecodeException("proof", "of nothing that was asked");
        }
        Hello hello = asked.hello();
        PublicKey key = Objects.requireNonNull(hello.key());
        Room room = rooms.get(hello.site());
        if (room == null) {
            session.close(TrackerCloseCode.UNKNOWN_SITE, "no such site");
        } else if (!asked.expected().isProvenBy(proof.proof(), key)) {
            session.close(TrackerCloseCode.UNAUTHORIZED, "the proof is not of the key that was named");
        } else if (parts.edges().isRevoked(key.keyId())) {
            session.close(TrackerCloseCode.REVOKED, "revoked by the operator");
        } else if (parts.edges().isBanned(key.keyId())) {
            session.close(TrackerCloseCode.BANNED, BANNED);
        } else {
            enter(session, hello, key, room);
        }
    }

    private void enter(Session session, Hello hello, PublicKey key, Room room) {
        Site site = room.site();
        boolean byToken = doorkeeper.ownsToken(hello, key, site);
        if (!byToken && !site.openEdges()) {
            session.close(TrackerCloseCode.UNAUTHORIZED, "the token is another edge's");
            return;
        }
        admit(session, hello, byToken);
        parts.edges().met(hello.site(), key.keyId());
        // Thrown out while it joined: whoever did so may not have seen it yet.
        if (parts.edges().isRevoked(key.keyId())) {
            room.revoke(key.keyId());
        } else if (parts.edges().isBanned(key.keyId())) {
            room.expel(peer -> key.keyId().equals(peer.identity), TrackerCloseCode.BANNED, BANNED);
        }
    }

    private void admit(Session session, Hello hello, boolean byToken) {
        Room room = rooms.get(hello.site());
        if (room == null) {
            session.close(TrackerCloseCode.UNKNOWN_SITE, "no such site");
            return;
        }
        List<IceServer> ice = iceFor(session);
        Peer peer = room.join(session, hello, byToken, joined -> welcome(room.site(), ice, joined));
        if (hello.role() == Role.EDGE) {
            String identity = peer.identity == null ? "" : ", " + peer.identity.text();
            log.info("{}: edge {} joined ({}{})", hello.site(), peer.id, hello.agent(), identity);
            trust(session, hello, room, peer);
            check(session, hello, peer);
        }
        // The site, the tokens or the servers may have changed while it joined, before it was there to be looked at.
        dismissUnlessAdmitted(room, session);
        if (!iceFor(session).equals(ice)) {
            // In turn with what tells everybody, or an older list might come last.
            pushes.execute(() -> session.send(new IceUpdate(iceFor(session))));
        }
    }

    /** Lets an edge index whose token says so; one without a key never, since it could not be revoked. */
    private void trust(Session session, Hello hello, Room room, Peer peer) {
        String token = hello.token();
        if (token != null
                && peer.identity != null
                && hello.features().contains(IndexingEdges.FEATURE)
                && parts.tokens().mayIndex(token, hello.site(), peer.identity)) {
            parts.indexers().joined(hello.site(), new EdgeName(peer.id, token), session);
            room.mayIndex(session, peer, true);
        } else {
            room.mayIndex(session, peer, false);
        }
    }

    private void check(Session session, Hello hello, Peer peer) {
        if (hello.http() == null) {
            return;
        }
        Arrival arrival = session.arrival();
        InetAddress from = arrival.direct() ? arrival.address() : null;
        parts.gateways().joined(new Claim(hello.site(), peer.id, hello.http(), from), session);
        if (!sessions.contains(session)) {
            // It ended while it joined, so nobody will say so any more.
            parts.gateways().left(session);
        }
    }

    /** Ends what there is of edges with this key, and tells their sites. Any thread. */
    public void revoke(KeyId identity) {
        pushes.execute(() -> rooms.values().forEach(room -> room.revoke(identity)));
    }

    /** Sends edges with this key away for now, and tells their sites. Any thread. */
    public void ban(KeyId identity) {
        pushes.execute(() -> rooms.values()
                .forEach(room -> room.expel(peer -> identity.equals(peer.identity), TrackerCloseCode.BANNED, BANNED)));
    }

    /** Sends one peer away, and tells its site. Any thread. */
    public void ban(SiteId site, PeerId id) {
        Room room = rooms.get(site);
        if (room != null) {
            pushes.execute(() -> room.expel(peer -> peer.id.equals(id), TrackerCloseCode.BANNED, BANNED));
        }
    }

    /** Where somebody is, and who an edge is. */
    public record Whereabouts(
            SiteId site, Role role, @Nullable KeyId identity) {}

    /** Looks for a peer. */
    public Optional<Whereabouts> find(PeerId id) {
        return rooms.values().stream()
                .flatMap(room -> room.find(id).stream()
                        .map(peer -> new Whereabouts(room.site().id(), peer.role, peer.identity)))
                .findFirst();
    }

    /** Tells everybody the STUN and TURN servers of now, since they changed. Any thread. */
    public void iceChanged() {
        pushes.execute(() -> rooms.values()
                .forEach(room -> room.connected().forEach(session -> session.send(new IceUpdate(iceFor(session))))));
    }

    private List<IceServer> iceFor(Session session) {
        return greeted.iceAt(session.arrival().base());
    }

    /** Sends away who may not be here any more, since tokens changed. Any thread. */
    public void readmitAll() {
        pushes.execute(() -> rooms.values().forEach(this::readmit));
    }

    private void readmit(Room room) {
        room.connected().forEach(session -> dismissUnlessAdmitted(room, session));
    }

    private void dismissUnlessAdmitted(Room room, Session session) {
        Session.Membership membership = session.membership();
        if (membership == null) {
            return;
        }
        Optional<TrackerCloseCode> refusal = rooms.get(room.site().id()) == room
                ? doorkeeper.dismissal(session.arrival(), membership, room.site())
                : Optional.of(TrackerCloseCode.UNKNOWN_SITE);
        if (refusal.isEmpty()) {
            return;
        }
        if (membership.peer().role == Role.EDGE) {
            // At once, not when its connection has ended: what it says of bytes counts for nothing any more.
            parts.indexers().left(membership.peer().id, session);
            room.expel(membership.peer()::equals, refusal.get(), NOT_ADMITTED);
        } else {
            // Others are not told: that would be a message from each page to each other.
            room.remove(membership.peer()::equals, refusal.get(), NOT_ADMITTED);
        }
    }

    @Override
    public void added(Site site) {
        rooms.put(site.id(), new Room(site, random));
    }

    @Override
    public void changed(Site site) {
        Room room = rooms.get(site.id());
        if (room == null) {
            return;
        }
        SitePolicy before = room.site().policy();
        room.become(site);
        pushes.execute(() -> {
            if (!before.equals(site.policy())) {
                room.tellAll(Session.encode(new PolicyUpdate(site.policy())));
            }
            readmit(room);
        });
    }

    @Override
    public void removed(SiteId site) {
        Room room = rooms.remove(site);
        if (room != null) {
            room.remove(peer -> true, TrackerCloseCode.UNKNOWN_SITE, "the site was removed");
        }
    }

    private List<TrackerMessage> welcome(Site site, List<IceServer> ice, Peer peer) {
        SignedCatalog signed = parts.catalogs()
                .current(site.id())
                .orElseThrow(() -> new IllegalStateException(site.id() + " has no catalog"));
        List<TrackerMessage> messages = new ArrayList<>();
        messages.add(new Welcome(peer.id, peer.resume, ice, site.policy(), greeted.trackers(), signed.body()));
        signed.batches().forEach(batch -> messages.add(new BatchUpdate(batch)));
        return messages;
    }
}
