package dev.rivulet.edge.transfer;

import dev.rivulet.protocol.DecodeException;
import dev.rivulet.protocol.catalog.Entry;
import dev.rivulet.protocol.catalog.Layout;
import dev.rivulet.protocol.id.ContentId;
import dev.rivulet.protocol.id.PeerId;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The fetching of one content's layout: out of its entry, the store, from the tracker, and when that fails or dawdles
 * from peers. Belongs to the loop.
 */
final class LayoutTask {
    /** How long the tracker alone is asked. */
    static final Duration TRACKER_PATIENCE = Duration.ofSeconds(1);

    /** How long any one peer is. */
    static final Duration PEER_PATIENCE = Duration.ofSeconds(3);

    private final Entry entry;
    private final Places places;
    private final Machinery machinery;
    private final BooleanSupplier searching;
    private final Consumer<Optional<Layout>> done;
    private final Set<PeerId> tried = new HashSet<>();
    private final long startedNanos;
    private boolean over;
    private boolean trackerFailed;
    private boolean peersWanted;
    private PeerSources.@Nullable Download download;

    /**
     * @param searching whether a search is under way that may bring more holders
     * @param done told once, on the loop: the layout, or that nobody has it
     */
    LayoutTask(
            Entry entry,
            Places places,
            Machinery machinery,
            BooleanSupplier searching,
            Consumer<Optional<Layout>> done) {
        this.entry = entry;
        this.places = places;
        this.machinery = machinery;
        this.searching = searching;
        this.done = done;
        this.startedNanos = machinery.loop().nanoTime();
    }

    private ContentId content() {
        return entry.content();
    }

    void start() {
        if (entry.layout() != null) {
            finish(entry.layout());
            return;
        }
        machinery.read(
                () -> places.store().layout(content()), held -> held.ifPresentOrElse(this::finish, this::askTracker));
    }

    private void askTracker() {
        var unused = places.tracker()
                .fetch(content())
                .whenComplete((layout, failure) -> machinery.loop().execute(() -> {
                    if (layout != null && isOfEntry(layout)) {
                        keep(layout);
                    } else {
                        trackerFailed = true;
                        askPeers();
                    }
                }));
        machinery.loop().after(TRACKER_PATIENCE, this::askPeers);
    }

    private void askPeers() {
        peersWanted = true;
        review();
    }

    /** Asks the next peer, if there is reason to; to be called when holders or the search may have changed. */
    void review() {
        if (over || !peersWanted || download != null) {
            return;
        }
        List<PeerSource> untried = places.peers().holders(content()).stream()
                .filter(source -> !tried.contains(source.peer()))
                .toList();
        Optional<PeerSource> next = SourceChoice.best(untried, bytes());
        if (next.isPresent()) {
            ask(next.get());
        } else if (trackerFailed && !searching.getAsBoolean() && !isUnsaid() && !isRoomHopedFor(untried)) {
            over = true;
            done.accept(Optional.empty());
        }
    }

    /** Whether a neighbour that has not said what it holds is still waited for. */
    private boolean isUnsaid() {
        return places.peers().isUnsaid(content()) && !hasWaited(PieceFetch.UNSAID_PATIENCE);
    }

    /** Whether a holder that is merely busy is still waited for. */
    private boolean isRoomHopedFor(List<PeerSource> untried) {
        return untried.stream().anyMatch(source -> !source.stalled()) && !hasWaited(PieceFetch.ROOM_PATIENCE);
    }

    private boolean hasWaited(Duration patience) {
        return machinery.loop().nanoTime() - startedNanos >= patience.toNanos();
    }

    private int bytes() {
        return Layout.encodedLengthOf(entry.size());
    }

    private void ask(PeerSource source) {
        tried.add(source.peer());
        PeerSources.Download asked = places.peers()
                .requestLayout(source.peer(), content(), bytes(), new PeerSources.Outcome() {
                    @Override
                    public void received(ByteBuffer bytes) {
                        download = null;
                        decoded(bytes).ifPresentOrElse(LayoutTask.this::keep, LayoutTask.this::review);
                    }

                    @Override
                    public void failed(String reason) {
                        download = null;
                        review();
                    }
                });
        download = asked;
        machinery.loop().after(PEER_PATIENCE, () -> expire(asked));
    }

    private void expire(PeerSources.Download asked) {
        if (download == asked && !over) {
            asked.expire();
            download = null;
            review();
        }
    }

    private Optional<Layout> decoded(ByteBuffer received) {
        byte[] bytes = new byte[received.remaining()];
        received.get(bytes);
        try {
            return Optional.of(Layout.decode(bytes)).filter(this::isOfEntry);
        } catch (DecodeException e) {
            return Optional.empty();
        }
    }

    private boolean isOfEntry(Layout layout) {
        return layout.contentId().equals(content()) && layout.size() == entry.size();
    }

    private void keep(Layout layout) {
        if (!over) {
            machinery.workers().execute(() -> places.store().writeLayout(layout));
            finish(layout);
        }
    }

    private void finish(Layout layout) {
        if (over) {
            return;
        }
        over = true;
        if (download != null) {
            download.cancel();
            download = null;
        }
        done.accept(Optional.of(layout));
    }
}
