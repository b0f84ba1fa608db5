package dev.rivulet.edge.transfer;

import dev.rivulet.protocol.id.ContentId;
import dev.rivulet.protocol.id.ResourceUrl;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which contents most was sent of, in bounded memory: a content that is not among those counted takes the place, and the
 * count, of the least (the space-saving algorithm of Metwally et al.), so that counts may be too great, and what was sent
 * most is never missing. Any thread may call any method.
 */
public final class TopContents {
    /** Contents counted at a time: {@value}. */
    static final int COUNTED = 256;

    /**
     * What was sent of a content.
     *
     * @param url one that it has, if any was heard
     */
    public record Sent(ContentId content, Optional<ResourceUrl> url, long bytes) {}

    private static final class Tally {
        long bytes;

        @Nullable
        ResourceUrl url;
    }

    private final Map<ContentId, Tally> tallies = new HashMap<>();

    /** Counts bytes that were sent. */
    public synchronized void sent(ContentId content, long bytes) {
        tally(content).bytes += bytes;
    }

    /** Takes note of a URL that the site's catalog has for a content that is being sent. */
    public synchronized void named(ContentId content, ResourceUrl url) {
        tally(content).url = url;
    }

    private Tally tally(ContentId content) {
        Tally known = tallies.get(content);
        if (known != null) {
            return known;
        }
        Tally tally = new Tally();
        tally.bytes = tallies.size() < COUNTED ? 0 : removeLeast();
        tallies.put(content, tally);
        return tally;
    }

    private long removeLeast() {
        Map.Entry<ContentId, Tally> least = tallies.entrySet().stream()
                .min(Comparator.comparingLong(entry -> entry.getValue().bytes))
                .orElseThrow();
        tallies.remove(least.getKey());
        return least.getValue().bytes;
    }

    /** Those most was sent of, the first first. */
    public synchronized List<Sent> top(int most) {
        return tallies.entrySet().stream()
                .map(entry ->
                        new Sent(entry.getKey(), Optional.ofNullable(entry.getValue().url), entry.getValue().bytes))
                .sorted(Comparator.comparingLong(Sent::bytes).reversed().thenComparing(sent -> sent.content()
                        .text()))
                .limit(most)
                .toList();
    }
}
