package dev.rivulet.edge.peer;

import dev.rivulet.edge.origin.OriginFetcher;
import dev.rivulet.edge.store.PieceStore;
import dev.rivulet.edge.transfer.EventLoop;
import dev.rivulet.protocol.catalog.Entry;
import dev.rivulet.protocol.catalog.Layout;
import dev.rivulet.protocol.id.ResourceUrl;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The site's origin, through the eyes of one edge; it may be told to refuse. */
public final class TestOrigin implements OriginFetcher {
    private final TestSite site;
    private final PieceStore store;
    private final List<Integer> fetched = new ArrayList<>();
    private boolean refusing;
    private @Nullable EventLoop loop;
    private Duration time = Duration.ZERO;

    public TestOrigin(TestSite site, PieceStore store) {
        this.site = site;
        this.store = store;
    }

    public synchronized void refuse() {
        refusing = true;
    }

    /** From now on an answer, a refusal too, takes this long. */
    public synchronized void takes(Duration answering, EventLoop on) {
        time = answering;
        loop = on;
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
        CompletableFuture<ByteBuffer> answer = new CompletableFuture<>();
        if (loop == null) {
            answer(answer, layout, piece);
        } else {
            loop.after(time, () -> answer(answer, layout, piece));
        }
        return answer;
    }

    private void answer(CompletableFuture<ByteBuffer> answer, Layout layout, int piece) {
        if (refusing) {
            answer.completeExceptionally(new IOException("refused"));
            return;
        }
        ByteBuffer bytes = site.content(layout.contentId()).piece(piece);
        store.write(layout, piece, bytes);
        answer.complete(bytes.asReadOnlyBuffer());
    }
}
