package dev.rivulet.edge.transfer;

import dev.rivulet.edge.transfer.PieceTask.AtOrigin;
import dev.rivulet.protocol.Limits;
import dev.rivulet.protocol.catalog.Entry;
import dev.rivulet.protocol.catalog.Layout;
import dev.rivulet.protocol.id.ContentId;
import dev.rivulet.protocol.id.PeerId;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** All that is being fetched of one content: its layout, the search for holders, its pieces. Belongs to the loop. */
final class ContentSwarm implements PieceTask.Home {
    /** How long a search for holders may keep the origin waiting. */
    static final Duration SEARCH_PATIENCE = Duration.ofMillis(1500);

    /** As {@link #SEARCH_PATIENCE}, when there is no origin to ask: as long as connecting may take. */
    static final Duration LAST_SEARCH_PATIENCE = Duration.ofSeconds(Limits.CONNECT_SECONDS);

    /** How often holders are searched for, at most, while there are none. */
    static final Duration SEARCH_INTERVAL = Duration.ofSeconds(10);

    /** Whoever waits for a piece; told on the loop. */
    interface Receiver {
        /** The verified bytes are there. */
        void fetched(ByteBuffer verified);

        /** After {@link #fetched}: the bytes are in the store, if it wanted them. Nothing follows. */
        void kept();

        /** The piece is not to be had. Nothing follows. */
        void failed(String reason);
    }

    /** A piece that is wanted; without a task while the layout is missing. */
    private static final class Wanted {
        final Receiver receiver;

        @Nullable
        AtOrigin origin;

        @Nullable
        PieceTask task;

        Wanted(Receiver receiver) {
            this.receiver = receiver;
        }

        void origin(AtOrigin way) {
            origin = way;
            if (task != null) {
                task.origin(way);
            }
        }
    }

    private final ContentId content;
    private final Places places;
    private final Machinery machinery;
    private final Duty duty;
    private final Map<Integer, Wanted> wanted = new LinkedHashMap<>();
    private @Nullable Layout layout;
    private @Nullable LayoutTask layoutTask;
    private boolean searching;
    private long searches;
    private long lastSearchNanos;
    private long lastUsedNanos;

    ContentSwarm(ContentId content, Places places, Machinery machinery) {
        this.content = content;
        this.places = places;
        this.machinery = machinery;
        this.duty = new Duty(content);
        places.peers().follow(content);
    }

    /**
     * Begins to fetch a piece that is not being fetched yet.
     *
     * @param entry of the content; any of several
     */
    void fetch(Entry entry, int index, Receiver receiver) {
        Wanted piece = new Wanted(receiver);
        wanted.put(index, piece);
        if (layout != null) {
            begin(index, piece, layout);
        } else if (layoutTask == null) {
            LayoutTask task = new LayoutTask(entry, places, machinery, this::searching, this::layoutKnown);
            layoutTask = task;
            task.start();
        }
    }

    /** Takes note that the origin can be asked for a piece that is being fetched. */
    void origin(int index, AtOrigin way) {
        Wanted piece = wanted.get(index);
        if (piece != null) {
            piece.origin(way);
        }
    }

    private void layoutKnown(Optional<Layout> found) {
        layoutTask = null;
        layout = found.orElse(null);
        for (Map.Entry<Integer, Wanted> piece : List.copyOf(wanted.entrySet())) {
            if (found.isPresent()) {
                begin(piece.getKey(), piece.getValue(), found.get());
            } else {
                end(piece.getKey()).failed("nobody has the layout");
            }
        }
        review();
    }

    private void begin(int index, Wanted piece, Layout known) {
        PieceTask task = new PieceTask(known, index, places, machinery, this);
        piece.task = task;
        if (piece.origin != null) {
            task.origin(piece.origin);
        }
    }

    /** Acts on what has changed. */
    void review() {
        if (!wanted.isEmpty()) {
            searchIfAlone();
        }
        if (layoutTask != null) {
            layoutTask.review();
        }
        forEachTask(PieceTask::review);
    }

    /** Looks for what has taken too long; to be called every now and then. */
    void tick() {
        forEachTask(PieceTask::expireIfOverdue);
        review();
    }

    private void forEachTask(Consumer<PieceTask> action) {
        for (Wanted piece : List.copyOf(wanted.values())) {
            if (piece.task != null) {
                action.accept(piece.task);
            }
        }
    }

    private void searchIfAlone() {
        long since = machinery.loop().nanoTime() - lastSearchNanos;
        boolean due = searches == 0 || since >= SEARCH_INTERVAL.toNanos();
        if (due && !searching && places.peers().holders(content).stream().allMatch(PeerSource::stalled)) {
            search(SEARCH_PATIENCE);
        }
    }

    private void search(Duration patience) {
        searching = true;
        lastSearchNanos = machinery.loop().nanoTime();
        long search = ++searches;
        Runnable settled = () -> {
            if (searching && search == searches) {
                searching = false;
                review();
            }
        };
        machinery.loop().after(patience, settled);
        places.peers().search(content, settled);
    }

    /** Whether nothing is being fetched, nor has been for a while. */
    boolean isIdle(Duration atLeast) {
        return wanted.isEmpty() && machinery.loop().nanoTime() - lastUsedNanos >= atLeast.toNanos();
    }

    /** Ends; nothing is being fetched. */
    void close() {
        places.peers().unfollow(content);
    }

    @Override
    public boolean searching() {
        return searching;
    }

    @Override
    public void searchPatiently() {
        search(LAST_SEARCH_PATIENCE);
    }

    @Override
    public Duration leaveToOthers(int piece, long waitedNanos) {
        PeerSources peers = places.peers();
        return duty.leave(
                piece,
                waitedNanos,
                peers.self(),
                peers.rivals(content, piece),
                machinery.loop().nanoTime());
    }

    /** A peer says what it asked the origin for, or will not get after all. */
    void fetching(PeerId peer, List<Integer> pieces, boolean stop) {
        duty.fetching(peer, pieces, stop, machinery.loop().nanoTime());
    }

    /** A peer has said what it holds. */
    void told(PeerId peer) {
        duty.told(peer, machinery.loop().nanoTime());
    }

    /** A peer has left. */
    void gone(PeerId peer) {
        duty.gone(peer);
    }

    @Override
    public void fetched(PieceTask task, ByteBuffer verified) {
        Wanted piece = wanted.get(task.index());
        if (piece != null) {
            piece.receiver.fetched(verified);
        }
    }

    @Override
    public void kept(PieceTask task) {
        end(task.index()).kept();
    }

    @Override
    public void failed(PieceTask task, String reason) {
        end(task.index()).failed(reason);
    }

    private Receiver end(int index) {
        lastUsedNanos = machinery.loop().nanoTime();
        Wanted piece = wanted.remove(index);
        if (piece == null) {
            throw new IllegalStateException("piece " + index + " ended twice");
        }
        return piece.receiver;
    }
}
