package dev.rivulet.edge.transfer;

import dev.rivulet.edge.transfer.PeerSources.Download;
import dev.rivulet.edge.transfer.PieceFetch.Situation;
import dev.rivulet.protocol.catalog.Entry;
import dev.rivulet.protocol.catalog.Layout;
import dev.rivulet.protocol.id.ResourceUrl;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Does for one piece what {@link PieceFetch} decides. Belongs to the loop. */
final class PieceTask {
    /** How the origin can be asked. */
    record AtOrigin(Entry entry, ResourceUrl url) {}

    /** What a task shares with the others of its content, and whom it tells; on the loop. */
    interface Home {
        boolean searching();

        void searchPatiently();

        /** How long the origin may be left to others that want the piece, at most, after it was for so long already. */
        Duration leaveToOthers(int piece, long waitedNanos);

        /** The verified bytes are there. */
        void fetched(PieceTask task, ByteBuffer verified);

        /** After {@link #fetched}: the bytes are in the store, if it wanted them. Nothing follows. */
        void kept(PieceTask task);

        /** The piece is not to be had. Nothing follows. */
        void failed(PieceTask task, String reason);
    }

    private record AtPeer(FromPeer from, Download download, long sinceNanos) {
        PeerSource source() {
            return from.source;
        }
    }

    private enum State {
        DECIDING,
        AT_PEER,
        AT_ORIGIN,
        VERIFYING,
        DONE
    }

    private final Layout layout;
    private final int index;
    private final Places places;
    private final Machinery machinery;
    private final Home home;
    private final PieceFetch fetch;
    private State state = State.DECIDING;
    private @Nullable AtOrigin origin;
    private @Nullable AtPeer asked;
    /** Since when the origin has been left to others; null while it has not been. */
    private @Nullable Long leftSinceNanos;

    private EventLoop.@Nullable Timer patience;

    PieceTask(Layout layout, int index, Places places, Machinery machinery, Home home) {
        this.layout = layout;
        this.index = index;
        this.places = places;
        this.machinery = machinery;
        this.home = home;
        this.fetch = new PieceFetch(layout.length(index), machinery.loop().nanoTime());
    }

    int index() {
        return index;
    }

    /** Takes note that the origin can be asked like this. */
    void origin(AtOrigin way) {
        origin = way;
    }

    /** Decides what to do, if nothing is being done; to be called whenever something may have changed. */
    void review() {
        if (state == State.DECIDING) {
            act(fetch.next(situation()));
        }
    }

    private Situation situation() {
        return new Situation(
                holders(),
                home.searching(),
                places.peers().isUnsaid(layout.contentId()),
                origin != null,
                machinery.loop().nanoTime());
    }

    private List<PeerSource> holders() {
        return places.peers().holders(layout.contentId(), index);
    }

    private void act(Step step) {
        AtOrigin way = origin;
        if (step instanceof Step.AskPeer ask) {
            askPeer(ask.source());
        } else if (step instanceof Step.AskOrigin && way != null) {
            leaveOrAskOrigin(way);
        } else if (step instanceof Step.Search) {
            home.searchPatiently();
        } else if (step instanceof Step.GiveUp giveUp) {
            state = State.DONE;
            home.failed(this, giveUp.reason());
        }
    }

    private void askPeer(PeerSource source) {
        state = State.AT_PEER;
        FromPeer from = new FromPeer(source);
        Download download =
                places.peers().requestPiece(source.peer(), layout.contentId(), index, layout.length(index), from);
        asked = new AtPeer(from, download, machinery.loop().nanoTime());
    }

    /** Turns away from a peer that has taken too long; to be called every now and then. */
    void expireIfOverdue() {
        AtPeer at = asked;
        if (at == null) {
            return;
        }
        Situation situation = situation();
        PeerSource now = situation.holders().stream()
                .filter(holder -> holder.peer().equals(at.source().peer()))
                .findFirst()
                .orElse(at.source());
        if (fetch.isOverdue(now, at.sinceNanos(), situation)) {
            at.from().abandoned = true;
            at.download().expire();
            peerFailed(at.source(), "a peer took too long");
        }
    }

    private void leaveOrAskOrigin(AtOrigin way) {
        long now = machinery.loop().nanoTime();
        long since = leftSinceNanos == null ? now : leftSinceNanos;
        Duration left = home.leaveToOthers(index, now - since);
        if (left.isZero()) {
            askOrigin(way);
        } else {
            leftSinceNanos = since;
            if (patience != null) {
                patience.cancel();
            }
            patience = machinery.loop().after(left, this::review);
        }
    }

    private void askOrigin(AtOrigin way) {
        state = State.AT_ORIGIN;
        places.peers().fetching(layout.contentId(), index);
        var unused = fromOrigin(way)
                .whenComplete((bytes, failure) -> machinery.loop().execute(() -> {
                    boolean held = places.store().has(layout.contentId(), index);
                    places.peers().fetched(layout.contentId(), index, held);
                    if (bytes != null) {
                        state = State.DONE;
                        home.fetched(this, bytes);
                        home.kept(this);
                    } else {
                        state = State.DECIDING;
                        fetch.originFailed("the origin: " + failure.getMessage());
                        review();
                    }
                }));
    }

    private CompletableFuture<ByteBuffer> fromOrigin(AtOrigin way) {
        try {
            return places.origin().fetch(way.entry(), way.url(), layout, index);
        } catch (RuntimeException | Error e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private void peerFailed(PeerSource source, String reason) {
        asked = null;
        state = State.DECIDING;
        fetch.peerFailed(source.peer(), reason);
    }

    private final class FromPeer implements PeerSources.Outcome {
        private final PeerSource source;
        private boolean abandoned;

        FromPeer(PeerSource source) {
            this.source = source;
        }

        @Override
        public void received(ByteBuffer bytes) {
            asked = null;
            state = State.VERIFYING;
            machinery.work(
                    "checking a piece", () -> Optional.of(layout.verify(index, bytes)), right -> judge(bytes, right));
        }

        private void judge(ByteBuffer bytes, Optional<Boolean> right) {
            if (right.isEmpty()) {
                // Not the peer's fault.
                peerFailed(source, "this edge could not check it");
                review();
            } else if (right.get()) {
                machinery.counts().verified.increment();
                state = State.DONE;
                home.fetched(PieceTask.this, bytes);
                machinery.work(
                        "keeping a piece",
                        () -> Optional.of(places.store().write(layout, index, bytes)),
                        kept -> home.kept(PieceTask.this));
            } else {
                machinery.counts().rejected.increment();
                places.peers().condemn(source.peer(), layout.contentId(), index);
                peerFailed(source, "a peer sent wrong bytes");
                review();
            }
        }

        @Override
        public void failed(String reason) {
            if (!abandoned) {
                peerFailed(source, reason);
                review();
            }
        }
    }
}
