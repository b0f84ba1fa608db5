package dev.rivulet.edge.transfer;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import dev.rivulet.protocol.id.ContentId;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How many others hold a content, as far as this edge has heard, and what that makes a use of it worth to the store. Any
 * thread may call any method.
 *
 * <p>The store keeps what is used often. But what is lost with a content that others hold, too, is less: {@code k} of
 * them, each of whom is away or busy half of the time, leave one request in 2<sup>k</sup> to the origin. So a use counts
 * for as many as the origin would be asked for on account of it, in units of the least that is told apart.
 */
public final class Spread {
    /** Holders from which on another one makes no difference: {@value}. */
    static final int MANY = 2;

    /** What a use counts for of which nothing is known, or that many hold: {@value}. */
    static final int LEAST_USES = 1;

    /** How long it is believed what was heard. */
    static final Duration BELIEVED = Duration.ofMinutes(10);

    /** Contents of which is known who holds them; of those heard of first it is forgotten. */
    static final int MAX_CONTENTS = 20_000;

    private final Cache<ContentId, Integer> neighbours;
    private final Cache<ContentId, Integer> tracker;

    /** @param nanoTime as {@link System#nanoTime} */
    public Spread(Ticker nanoTime) {
        this.neighbours = memory(nanoTime);
        this.tracker = memory(nanoTime);
    }

    private static Cache<ContentId, Integer> memory(Ticker nanoTime) {
        return Caffeine.newBuilder()
                .ticker(nanoTime)
                .expireAfterWrite(BELIEVED)
                .maximumSize(MAX_CONTENTS)
                .executor(Runnable::run)
                .build();
    }

    /** Takes note of how many neighbours hold some of a content now. */
    public void amongNeighbours(ContentId content, int holders) {
        neighbours.put(content, holders);
    }

    /** Takes note of how many others at least hold some of a content, those whom the tracker names among them. */
    public void byTracker(ContentId content, int holders) {
        tracker.put(content, holders);
    }

    /** What a use of the content counts for, {@value #LEAST_USES} or more. */
    public int uses(ContentId content) {
        return uses(neighbours.getIfPresent(content), tracker.getIfPresent(content));
    }

    /** Either counts some of the same, therefore the larger number is the better one. */
    static int uses(@Nullable Integer neighbours, @Nullable Integer tracker) {
        if (neighbours == null && tracker == null) {
            return LEAST_USES;
        }
        int holders = Math.max(neighbours == null ? 0 : neighbours, tracker == null ? 0 : tracker);
        return LEAST_USES << Math.max(0, MANY - holders);
    }
}
