package dev.rivulet.tracker.publishing.command;

import dev.rivulet.protocol.Limits;
import dev.rivulet.protocol.catalog.Layout;
import dev.rivulet.protocol.catalog.PublishBody;
import dev.rivulet.protocol.catalog.PublishBody.Item;
import dev.rivulet.protocol.id.ResourceUrl;
import java.util.ArrayList;
import java.util.List;

/** Gathers items until a call to the publish API is full. */
final class Batches {
    /** More than an item's JSON has besides its layout: URL, headers and validators at their longest. */
    private static final int ITEM_BYTES = Limits.MAX_URL_CHARS + Limits.MAX_ENTRY_BYTES;

    private final List<Item> items = new ArrayList<>();
    private final List<ResourceUrl> removed = new ArrayList<>();
    private int bytes;

    /** Whether {@code item} still fits. */
    boolean hasRoomFor(Item item) {
        return items.size() < Limits.MAX_PUBLISH_ENTRIES
                && bytes + mostBytes(item.layout()) <= Limits.MAX_PUBLISH_BYTES - ITEM_BYTES;
    }

    void add(Item item) {
        items.add(item);
        bytes += mostBytes(item.layout());
    }

    /** Whether one more removal still fits. */
    boolean hasRoomForRemoval() {
        return removed.size() < Limits.MAX_PUBLISH_ENTRIES
                && bytes + Limits.MAX_URL_CHARS <= Limits.MAX_PUBLISH_BYTES - ITEM_BYTES;
    }

    void remove(ResourceUrl url) {
        removed.add(url);
        bytes += Limits.MAX_URL_CHARS;
    }

    boolean isEmpty() {
        return items.isEmpty() && removed.isEmpty();
    }

    /** The call's body, {@code live} or not; what is gathered next goes into another. */
    PublishBody take(boolean live) {
        PublishBody body = new PublishBody(items, removed, live);
        items.clear();
        removed.clear();
        bytes = 0;
        return body;
    }

    private static int mostBytes(Layout layout) {
        // base64url makes 4 characters of 3 bytes.
        return Layout.encodedLengthOf(layout.size()) / 3 * 4 + 4 + ITEM_BYTES;
    }
}
