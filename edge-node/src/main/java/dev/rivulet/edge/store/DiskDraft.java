package dev.rivulet.edge.store;

import dev.rivulet.protocol.catalog.Layout;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A draft in blocks of the store's own file that no row of its table tells of: a restart finds them free. */
final class DiskDraft implements Draft {
    /** Keeps a piece whose bytes lie at a place already. */
    interface Keeper {
        boolean keep(Layout layout, int index, Place place);
    }

    private final StoreFiles files;
    private final Shelf shelf;
    private final Keeper keeper;
    private final List<@Nullable Place> places = new ArrayList<>();

    DiskDraft(StoreFiles files, Shelf shelf, Keeper keeper) {
        this.files = files;
        this.shelf = shelf;
        this.keeper = keeper;
    }

    @Override
    public void append(ByteBuffer piece) throws IOException {
        places.add(shelf.draft(piece));
    }

    @Override
    public ByteBuffer read(int index) throws IOException {
        return files.read(place(index), ByteBuffer::allocate);
    }

    private Place place(int index) {
        Place place = places.get(index);
        if (place == null) {
            throw new IllegalStateException("piece " + index + " is kept already");
        }
        return place;
    }

    @Override
    public boolean keep(Layout layout, int index) {
        Place place = place(index);
        places.set(index, null);
        return keeper.keep(layout, index, place);
    }

    @Override
    public void close() {
        for (Place left : places) {
            if (left != null) {
                shelf.discard(left);
            }
        }
        places.clear();
    }
}
