package dev.rivulet.tracker.indexing;

import dev.rivulet.protocol.id.ContentId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which entries rest on the word of which token, and how often that was doubted. Not thread-safe; no I/O. */
final class EdgeTrust {
    /** Entries remembered; beyond, the oldest is not withdrawn when its edge is caught. */
    static final int MAX_ENTRIES = 100_000;
    /** Reports in a row that a check did not bear out, although nothing proves a lie, after which it is taken for one. */
    static final int MAX_DOUBTS = 3;

    private final Map<SiteUrl, Word> words = new BoundedMap<>(MAX_ENTRIES);
    private final Map<String, Integer> doubts = new HashMap<>();

    private record Word(String token, ContentId content) {}

    /** An entry was made of what the bearer of {@code token} reported. */
    void took(SiteUrl url, ContentId content, String token) {
        words.put(url, new Word(token, content));
    }

    /** The token by whose bearer's word the URL has that content; null when it is not so. */
    @Nullable
    String source(SiteUrl url, ContentId content) {
        Word word = words.get(url);
        return word != null && word.content().equals(content) ? word.token() : null;
    }

    /** A check bore it out. */
    void confirmed(String token) {
        doubts.remove(token);
    }

    /** A check did not bear it out; whether that is too often. */
    boolean doubted(String token) {
        return doubts.merge(token, 1, Integer::sum) >= MAX_DOUBTS;
    }

    /** Forgets, and returns, what rests on the token's word. */
    Map<SiteUrl, ContentId> fall(String token) {
        Map<SiteUrl, ContentId> fallen = new HashMap<>();
        Set<SiteUrl> urls = new HashSet<>();
        words.forEach((url, word) -> {
            if (word.token().equals(token)) {
                fallen.put(url, word.content());
                urls.add(url);
            }
        });
        words.keySet().removeAll(urls);
        return fallen;
    }
}
