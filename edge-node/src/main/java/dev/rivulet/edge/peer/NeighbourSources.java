package dev.rivulet.edge.peer;

import dev.rivulet.edge.transfer.EventLoop;
import dev.rivulet.edge.transfer.PeerSource;
import dev.rivulet.edge.transfer.PeerSources;
import dev.rivulet.edge.transfer.Rival;
import dev.rivulet.edge.transfer.Spread;
import dev.rivulet.protocol.Limits;
import dev.rivulet.protocol.id.ContentId;
import dev.rivulet.protocol.id.PeerId;
import dev.rivulet.protocol.message.ClientMessage;
import dev.rivulet.protocol.message.ControlMessage;
import dev.rivulet.protocol.message.Role;
import dev.rivulet.protocol.message.TrackerMessage;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The neighbours as sources of pieces, and the search for more of them. Belongs to the loop. */
public final class NeighbourSources implements PeerSources, Neighbours.Listener {
    /** How long a connected peer is waited for to say what it holds. */
    static final Duration HAVE_PATIENCE = Duration.ofMillis(300);

    /** Peers connected to after a lookup. */
    static final int CONNECTS = 4;

    private final Neighbours neighbours;
    private final EventLoop loop;
    private final Lookups lookups;
    private final Set<ContentId> followed = new LinkedHashSet<>();
    private final List<Search> searches = new ArrayList<>();
    private final OriginClaims claims;
    private final Spread spread;
    private Runnable changed = () -> {};
    private News news = new Silence();

    /** @param spread learns what neighbours hold */
    public NeighbourSources(Neighbours neighbours, EventLoop loop, Spread spread) {
        this.neighbours = neighbours;
        this.spread = spread;
        this.loop = loop;
        lookups = new Lookups(loop, neighbours::tell, this::connected);
        claims = new OriginClaims(loop, this::tellFetching);
        neighbours.listener(this);
    }

    @Override
    public void onChange(Runnable hears) {
        changed = hears;
    }

    @Override
    public void onNews(News hears) {
        news = hears;
    }

    @Override
    public @Nullable PeerId self() {
        return neighbours.self();
    }

    @Override
    public List<Rival> rivals(ContentId content, int piece) {
        return neighbours.open().stream()
                .filter(session -> !session.chokes()
                        && session.interests().isWanted(content)
                        && !session.interests().hasAsked(content, piece))
                .filter(session -> session.holdings().hasSaid(content)
                        && !session.holdings().holds(content, piece))
                .map(PeerSession::rival)
                .toList();
    }

    @Override
    public void fetching(ContentId content, int piece) {
        claims.begin(content, piece);
    }

    @Override
    public void fetched(ContentId content, int piece, boolean held) {
        claims.end(content, piece, held);
    }

    private void tellFetching(ContentId content, List<Integer> pieces, boolean stop) {
        neighbours.open().forEach(session -> session.interests().fetching(content, pieces, stop));
    }

    @Override
    public void wanted(PeerSession session, List<ContentId> contents) {
        for (ContentId content : contents) {
            session.interests().fetching(content, claims.underWay(content), false);
        }
    }

    @Override
    public void fetching(PeerSession session, ControlMessage.Fetching fetching) {
        news.fetching(session.remote().id(), fetching.content(), fetching.pieces(), fetching.stop());
    }

    @Override
    public void follow(ContentId content) {
        if (followed.size() >= Limits.MAX_WANTED_CONTENTS) {
            // What has been fetched for longest does without peers, rather than that they close for too many wants.
            unfollow(followed.iterator().next());
        }
        if (followed.add(content)) {
            neighbours.open().forEach(session -> session.follow(List.of(content)));
        }
    }

    @Override
    public void unfollow(ContentId content) {
        if (followed.remove(content)) {
            neighbours.open().forEach(session -> session.unfollow(content));
        }
    }

    @Override
    public List<PeerSource> holders(ContentId content, int piece) {
        return neighbours.open().stream()
                .filter(session -> session.holdings().holds(content, piece))
                .map(PeerSession::source)
                .toList();
    }

    @Override
    public List<PeerSource> holders(ContentId content) {
        return neighbours.open().stream()
                .filter(session -> session.holdings().holdsAny(content))
                .map(PeerSession::source)
                .toList();
    }

