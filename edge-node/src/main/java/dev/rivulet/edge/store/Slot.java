package dev.rivulet.edge.store;

import dev.rivulet.protocol.id.ContentId;

/** One file of the store: a piece, or the layout of a content. */
record Slot(ContentId content, int index) {
    /** Stands for the layout where a piece's index would be: {@value}. */
    static final int LAYOUT = -1;

    static Slot layout(ContentId content) {
        return new Slot(content, LAYOUT);
    }

    boolean isLayout() {
        return index == LAYOUT;
    }
}
