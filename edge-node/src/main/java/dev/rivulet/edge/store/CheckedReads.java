package dev.rivulet.edge.store;

import dev.rivulet.edge.thread.RareLog;
import dev.rivulet.protocol.catalog.Layout;
import dev.rivulet.protocol.id.ContentId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.util.Optional;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads pieces and layouts, and checks them before they are believed; what is damaged is dropped.
 *
 * <p>Reads take no lock: blocks that are filled anew under them belong to a slot that was no longer held.
 *
 * <p>Reading a piece counts as using its layout, too, which is so at least as valuable as its pieces are. The only piece
 * of a content needs none: its layout is made of its own bytes.
 */
final class CheckedReads {
    private static final Logger log = LoggerFactory.getLogger(CheckedReads.class);

    private final StoreFiles files;
    private final Shelf shelf;
    private final DiskHealth health;
    private final LayoutMemory layouts;
    private final RareLog damages = new RareLog();

    CheckedReads(StoreFiles files, Shelf shelf, DiskHealth health, LayoutMemory layouts) {
        this.files = files;
        this.shelf = shelf;
        this.health = health;
        this.layouts = layouts;
    }

    private @Nullable ByteBuffer piece(Slot slot) {
        return piece(slot, ByteBuffer::allocate);
    }

    /**
     * Reads a piece, without that counting as a use of it; null when it is not held, or was damaged.
     *
     * @param room gives memory of exactly so many bytes; asked at most once
     */
    @Nullable
    ByteBuffer piece(Slot slot, IntFunction<ByteBuffer> room) {
        Place place = shelf.placeOf(slot);
        if (place == null) {
            return null;
        }
        Optional<Layout> layout = place.isSole() ? Optional.empty() : layout(slot.content());
        if (!place.isSole() && layout.isEmpty()) {
            return null;
        }
        ByteBuffer bytes = read(slot, place, room);
        if (bytes == null) {
            return null;
        }
        boolean right = place.isSole()
                ? LayoutMemory.ofSole(bytes).contentId().equals(slot.content())
                : slot.index() < layout.get().pieceCount() && layout.get().verify(slot.index(), bytes);
        if (right) {
            return bytes.asReadOnlyBuffer();
        }
        dropDamaged(slot, place);
        return null;
    }

    /** The layout of a content, which counts as a use of it; empty when it is not held, or was damaged. */
    Optional<Layout> layout(ContentId content) {
        Layout known = layouts.get(content);
        Slot slot = Slot.layout(content);
        Place place = shelf.placeOf(slot);
        if (place == null) {
            Slot first = new Slot(content, 0);
            Place sole = shelf.placeOf(first);
            ByteBuffer bytes = sole != null && sole.isSole() ? piece(first) : null;
            return Optional.ofNullable(bytes).map(LayoutMemory::ofSole);
        }
        if (!shelf.use(slot)) {
            return Optional.empty();
        }
        return known != null ? Optional.of(known) : storedLayout(slot, place);
    }

    private Optional<Layout> storedLayout(Slot slot, Place place) {
        ByteBuffer bytes = read(slot, place);
        if (bytes == null) {
            return Optional.empty();
        }
        Optional<Layout> layout = LayoutMemory.decode(slot.content(), bytes);
        layout.ifPresentOrElse(layouts::put, () -> dropDamaged(slot, place));
        return layout;
    }

    /** Reads a slot only to find out whether it is damaged. */
    void check(Slot slot, Place place) {
        if (!slot.isLayout()) {
            piece(slot);
            return;
        }
        ByteBuffer layout = read(slot, place);
        if (layout != null && LayoutMemory.decode(slot.content(), layout).isEmpty()) {
            dropDamaged(slot, place);
        }
    }

    private @Nullable ByteBuffer read(Slot slot, Place place) {
        return read(slot, place, ByteBuffer::allocate);
    }

    private @Nullable ByteBuffer read(Slot slot, Place place, IntFunction<ByteBuffer> room) {
        try {
            return files.read(place, room);
        } catch (ClosedByInterruptException notTheDisk) {
            return null;
        } catch (IOException e) {
            if (shelf.placeOf(slot) == place) {
                health.failed("read " + slot, e);
                shelf.drop(slot, place);
            }
            return null;
        }
    }

    private void dropDamaged(Slot slot, Place place) {
        // Evicted since we looked, and its blocks filled with something else? Then nothing is damaged.
        if (shelf.placeOf(slot) == place) {
            damages.next()
                    .ifPresent(more -> log.warn(
                            "{} of {} is damaged on disk: dropped{}",
                            slot.isLayout() ? "the layout" : "piece " + slot.index(),
                            slot.content().text(),
                            more));
            shelf.drop(slot, place);
        }
    }
}