    @Override
    public boolean isUnsaid(ContentId content) {
        return followed.contains(content)
                && neighbours.open().stream()
                        .anyMatch(session ->
                                !session.chokes() && !session.holdings().hasSaid(content));
    }

    private void noteHolders(ContentId content) {
        spread.amongNeighbours(content, holders(content).size());
    }

    @Override
    public void search(ContentId content, Runnable settled) {
        Search search = new Search(content, settled);
        searches.add(search);
        for (PeerSession session : neighbours.open()) {
            awaitHoldings(search, session.remote().id());
        }
        lookups.find(content, candidates -> found(search, candidates));
    }

    private List<PeerId> connected() {
        return neighbours.open().stream().map(session -> session.remote().id()).toList();
    }

    private void found(Search search, List<TrackerMessage.Candidate> candidates) {
        if (!candidates.isEmpty()) {
            // Neighbours are not among them; and nobody may as well mean that there was no answer.
            spread.byTracker(
                    search.content(),
                    candidates.size() + holders(search.content()).size());
        }
        candidates.stream()
                .sorted(Comparator.comparing(candidate -> candidate.role() != Role.EDGE))
                .filter(candidate -> neighbours.connect(candidate.id(), candidate.role()))
                .limit(CONNECTS)
                .forEach(candidate -> awaitHoldings(search, candidate.id()));
        search.trackerHeard();
        forgetOver();
    }

    @Override
    public void found(long lookup, List<TrackerMessage.Candidate> candidates) {
        lookups.answered(lookup, candidates);
    }

    private void awaitHoldings(Search search, PeerId peer) {
        Optional<PeerSession> open = neighbours.open(peer);
        if (open.isEmpty()) {
            search.await(peer);
        } else if (!open.get().holdings().hasSaid(search.content())) {
            search.await(peer);
            waitForHoldings(peer);
        }
    }

    private void waitForHoldings(PeerId peer) {
        loop.after(HAVE_PATIENCE, () -> heard(peer));
    }

    /** A peer will say no more for now. */
    private void heard(PeerId peer) {
        List.copyOf(searches).forEach(search -> search.heard(peer));
        forgetOver();
    }

    private void forgetOver() {
        searches.removeIf(Search::isOver);
    }

    @Override
    public void greeted(PeerSession session) {
        if (!followed.isEmpty()) {
            session.follow(followed);
        }
        waitForHoldings(session.remote().id());
    }

    @Override
    public void told(PeerSession session, ContentId content) {
        List.copyOf(searches).stream()
                .filter(search -> search.content().equals(content))
                .forEach(search -> search.heard(session.remote().id()));
        forgetOver();
        noteHolders(content);
        news.told(session.remote().id(), content);
        changed.run();
    }

    @Override
    public void choked(PeerSession session) {
        news.gone(session.remote().id());
    }

    @Override
    public void roomier() {
        changed.run();
    }

    @Override
    public void closed(PeerSession session) {
        session.holdings().contents().forEach(this::noteHolders);
        heard(session.remote().id());
        news.gone(session.remote().id());
        changed.run();
    }

    @Override
    public Download requestPiece(PeerId peer, ContentId content, int piece, int bytes, Outcome outcome) {
        Optional<PeerSession> session = neighbours.open(peer);
        return session.isPresent() ? session.get().requestPiece(content, piece, bytes, outcome) : lost(outcome);
    }

    @Override
    public Download requestLayout(PeerId peer, ContentId content, int bytes, Outcome outcome) {
        Optional<PeerSession> session = neighbours.open(peer);
        return session.isPresent() ? session.get().requestLayout(content, bytes, outcome) : lost(outcome);
    }

    private Download lost(Outcome outcome) {
        EventLoop.Timer failing = loop.after(Duration.ZERO, () -> outcome.failed("a peer has left"));
        return new Download() {
            @Override
            public void cancel() {
                failing.cancel();
            }

            @Override
            public void expire() {
                failing.cancel();
            }
        };
    }

    @Override
    public void condemn(PeerId peer, ContentId content, int piece) {
        neighbours.condemn(new ClientMessage.BadPiece(peer, content, piece));
    }

    /** Before anybody hears. */
    private static final class Silence implements News {
        @Override
        public void fetching(PeerId peer, ContentId content, List<Integer> pieces, boolean stop) {}

        @Override
        public void told(PeerId peer, ContentId content) {}

        @Override
        public void gone(PeerId peer) {}
    }
}
