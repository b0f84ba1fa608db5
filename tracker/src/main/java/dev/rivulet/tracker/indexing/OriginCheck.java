package dev.rivulet.tracker.indexing;

import dev.rivulet.protocol.DecodeException;
import dev.rivulet.protocol.http.OriginPattern;
import dev.rivulet.protocol.http.SitePolicy;
import dev.rivulet.protocol.http.Validators;
import dev.rivulet.protocol.id.ResourceUrl;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.hc.client5.http.DnsResolver;
import org.jspecify.annotations.Nullable;

/**
 * Tries a site's content origins as the indexer would ask them, before the site is saved: names are resolved, private
 * addresses refused unless the site allows them, and {@code /} is asked for. Blocks.
 */
public final class OriginCheck implements AutoCloseable {
    /** How long an origin may be silent, in seconds. */
    static final int PATIENCE_SECONDS = 5;
    /** How long all of them together may take, in seconds; names may be slow to resolve. */
    static final int MAX_SECONDS = 10;
    /** Origins that are tried; further ones, and patterns that stand for many, are not. */
    public static final int MAX_TRIED = 8;

    private static final int SERVER_ERROR = 500;

    private final DnsResolver names;
    private final ExecutorService threads =
            Executors.newFixedThreadPool(MAX_TRIED, task -> new Thread(task, "origin-check"));

    public OriginCheck(DnsResolver names) {
        this.names = names;
    }

    /**
     * What became of one origin.
     *
     * @param ok whether it answered, with anything but an error of its own
     * @param status of its answer; null when there was none
     * @param text for the operator
     */
    public record Tried(String origin, boolean ok, @Nullable Integer status, String text) {}

    /** Tries them all at the same time, for {@link #MAX_SECONDS} at most. */
    public List<Tried> tryAll(SitePolicy policy) throws IOException, InterruptedException {
        try (OriginHttp http = new OriginHttp(names, policy, MAX_TRIED, PATIENCE_SECONDS)) {
            List<String> origins = policy.contentOrigins().stream()
                    .filter(OriginPattern::isExact)
                    .limit(MAX_TRIED)
                    .map(OriginPattern::text)
                    .toList();
            List<Callable<Tried>> tasks = origins.stream()
                    .map(origin -> (Callable<Tried>) () -> tryOne(http, origin))
                    .toList();
            List<Future<Tried>> answers = threads.invokeAll(tasks, MAX_SECONDS, TimeUnit.SECONDS);
            List<Tried> all = new ArrayList<>();
            for (int i = 0; i < origins.size(); i++) {
                all.add(
                        answers.get(i).isCancelled()
                                ? late(origins.get(i))
                                : answers.get(i).get());
            }
            return all;
        } catch (ExecutionException e) {
            throw new IOException(e.getCause());
        }
    }

    private static Tried late(String origin) {
        return new Tried(origin, false, null, "gives no answer within " + MAX_SECONDS + " s");
    }

    private static Tried tryOne(OriginHttp http, String origin) {
        try (OriginHttp.Exchange exchange = http.get(ResourceUrl.parse(origin + "/"), Validators.NONE)) {
            int status = exchange.response().getCode();
            boolean ok = status < SERVER_ERROR;
            return new Tried(origin, ok, status, ok ? "answers" : "answers with an error of its own");
        } catch (IOException | DecodeException e) {
            return new Tried(origin, false, null, e.getMessage() == null ? e.toString() : e.getMessage());
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
