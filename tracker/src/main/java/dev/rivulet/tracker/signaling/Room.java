package dev.rivulet.tracker.signaling;

import dev.rivulet.protocol.Base64Url;
import dev.rivulet.protocol.Limits;
import dev.rivulet.protocol.TrackerCloseCode;
import dev.rivulet.protocol.http.PrivacyMode;
import dev.rivulet.protocol.id.ContentId;
import dev.rivulet.protocol.id.KeyId;
import dev.rivulet.protocol.id.PeerId;
import dev.rivulet.protocol.id.ResourceUrl;
import dev.rivulet.protocol.message.ClientMessage.Hello;
import dev.rivulet.protocol.message.Hints;
import dev.rivulet.protocol.message.Role;
import dev.rivulet.protocol.message.TrackerMessage;
import dev.rivulet.tracker.site.Site;
import dev.rivulet.tracker.swarm.Announced;
import dev.rivulet.tracker.swarm.Announcement;
import dev.rivulet.tracker.swarm.Candidate;
import dev.rivulet.tracker.swarm.Hintable;
import dev.rivulet.tracker.swarm.HintedEdge;
import dev.rivulet.tracker.swarm.Network;
import dev.rivulet.tracker.swarm.Query;
import dev.rivulet.tracker.swarm.SwarmMember;
import dev.rivulet.tracker.swarm.SwarmSize;
import dev.rivulet.tracker.swarm.SwarmTable;
import dev.rivulet.tracker.swarm.Traits;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The peers of one site. Its monitor guards its peers and swarms; what is done under it is short and does not block.
 * Everything here may be called from any thread; a session that lost its place to another is told nothing.
 */
final class Room {
    private static final int RESUME_BYTES = 24;

    private volatile Site site;
    private final SecureRandom random;
    private final SwarmTable swarms;
    private final Map<PeerId, Peer> peers = new HashMap<>();
    private final Map<String, Peer> byResume = new HashMap<>();
    /** Those without a connection, the longest gone first. */
    private final Set<Peer> lost = new LinkedHashSet<>();

    Room(Site site, SecureRandom random) {
        this.site = site;
        this.random = random;
        this.swarms = new SwarmTable(new SplittableRandom(random.nextLong()));
    }

    /** What became of a signal. */
    enum Relay {
        SENT,
        UNKNOWN_PEER,
        NOT_ALLOWED,
        /** The sender has no place any more. */
        STALE
    }

    Site site() {
        return site;
    }

    /** The site is otherwise from now on: who joins later is told so by the greeting. */
    synchronized void become(Site next) {
        site = next;
        for (Peer peer : peers.values()) {
            Session session = peer.session;
            Session.Membership membership = session == null ? null : session.membership();
            if (session != null && membership != null) {
                swarms.change(peer.id, traits(session, membership.hello(), peer.reached));
            }
        }
    }

    /**
     * Gives the session a place, its former one if it can show so.
     *
     * @param byToken whether it is an edge whose token is its own
     * @param greeting makes what it is told first, so that news which comes meanwhile is told after it
     */
    synchronized Peer join(Session session, Hello hello, boolean byToken, Greeting greeting) {
        Peer peer = resumed(session, hello);
        if (peer == null) {
            peer = new Peer(PeerId.random(random), hello.role(), identity(hello), newResume(), session);
            peers.put(peer.id, peer);
            swarms.join(peer.id, traits(session, hello, false));
        }
        swarms.wishes(peer.id, peer.role == Role.EDGE ? hello.hints() : null);
        peer.agent = hello.agent();
        peer.joinedAtMs = session.connectedAtMs();
        byResume.put(peer.resume, peer);
        session.joined(new Session.Membership(this, peer, hello, byToken));
        for (TrackerMessage message : greeting.to(peer)) {
            session.send(message);
        }
        return peer;
    }

    /** What a newcomer is told. */
    @FunctionalInterface
    interface Greeting {
        List<TrackerMessage> to(Peer peer);
    }

