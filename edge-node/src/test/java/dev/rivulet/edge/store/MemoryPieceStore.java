package dev.rivulet.edge.store;

import dev.rivulet.protocol.catalog.Layout;
import dev.rivulet.protocol.id.ContentId;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A piece store without a disk and without a bound, for tests of what uses one. */
public final class MemoryPieceStore implements PieceStore {
    private final Map<ContentId, Layout> layouts = new HashMap<>();
    private final Map<ContentId, TreeMap<Integer, ByteBuffer>> pieces = new HashMap<>();
    private volatile Predicate<ContentId> refused = content -> false;
    private final List<ContentId> used = new ArrayList<>();
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();
    private final AtomicInteger openDrafts = new AtomicInteger();
    private volatile boolean readsFail;
    private volatile boolean writesFail;
    private final AtomicInteger failingRefusals = new AtomicInteger();

    @Override
    public synchronized boolean has(ContentId content, int index) {
        return pieces.containsKey(content) && pieces.get(content).containsKey(index);
    }

    @Override
    public synchronized BitSet held(ContentId content) {
        BitSet held = new BitSet();
        pieces.getOrDefault(content, new TreeMap<>()).keySet().forEach(held::set);
        return held;
    }

    @Override
    public synchronized @Nullable ByteBuffer read(ContentId content, int index, IntFunction<ByteBuffer> room) {
        if (!has(content, index)) {
            return null;
        }
        if (readsFail) {
            throw new IllegalStateException("reads fail, as the test wants it");
        }
        ByteBuffer piece = pieces.get(content).get(index).duplicate();
        return room.apply(piece.remaining()).put(piece).flip().asReadOnlyBuffer();
    }

    @Override
    public Draft draft() {
        openDrafts.incrementAndGet();
        List<ByteBuffer> appended = new ArrayList<>();
        return new Draft() {
            @Override
            public void append(ByteBuffer piece) {
                appended.add(ByteBuffer.allocate(piece.remaining()).put(piece).flip());
            }

            @Override
            public ByteBuffer read(int index) {
                return appended.get(index).duplicate();
            }

            @Override
            public boolean keep(Layout layout, int index) {
                return write(layout, index, appended.get(index).duplicate());
            }

            @Override
            public void close() {
                openDrafts.decrementAndGet();
            }
        };
    }

    /** Drafts that are not closed. */
    public int openDrafts() {
        return openDrafts.get();
    }

    @Override
    public synchronized void use(ContentId content) {
        used.add(content);
    }

    /** Has the next calls of {@link #refuse} delete nothing. */
    public void failRefusals(int count) {
        failingRefusals.set(count);
    }

    /** Has writes throw, or not any more. */
    public void failWrites(boolean fail) {
        writesFail = fail;
    }

    /** Has reads of what is held throw, or not any more. */
    public void failReads(boolean fail) {
        readsFail = fail;
    }

    /** Contents that were used without being read, in their order. */
    public synchronized List<ContentId> used() {
        return List.copyOf(used);
    }

    @Override
    public boolean write(Layout layout, int index, ByteBuffer verified) {
        if (verified.remaining() != layout.length(index)) {
            throw new IllegalArgumentException("wrong length");
        }
        if (writesFail) {
            throw new IllegalStateException("writes fail, as the test wants it");
        }
        synchronized (this) {
            if (refused.test(layout.contentId())) {
                return false;
            }
            if (has(layout.contentId(), index)) {
                return true;
            }
            layouts.put(layout.contentId(), layout);
            ByteBuffer copy = ByteBuffer.allocate(verified.remaining())
                    .put(verified.duplicate())
                    .flip();
            pieces.computeIfAbsent(layout.contentId(), unused -> new TreeMap<>())
                    .put(index, copy);
        }
        listeners.forEach(listener -> listener.added(layout.contentId(), index));
        return true;
    }

    /** Forgets a piece, as a bounded store does when it needs room. */
    public void drop(ContentId content, int index) {
        synchronized (this) {
            if (!has(content, index)) {
                return;
            }
            pieces.get(content).remove(index);
            if (pieces.get(content).isEmpty()) {
                pieces.remove(content);
            }
        }
        listeners.forEach(listener -> listener.dropped(content, index));
    }

    @Override
    public synchronized Optional<Layout> layout(ContentId content) {
        return Optional.ofNullable(layouts.get(content));
    }

    @Override
    public synchronized boolean writeLayout(Layout layout) {
        layouts.put(layout.contentId(), layout);
        return true;
    }

    @Override
    public synchronized Set<ContentId> contents() {
        return new HashSet<>(pieces.keySet());
    }

    @Override
    public boolean refuse(Predicate<ContentId> blocked) {
        refused = blocked;
        if (failingRefusals.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
            return false;
        }
        for (ContentId content : contents()) {
            if (blocked.test(content)) {
                held(content).stream().forEach(index -> drop(content, index));
                synchronized (this) {
                    layouts.remove(content);
                }
            }
        }
        return true;
    }

    @Override
    public void listen(Listener listener) {
        listeners.add(listener);
    }
}
