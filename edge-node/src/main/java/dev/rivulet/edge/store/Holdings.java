package dev.rivulet.edge.store;

import dev.rivulet.protocol.id.ContentId;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** The index in memory of the slots whose files are whole and visible. Any thread may call any method. */
final class Holdings {
    private final Map<ContentId, BitSet> pieces = new HashMap<>();
    private final Set<ContentId> layouts = new HashSet<>();

    synchronized void add(Slot slot) {
        if (slot.isLayout()) {
            layouts.add(slot.content());
        } else {
            pieces.computeIfAbsent(slot.content(), unused -> new BitSet()).set(slot.index());
        }
    }

    /** Returns whether it was held. */
    synchronized boolean remove(Slot slot) {
        if (slot.isLayout()) {
            return layouts.remove(slot.content());
        }
        BitSet bits = pieces.get(slot.content());
        if (bits == null || !bits.get(slot.index())) {
            return false;
        }
        bits.clear(slot.index());
        if (bits.isEmpty()) {
            pieces.remove(slot.content());
        }
        return true;
    }

    synchronized boolean has(Slot slot) {
        if (slot.isLayout()) {
            return layouts.contains(slot.content());
        }
        BitSet bits = pieces.get(slot.content());
        return bits != null && bits.get(slot.index());
    }

    synchronized BitSet pieces(ContentId content) {
        BitSet bits = pieces.get(content);
        return bits == null ? new BitSet() : (BitSet) bits.clone();
    }

    synchronized Set<ContentId> contents() {
        return new HashSet<>(pieces.keySet());
    }
}