    /** The session's connection ended; {@code forGood} when the client said that it leaves. */
    synchronized void leave(Session session, Peer peer, boolean forGood, long nowMs) {
        if (!isCurrent(session, peer)) {
            return;
        }
        peer.session = null;
        if (forGood) {
            forget(peer);
        } else {
            peer.lostAtMs = nowMs;
            lost.add(peer);
            swarms.suspend(peer.id);
        }
    }

    /** Forgets those that did not come back in time. */
    synchronized void expire(long nowMs) {
        Iterator<Peer> longestGoneFirst = lost.iterator();
        while (longestGoneFirst.hasNext()) {
            Peer peer = longestGoneFirst.next();
            if (nowMs - peer.lostAtMs < Limits.RESUME_SECONDS * 1000L) {
                return;
            }
            longestGoneFirst.remove();
            forget(peer);
        }
    }

    synchronized Announced announce(Session session, Peer peer, Announcement announcement) {
        return isCurrent(session, peer) ? swarms.announce(peer.id, announcement) : new Announced(0, false);
    }

    synchronized List<Candidate> lookup(Session session, Peer peer, Query query) {
        return isCurrent(session, peer) ? swarms.lookup(peer.id, query) : List.of();
    }

    synchronized List<Candidate> hint(Session session, Peer peer) {
        return isCurrent(session, peer) ? swarms.hint(peer.id) : List.of();
    }

    /** Tells edges what may be worth to hold; to be called at regular intervals. */
    synchronized void hint(Hintable hintable) {
        for (HintedEdge hinted : swarms.hints(hintable)) {
            Peer peer = peers.get(hinted.edge());
            List<Hints.Hint> all = hinted.hints();
            for (int i = 0; peer != null && peer.session != null && i < all.size(); i += Limits.MAX_HINTS) {
                peer.session.send(new Hints(all.subList(i, Math.min(i + Limits.MAX_HINTS, all.size()))));
            }
        }
    }

    /** Passes a message on from one peer to another. */
    synchronized Relay relay(Session session, Peer from, PeerId to, Supplier<TrackerMessage> message) {
        if (!isCurrent(session, from)) {
            return Relay.STALE;
        }
        Peer target = peers.get(to);
        if (target == null || target.session == null || target.equals(from)) {
            return Relay.UNKNOWN_PEER;
        }
        if (!swarms.mayMeet(from.id, to)) {
            return Relay.NOT_ALLOWED;
        }
        target.session.send(message.get());
        return Relay.SENT;
    }

    /** Tells everybody who has joined by now. */
    void tellAll(byte[] utf8) {
        connected().forEach(session -> session.send(utf8));
    }

    synchronized List<Session> connected() {
        List<Session> sessions = new ArrayList<>(peers.size());
        for (Peer peer : peers.values()) {
            if (peer.session != null) {
                sessions.add(peer.session);
            }
        }
        return sessions;
    }

    synchronized int size() {
        return peers.size();
    }

    /** From now on visitors are told where that edge serves over HTTP, or not any more. */
    synchronized void reached(Session session, Peer peer, boolean isReached) {
        Session.Membership membership = session.membership();
        if (isCurrent(session, peer) && membership != null) {
            peer.reached = isReached;
            swarms.change(peer.id, traits(session, membership.hello(), isReached));
        }
    }

    /** Who came back may have been trusted otherwise before. */
    synchronized void mayIndex(Session session, Peer peer, boolean may) {
        if (isCurrent(session, peer)) {
            peer.indexes = may;
        }
    }

    synchronized Presence.Headcount headcount() {
        int pages = 0;
        int edges = 0;
        for (Peer peer : peers.values()) {
            if (peer.session != null) {
                pages += peer.role == Role.PAGE ? 1 : 0;
                edges += peer.role == Role.EDGE ? 1 : 0;
            }
        }
        return new Presence.Headcount(pages, edges, swarms.contents());
    }

