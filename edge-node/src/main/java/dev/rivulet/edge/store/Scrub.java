package dev.rivulet.edge.store;

import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/** Reads what is held once more, bit by bit, so that damage is found before somebody asks for it. For one thread. */
final class Scrub {
    private final Shelf shelf;
    private final CheckedReads reads;
    private @Nullable Iterator<Slot> rest;

    Scrub(Shelf shelf, CheckedReads reads) {
        this.shelf = shelf;
        this.reads = reads;
    }

    /**
     * Goes on where the last call stopped. Blocks on the disk.
     *
     * @param bytes how much to read, about
     * @return how much was read; less than {@code bytes} where that was the end, and the next call begins anew
     */
    long next(long bytes) {
        Iterator<Slot> slots = rest != null ? rest : shelf.slots();
        long read = 0;
        while (read < bytes && slots.hasNext() && !shelf.isClosed()) {
            Slot slot = slots.next();
            Place place = shelf.placeOf(slot);
            if (place != null) {
                read += place.cost();
                reads.check(slot, place);
            }
        }
        rest = slots.hasNext() ? slots : null;
        return read;
    }
}
