package dev.rivulet.edge.tracker;

import dev.rivulet.edge.thread.Threads;
import dev.rivulet.protocol.DecodeException;
import dev.rivulet.protocol.Limits;
import dev.rivulet.protocol.catalog.Layout;
import dev.rivulet.protocol.id.ContentId;
import dev.rivulet.protocol.id.SiteId;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;

/** Fetches layouts too long to travel inside their entries from the tracker. Any thread may ask. */
public final class TrackerLayouts implements AutoCloseable {
    private final SiteId site;
    private final TrackerHttp http;
    private final ExecutorService threads;
    private final Map<ContentId, CompletableFuture<Layout>> underWay = new ConcurrentHashMap<>();

    public TrackerLayouts(SiteId site, TrackerHttp http) {
        this.site = site;
        this.http = http;
        this.threads = Executors.newFixedThreadPool(TrackerHttp.CONNECTIONS, Threads.named("layout-fetch"));
    }

    /** The layout of a content, checked against its id; fails with an {@link IOException}. Nothing is kept. */
    public CompletableFuture<Layout> fetch(ContentId content) {
        try {
            CompletableFuture<Layout> future = underWay.computeIfAbsent(
                    content, unused -> CompletableFuture.supplyAsync(() -> get(content), threads));
            var unused = future.whenComplete((layout, failure) -> underWay.remove(content, future));
            return future.copy();
        } catch (RejectedExecutionException e) {
            return CompletableFuture.failedFuture(new IOException("the edge stops", e));
        }
    }

    private Layout get(ContentId content) {
        try {
            Layout layout =
                    Layout.decode(http.get("/sites/" + site + "/layouts/" + content.text(), Limits.MAX_LAYOUT_BYTES));
            if (!layout.contentId().equals(content)) {
                throw new IOException("the tracker sends another layout than " + content.text());
            }
            return layout;
        } catch (IOException e) {
            throw new CompletionException(e);
        } catch (DecodeException e) {
            throw new CompletionException(new IOException("the tracker sends no layout: " + e.getMessage(), e));
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
        underWay.values().forEach(future -> future.completeExceptionally(new IOException("the edge stops")));
    }
}