    synchronized List<Presence.ConnectedEdge> edges(long nowMs) {
        return peers.values().stream()
                .filter(peer -> peer.role == Role.EDGE && peer.session != null)
                .map(peer -> new Presence.ConnectedEdge(
                        peer.id,
                        peer.identity,
                        peer.agent,
                        peer.indexes,
                        claimed(peer),
                        peer.reached,
                        nowMs - peer.joinedAtMs))
                .toList();
    }

    private static @Nullable ResourceUrl claimed(Peer peer) {
        Session.Membership membership = peer.session == null ? null : peer.session.membership();
        return membership == null ? null : membership.hello().http();
    }

    synchronized Set<PeerId> connectedPeers() {
        return peers.values().stream()
                .filter(peer -> peer.session != null)
                .map(peer -> peer.id)
                .collect(Collectors.toSet());
    }

    synchronized List<SwarmSize> swarms(int most) {
        return swarms.largest(most);
    }

    synchronized SwarmSize swarm(ContentId content) {
        return swarms.size(content);
    }

    synchronized List<SwarmMember> members(ContentId content, int most) {
        return swarms.members(content, most);
    }

    private @Nullable Peer resumed(Session session, Hello hello) {
        Peer peer = hello.resume() == null ? null : byResume.get(hello.resume());
        if (peer == null || peer.role != hello.role() || !Objects.equals(peer.identity, identity(hello))) {
            return null;
        }
        if (peer.session != null) {
            peer.session.close(TrackerCloseCode.REPLACED, "resumed by another connection");
        }
        lost.remove(peer);
        // Each text is good for one resumption.
        byResume.remove(peer.resume);
        peer.resume = newResume();
        peer.session = session;
        peer.reached = false;
        swarms.resume(peer.id, traits(session, hello, false));
        return peer;
    }

    /** Closes the edges of this key, and tells everybody else not to meet them. */
    void revoke(KeyId identity) {
        expel(peer -> identity.equals(peer.identity), TrackerCloseCode.REVOKED, "revoked by the operator");
    }

    /** Closes those peers for good, and tells everybody else not to meet them. */
    void expel(Predicate<Peer> whom, TrackerCloseCode code, String reason) {
        remove(whom, code, reason).forEach(peer -> tellAll(Session.encode(new TrackerMessage.Revoked(peer))));
    }

    /** Closes those peers, whose places are lost; nobody else is told. */
    synchronized List<PeerId> remove(Predicate<Peer> whom, TrackerCloseCode code, String reason) {
        List<Peer> gone = peers.values().stream().filter(whom).toList();
        for (Peer peer : gone) {
            if (peer.session != null) {
                peer.session.close(code, reason);
                peer.session = null;
            }
            lost.remove(peer);
            forget(peer);
        }
        return gone.stream().map(peer -> peer.id).toList();
    }

    /** Who this is, connected or not for the moment. */
    synchronized Optional<Peer> find(PeerId id) {
        return Optional.ofNullable(peers.get(id));
    }

    private static @Nullable KeyId identity(Hello hello) {
        return hello.key() == null ? null : hello.key().keyId();
    }

    private void forget(Peer peer) {
        peers.remove(peer.id);
        byResume.remove(peer.resume);
        swarms.leave(peer.id);
    }

    private static boolean isCurrent(Session session, Peer peer) {
        return session.equals(peer.session);
    }

    private String newResume() {
        byte[] bytes = new byte[RESUME_BYTES];
        random.nextBytes(bytes);
        return Base64Url.encode(bytes);
    }

    private Traits traits(Session session, Hello hello, boolean reached) {
        boolean edge = hello.role() == Role.EDGE;
        PrivacyMode wished = hello.mode() == null ? PrivacyMode.OPEN : hello.mode();
        boolean edgesOnly = !edge && site.policy().mode().tightenedBy(wished) != PrivacyMode.OPEN;
        Network network = Network.of(session.arrival().address());
        return new Traits(edge, edgesOnly, network, edge && reached ? hello.http() : null);
    }
}
