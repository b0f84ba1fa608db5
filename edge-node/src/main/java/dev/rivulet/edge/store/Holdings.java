package dev.rivulet.edge.store;

import dev.rivulet.protocol.id.ContentId;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** The index in memory of the slots that can be read. Any thread may call any method. */
final class Holdings {
    /** Shared by all contents of which the first piece is held alone, most of which have no other; never changed. */
    private static final BitSet FIRST = BitSet.valueOf(new long[] {1});

    private final Map<ContentId, BitSet> pieces = new HashMap<>();
    private final Set<ContentId> layouts = new HashSet<>();

    /** Returns whether it was not held yet. */
    synchronized boolean add(Slot slot) {
        if (slot.isLayout()) {
            return layouts.add(slot.content());
        }
        BitSet bits = pieces.get(slot.content());
        if (bits == null) {
            pieces.put(slot.content(), slot.index() == 0 ? FIRST : with(new BitSet(), slot.index()));
            return true;
        }
        if (bits.get(slot.index())) {
            return false;
        }
        if (bits.equals(FIRST)) {
            pieces.put(slot.content(), with((BitSet) FIRST.clone(), slot.index()));
        } else {
            bits.set(slot.index());
        }
        return true;
    }

    private static BitSet with(BitSet bits, int index) {
        bits.set(index);
        return bits;
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
        if (bits.cardinality() == 1) {
            pieces.remove(slot.content());
        } else {
            bits.clear(slot.index());
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

    /** The number of contents of which at least one piece is held. */
    synchronized int size() {
        return pieces.size();
    }

    synchronized Set<ContentId> contents() {
        return new HashSet<>(pieces.keySet());
    }
}
