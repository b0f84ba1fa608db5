package dev.rivulet.edge.store;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Hands changes to the listeners in order and one at a time, outside the store's locks: whoever finds changes waiting
 * and nobody delivering delivers them all.
 */
final class Changes {
    private record Change(Slot slot, boolean added) {}

    private final List<PieceStore.Listener> listeners = new CopyOnWriteArrayList<>();
    private final Queue<Change> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicInteger undelivered = new AtomicInteger();

    void listen(PieceStore.Listener listener) {
        listeners.add(listener);
    }

    void added(Slot slot) {
        waiting.add(new Change(slot, true));
    }

    void dropped(Slot slot) {
        waiting.add(new Change(slot, false));
    }

    /** Delivers what is waiting, unless another thread is about it. Not to be called with a lock held. */
    void deliver() {
        if (undelivered.getAndIncrement() > 0) {
            return;
        }
        int seen = 1;
        do {
            for (Change change = waiting.poll(); change != null; change = waiting.poll()) {
                tell(change);
            }
            seen = undelivered.addAndGet(-seen);
        } while (seen > 0);
    }

    private void tell(Change change) {
        Slot slot = change.slot();
        for (PieceStore.Listener listener : listeners) {
            if (change.added()) {
                listener.added(slot.content(), slot.index());
            } else {
                listener.dropped(slot.content(), slot.index());
            }
        }
    }
}
