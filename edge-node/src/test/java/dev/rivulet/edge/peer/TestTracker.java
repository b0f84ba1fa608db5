package dev.rivulet.edge.peer;

import dev.rivulet.protocol.fixtures.Samples;
import dev.rivulet.protocol.id.ContentId;
import dev.rivulet.protocol.id.PeerId;
import dev.rivulet.protocol.message.ClientMessage;
import dev.rivulet.protocol.message.Role;
import dev.rivulet.protocol.message.TrackerMessage;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** Passes signals on and answers lookups, as a tracker does; any thread. */
public final class TestTracker {
    private record Client(Role role, Consumer<TrackerMessage> receiver, Set<ContentId> holdings) {}

    private final Map<PeerId, Client> clients = new LinkedHashMap<>();
    private final List<ClientMessage.Report> reports = new ArrayList<>();
    private int lookups;
    private boolean down;

    /** Adds a client; what it sends to the tracker goes into what comes back. */
    public synchronized Predicate<ClientMessage> join(PeerId peer, Role role, Consumer<TrackerMessage> receiver) {
        clients.put(peer, new Client(role, receiver, new HashSet<>()));
        return message -> take(peer, message);
    }

    /** Lets lookups of these contents find the peer. */
    public synchronized void announce(PeerId peer, ContentId... contents) {
        clients.get(peer).holdings().addAll(List.of(contents));
    }

    /** Tells a client its id. */
    public synchronized void welcome(PeerId peer) {
        clients.get(peer)
                .receiver()
                .accept(new TrackerMessage.Welcome(
                        peer, "resume", List.of(), Samples.policy(), List.of(), Samples.catalog(List.of())));
    }

    public synchronized void leave(PeerId peer) {
        clients.remove(peer);
    }

    /** Takes nothing any more. */
    public synchronized void die() {
        down = true;
    }

    public synchronized List<ClientMessage.Report> reports() {
        return List.copyOf(reports);
    }

    public synchronized int lookups() {
        return lookups;
    }

    private synchronized boolean take(PeerId from, ClientMessage message) {
        if (down) {
            return false;
        }
        if (message instanceof ClientMessage.Signal signal) {
            passOn(from, signal);
        } else if (message instanceof ClientMessage.Lookup lookup) {
            lookups++;
            clients.get(from).receiver().accept(new TrackerMessage.Peers(lookup.id(), found(from, lookup), List.of()));
        } else if (message instanceof ClientMessage.Report report) {
            reports.add(report);
        }
        return true;
    }

    private void passOn(PeerId from, ClientMessage.Signal signal) {
        Client sender = clients.get(from);
        Client receiver = clients.get(signal.to());
        if (receiver != null) {
            receiver.receiver().accept(new TrackerMessage.Signal(from, sender.role(), signal.session(), signal.body()));
        } else {
            sender.receiver()
                    .accept(new TrackerMessage.ErrorMessage(
                            TrackerMessage.ErrorMessage.UNKNOWN_PEER, "gone", false, null, signal.to()));
        }
    }

    private List<TrackerMessage.Candidate> found(PeerId from, ClientMessage.Lookup lookup) {
        List<TrackerMessage.Candidate> found = new ArrayList<>();
        clients.forEach((peer, client) -> {
            List<ContentId> holds = lookup.contents().stream()
                    .filter(client.holdings()::contains)
                    .toList();
            if (!peer.equals(from) && !holds.isEmpty() && !lookup.exclude().contains(peer)) {
                found.add(new TrackerMessage.Candidate(peer, client.role(), holds, null));
            }
        });
        return found;
    }
}
