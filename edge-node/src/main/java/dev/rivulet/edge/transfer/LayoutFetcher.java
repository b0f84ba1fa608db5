package dev.rivulet.edge.transfer;

import dev.rivulet.protocol.catalog.Layout;
import dev.rivulet.protocol.id.ContentId;
import java.util.concurrent.CompletableFuture;

/** Layouts from the tracker. */
public interface LayoutFetcher {
    /**
     * Fetches the layout of a content; any thread.
     *
     * @return the layout, whose content id is this one; fails with an {@link java.io.IOException}
     */
    CompletableFuture<Layout> fetch(ContentId content);
}
