package dev.rivulet.edge.store;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Policy;
import com.github.benmanes.caffeine.cache.RemovalCause;
import dev.rivulet.protocol.id.ContentId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.ListIterator;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The slots that are held, and what stays of them.
 *
 * <p>Caffeine decides what stays: its entries are the {@link Slot}s, weighted by what they take on the disk, and what it
 * evicts frees its blocks. It goes by how often a slot was used, and a use of what few others hold counts for several
 * (docs/decisions/0020-what-few-hold-is-kept-longer.md). A slot is admitted, and room made for it, before it is written. Only {@link #admit} admits,
 * under one lock, and nothing is evicted at other times. So there are always blocks for what was admitted, and nothing
 * is evicted while it is being written.
 *
 * <p>Pieces without their layout are worthless: should a layout be evicted, its pieces go with it, and with the last
 * piece its layout.
 *
 * <p>Any thread may call any method, except where it says otherwise.
 */
final class Shelf {
    private final StoreFiles files;
    private final LongSupplier room;
    private final long maxPieces;
    private final ToIntFunction<ContentId> uses;
    private final DiskHealth health;
    private final LayoutMemory layouts;
    private final int leastWeight;
    private final ReentrantLock admission = new ReentrantLock();
    private final Cache<Slot, Place> places;
    private final Holdings holdings = new Holdings();
    private final Changes changes = new Changes();
    private final Queue<Slot> unsettled = new ConcurrentLinkedQueue<>();
    /** Taken down, and not overwritten yet because the disk refused; their blocks are nobody else's. Only within {@link #changing}. */
    private final Map<Slot, Place> unerased = new HashMap<>();

    private volatile Predicate<ContentId> refused = content -> false;
    /** Bytes of pieces that have no name yet, in whole blocks. Only within {@link #changing}. */
    private long drafted;

    private volatile boolean closed;

    /**
     * @param room bytes in whole blocks that slots may take now
     * @param maxPieces the most slots held, however small they are
     * @param uses what a use of the content counts for, 1 or more
     * @param layouts forgets what is not held any more
     */
    Shelf(
            StoreFiles files,
            LongSupplier room,
            long maxPieces,
            ToIntFunction<ContentId> uses,
            DiskHealth health,
            LayoutMemory layouts) {
        this.files = files;
        this.room = room;
        this.maxPieces = maxPieces;
        this.uses = uses;
        this.health = health;
        this.layouts = layouts;
        this.leastWeight = (int) Math.min(Integer.MAX_VALUE, files.capacity() / maxPieces);
        this.places = Caffeine.newBuilder()
                .maximumWeight(room.getAsLong())
                .<Slot, Place>weigher((slot, place) -> Math.max(leastWeight, place.cost()))
                .evictionListener(this::evicted)
                .executor(Runnable::run)
                .build();
    }

    /** Finds what the files hold, going by their index alone; what exceeds the bound is dropped. Comes first. */
    void recover() throws IOException {
        List<PlaceTable.Found> found = files.recover((int) Math.min(Integer.MAX_VALUE, maxPieces), holdings::add);
        Map<ContentId, ContentId> shared = new HashMap<>();
        // The oldest first, for what was written last is kept longest.
        for (ListIterator<PlaceTable.Found> each = found.listIterator(found.size()); each.hasPrevious(); ) {
            PlaceTable.Found next = each.previous();
            Slot slot = next.slot();
            if (next.place().isSole()) {
                places.put(slot, next.place());
            } else {
                ContentId content = shared.computeIfAbsent(slot.content(), same -> same);
                places.put(new Slot(content, slot.index()), next.place());
                if (!holdings.has(Slot.layout(content))) {
                    unsettled.add(Slot.layout(content));
                }
            }
        }
        places.cleanUp();
        settle();
        changes.deliver();
    }

    Holdings holdings() {
        return holdings;
    }

    void listen(PieceStore.Listener listener) {
        changes.listen(listener);
    }

    /** Where a slot lies that can be read; null when it cannot. */
    @Nullable
    Place placeOf(Slot slot) {
        return !closed && holdings.has(slot) ? places.policy().getIfPresentQuietly(slot) : null;
    }

    /** Whether the slot is held; counts as a use of it, or as several. */
    boolean use(Slot slot) {
        if (closed || !holdings.has(slot)) {
            return false;
        }
        countMore(slot);
        return places.getIfPresent(slot) != null;
    }

    /** Has Caffeine count the uses beyond the one that is counted anyway. */
    private void countMore(Slot slot) {
        for (int more = uses.applyAsInt(slot.content()); more > 1; more--) {
            var unused = places.getIfPresent(slot);
        }
    }

    /** What is held, in any order, with changes meanwhile or without. */
    Iterator<Slot> slots() {
        return places.asMap().keySet().iterator();
    }

    /** Runs what admits or removes, alone; then listeners hear of it. */
    boolean changing(BooleanSupplier change) {
        admission.lock();
        try {
            return change.getAsBoolean();
        } finally {
            admission.unlock();
            changes.deliver();
        }
    }

    /**
     * Makes room for a slot, then writes it. Only within {@link #changing}.
     *
     * @return whether it is held now
     */
    boolean admit(Slot slot, boolean sole, ByteBuffer bytes) {
        if (closed || refused.test(slot.content())) {
            return false;
        }
        if (places.getIfPresent(slot) != null) {
            return true;
        }
        if (!mayWrite()) {
            return false;
        }
        Place place = new Place(sole, bytes.remaining());
        places.put(slot, place);
        // Waits for evictions that a reader's thread may be about, and does what is left of them.
        places.cleanUp();
        settle();
        return places.asMap().containsKey(slot) && write(slot, place, bytes);
    }

    /**
     * Makes room for a piece that has no name yet, and writes it; to be followed by {@link #adopt} or {@link #discard}.
     * Not within {@link #changing}.
     */
    Place draft(ByteBuffer bytes) throws IOException {
        Place place = new Place(false, bytes.remaining());
        IOException[] failure = new IOException[1];
        var unused = changing(() -> {
            if (closed || !mayWrite()) {
                failure[0] = new IOException("the disk takes nothing");
                return false;
            }
            drafted += place.cost();
            settle();
            places.cleanUp();
            settle();
            try {
                files.draft(place, bytes);
                health.wrote();
            } catch (IOException e) {
                health.wroteNot(e);
                failure[0] = e;
                drafted -= place.cost();
                settle();
            }
            return true;
        });
        if (failure[0] != null) {
            throw failure[0];
        }
        return place;
    }

    /** Gives a name to a piece that has none. Only within {@link #changing}; as {@link #admit} otherwise. */
    boolean adopt(Slot slot, boolean sole, Place draft) {
        if (closed || refused.test(slot.content()) || places.getIfPresent(slot) != null) {
            release(draft);
            return !closed && holdings.has(slot);
        }
        drafted -= draft.cost();
        settle();
        Place place = new Place(sole, draft.bytes());
        place.lie(draft.runs());
        places.put(slot, place);
        places.cleanUp();
        settle();
        if (!places.asMap().containsKey(slot)) {
            drafted += draft.cost();
            release(draft);
            return false;
        }
        try {
            files.name(slot, place);
        } catch (IOException e) {
            health.wroteNot(e);
            removeNow(slot);
            drafted += draft.cost();
            release(draft);
            return false;
        }
        health.wrote();
        hold(slot);
        return true;
    }

    /** {@link #release} by itself. Not within {@link #changing}. */
    void discard(Place draft) {
        var unused = changing(() -> {
            release(draft);
            return true;
        });
    }

    /**
     * Overwrites and frees a piece that got no name: what was broken off may have been taken down. Only within
     * {@link #changing}.
     */
    void release(Place draft) {
        if (closed) {
            return; // a restart finds its blocks free
        }
        try {
            files.erase(draft);
        } catch (IOException e) {
            health.failed("overwrite a draft", e);
        }
        try {
            files.free(draft);
        } catch (IOException e) {
            health.failed("free a draft", e);
        }
        drafted -= draft.cost();
        settle();
    }

    /** Lest what is held make room on a disk that takes nothing. */
    private boolean mayWrite() {
        if (!health.isFailing()) {
            return true;
        }
        try {
            files.probe();
            return true;
        } catch (IOException e) {
            health.wroteNot(e);
            return false;
        }
    }

    private boolean write(Slot slot, Place place, ByteBuffer bytes) {
        try {
            files.write(slot, place, bytes);
            health.wrote();
        } catch (IOException e) {
            health.wroteNot(e);
            removeNow(slot);
            return false;
        }
        hold(slot);
        return true;
    }

    private void hold(Slot slot) {
        holdings.add(slot);
        countMore(slot);
        if (!slot.isLayout()) {
            changes.added(slot);
        }
    }

    /** Removes a slot, and what is worthless without it. Only within {@link #changing}. */
    void removeNow(Slot slot) {
        remove(slot);
        settle();
    }

    /** Removes a slot unless it is held elsewhere by now. */
    void drop(Slot slot, Place place) {
        changing(() -> {
            if (placeOf(slot) == place) {
                remove(slot);
                unsettled.add(slot);
                settle();
            }
            return true;
        });
    }

    /**
     * Removes and overwrites what is refused, and what the disk would not overwrite before, and admits none of it until
     * this is called again.
     *
     * @return whether all of it is overwritten
     */
    boolean refuse(Predicate<ContentId> blocked) {
        return changing(() -> {
            refused = blocked;
            Map<Slot, Place> left = Map.copyOf(unerased);
            unerased.clear();
            left.forEach(this::vacate);
            List<Slot> gone = places.asMap().keySet().stream()
                    .filter(slot -> blocked.test(slot.content()))
                    .toList();
            for (Slot slot : gone) {
                layouts.forget(slot.content());
                remove(slot);
            }
            settle();
            return unerased.isEmpty();
        });
    }

    /** Caffeine's word that a slot made room. It must not be answered by changing the cache: {@link #settle} does. */
    private void evicted(@Nullable Slot slot, @Nullable Place place, RemovalCause cause) {
        if (slot != null && place != null) {
            delete(slot, place);
            unsettled.add(slot);
        }
    }

    /** Follows up what removals leave behind. Only within {@link #changing}. */
    private void settle() {
        Policy.Eviction<Slot, Place> bound = places.policy().eviction().orElseThrow();
        long free = Math.max(
                0,
                room.getAsLong()
                        - drafted
                        - unerased.values().stream().mapToLong(Place::cost).sum());
        if (bound.getMaximum() != free) {
            bound.setMaximum(free);
        }
        for (Slot slot = unsettled.poll(); slot != null; slot = unsettled.poll()) {
            ContentId content = slot.content();
            if (slot.isLayout()) {
                layouts.forget(content);
                holdings.pieces(content).stream().forEach(index -> remove(new Slot(content, index)));
            } else if (holdings.pieces(content).isEmpty()) {
                remove(Slot.layout(content));
            }
        }
    }

    private void remove(Slot slot) {
        Place place = places.asMap().remove(slot);
        if (place != null) {
            delete(slot, place);
            if (slot.isLayout()) {
                unsettled.add(slot);
            }
        }
    }

    private void delete(Slot slot, Place place) {
        if (!place.isSettled()) {
            return; // never written
        }
        if (holdings.remove(slot) && !slot.isLayout()) {
            changes.dropped(slot);
        }
        vacate(slot, place);
    }

    private void vacate(Slot slot, Place place) {
        if (refused.test(slot.content())) {
            try {
                // Free blocks keep their bytes until others come.
                files.erase(place);
            } catch (IOException e) {
                // Not free, either: after a restart it is found again, and overwritten then.
                health.failed("overwrite " + slot, e);
                unerased.put(slot, place);
                return;
            }
        }
        try {
            files.free(place);
        } catch (IOException e) {
            health.failed("delete " + slot, e);
        }
    }

    boolean isClosed() {
        return closed;
    }

    /** Waits for the change under way; then nothing is found or admitted. */
    void close(Runnable last) {
        admission.lock();
        try {
            if (!closed) {
                closed = true;
                last.run();
            }
        } finally {
            admission.unlock();
        }
    }
}
