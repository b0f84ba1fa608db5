package dev.rivulet.edge.peer;

import dev.rivulet.edge.origin.OriginFetcher;
import dev.rivulet.edge.store.PieceStore;
import dev.rivulet.protocol.catalog.Entry;
import dev.rivulet.protocol.catalog.Layout;
import dev.rivulet.protocol.id.ResourceUrl;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** The site's origin, through the eyes of one edge; it may be told to refuse. */
public final class TestOrigin implements OriginFetcher {
    private final TestSite site;
    private final PieceStore store;
    private final List<Integer> fetched = new ArrayList<>();
    private boolean refusing;

    public TestOrigin(TestSite site, PieceStore store) {
        this.site = site;
        this.store = store;
    }

    public synchronized void refuse() {
        refusing = true;
    }

    /** The pieces asked for so far. */
    public synchronized List<Integer> fetched() {
        return List.copyOf(fetched);
    }

    @Override
    public synchronized CompletableFuture<ByteBuffer> fetch(Entry entry, ResourceUrl url, Layout layout, int piece) {
        if (!url.hash().equals(entry.url())) {
            throw new IllegalArgumentException("another URL's entry");
        }
        fetched.add(piece);
        if (refusing) {
            return CompletableFuture.failedFuture(new IOException("refused"));
        }
        ByteBuffer bytes = site.content(layout.contentId()).piece(piece);
        store.write(layout, piece, bytes);
        return CompletableFuture.completedFuture(bytes.asReadOnlyBuffer());
    }
}
