package dev.rivulet.tracker.signaling;

import dev.rivulet.protocol.http.SitePolicy;
import dev.rivulet.protocol.id.ContentId;
import dev.rivulet.protocol.id.PeerId;
import dev.rivulet.protocol.id.ResourceUrl;
import dev.rivulet.protocol.message.ClientMessage;
import dev.rivulet.protocol.message.ClientMessage.Announce;
import dev.rivulet.protocol.message.ClientMessage.Lookup;
import dev.rivulet.protocol.message.ClientMessage.Missing;
import dev.rivulet.protocol.message.ClientMessage.Report;
import dev.rivulet.protocol.message.ClientMessage.Signal;
import dev.rivulet.protocol.message.HttpReady;
import dev.rivulet.protocol.message.IndexHashes;
import dev.rivulet.protocol.message.Indexed;
import dev.rivulet.protocol.message.Role;
import dev.rivulet.protocol.message.TrackerMessage;
import dev.rivulet.protocol.message.TrackerMessage.ErrorMessage;
import dev.rivulet.protocol.message.TrackerMessage.Peers;
import dev.rivulet.protocol.message.Unknown;
import dev.rivulet.tracker.gateway.GatewayChecks;
import dev.rivulet.tracker.indexing.Asker;
import dev.rivulet.tracker.indexing.VisitorReports;
import dev.rivulet.tracker.indexing.edge.IndexingEdges;
import dev.rivulet.tracker.swarm.Announced;
import dev.rivulet.tracker.swarm.Announcement;
import dev.rivulet.tracker.swarm.Candidate;
import dev.rivulet.tracker.swarm.Query;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a peer that has joined says, and what it is answered. */
final class Conversation {
    private static final Logger log = LoggerFactory.getLogger(Conversation.class);

    private final VisitorReports reports;
    private final HttpHoldings holdings;
    private final IndexingEdges indexers;
    private final GatewayChecks gateways;
    private final ReportListener figures;

    Conversation(Signaling.Parts parts) {
        this.reports = parts.reports();
        this.holdings = parts.holdings();
        this.indexers = parts.indexers();
        this.gateways = parts.gateways();
        this.figures = parts.figures();
    }

    void take(Session session, Session.Membership membership, ClientMessage message) {
        Room room = membership.room();
        Peer peer = membership.peer();
        if (message instanceof Announce announce) {
            announce(session, room, peer, announce);
        } else if (message instanceof Lookup lookup) {
            lookup(session, room, peer, lookup);
        } else if (message instanceof Signal signal) {
            signal(session, room, peer, signal);
        } else if (message instanceof Missing missing) {
            missing(session, room, peer, missing);
        } else if (message instanceof Report report) {
            report(session, room, peer, report);
        } else if (message instanceof IndexHashes part) {
            indexers.heard(peer.id, part);
        } else if (message instanceof Indexed end) {
            indexers.heard(peer.id, end);
        } else if (message instanceof HttpReady) {
            gateways.ready(session);
        } else if (message instanceof Unknown unknown) {
            log.debug("a message of unknown type {} is ignored", unknown.type());
        } else {
            throw new IllegalStateException("no answer to a " + message.getClass());
        }
    }

    private void announce(Session session, Room room, Peer peer, Announce announce) {
        Announcement announcement =
                new Announcement(announce.have(), announce.drop(), announce.groups(), announce.slots());
        Announced announced = room.announce(session, peer, announcement);
        indexers.slots(peer.id, announce.slots());
        if (!announce.have().isEmpty()) {
            reports.announced(room.site().id(), asker(session, peer), announce.have());
        }
        if (announced.refused() > 0) {
            session.send(error(ErrorMessage.LIMIT, announced.refused() + " content ids too many", null, null));
        }
        if (announced.newGroup()) {
            // nobody is an answer too: who waits for neighbours learns that there are none
            session.send(new Peers(null, told(room.hint(session, peer)), List.of()));
        }
    }

    private void lookup(Session session, Room room, Peer peer, Lookup lookup) {
        Query query = new Query(lookup.contents(), lookup.count(), Set.copyOf(lookup.exclude()));
        List<Candidate> found = room.lookup(session, peer, query);
        boolean here = lookup.contents().stream().anyMatch(content -> holds(room, content));
        List<ResourceUrl> http = here ? List.of(session.arrival().base()) : List.of();
        session.send(new Peers(lookup.id(), told(found), http));
        reports.lookedUp(room.site().id(), lookup.contents());
    }

    private boolean holds(Room room, ContentId content) {
        return holdings.holds(room.site().id(), content);
    }

    private static void signal(Session session, Room room, Peer peer, Signal signal) {
        Room.Relay relay = room.relay(
                session,
                peer,
                signal.to(),
                () -> new TrackerMessage.Signal(peer.id, peer.role, signal.session(), signal.body()));
        if (relay == Room.Relay.UNKNOWN_PEER) {
            session.send(error(ErrorMessage.UNKNOWN_PEER, "that peer is not here", null, signal.to()));
        } else if (relay == Room.Relay.NOT_ALLOWED) {
            session.send(error(ErrorMessage.NOT_ALLOWED, "pages may only meet edges", null, signal.to()));
        }
    }

    private void missing(Session session, Room room, Peer peer, Missing missing) {
        List<ResourceUrl> admitted = admitted(room.site().policy(), missing.urls());
        if (!admitted.isEmpty()) {
            reports.missing(room.site().id(), asker(session, peer), admitted);
        }
    }

    private void report(Session session, Room room, Peer peer, Report report) {
        log.debug("{}: {} reports {}", room.site().id(), peer.id, report);
        figures.reported(new ReportListener.Reporter(room.site().id(), peer.id, peer.role, peer.identity), report);
        List<ResourceUrl> admitted = admitted(room.site().policy(), report.contradicted());
        if (!admitted.isEmpty()) {
            reports.contradicted(room.site().id(), asker(session, peer), admitted);
        }
    }

    private static Asker asker(Session session, Peer peer) {
        return new Asker(peer.id, session.arrival().address());
    }

    private static List<ResourceUrl> admitted(SitePolicy policy, List<ResourceUrl> urls) {
        return urls.stream().filter(policy::admits).toList();
    }

    private static List<TrackerMessage.Candidate> told(List<Candidate> candidates) {
        return candidates.stream()
                .map(each -> new TrackerMessage.Candidate(
                        each.id(), each.edge() ? Role.EDGE : Role.PAGE, each.holds(), each.http()))
                .toList();
    }

    private static ErrorMessage error(String code, String message, @Nullable Long id, @Nullable PeerId to) {
        return new ErrorMessage(code, message, false, id, to);
    }
}
