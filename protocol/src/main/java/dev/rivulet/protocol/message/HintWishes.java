package dev.rivulet.protocol.message;

import dev.rivulet.protocol.Check;
import dev.rivulet.protocol.Limits;
import dev.rivulet.protocol.http.UrlPattern;
import dev.rivulet.protocol.id.ResourceUrl;
import java.util.List;

/**
 * What an edge wants {@link Hints} of (docs/protocol.md, section 5.8).
 *
 * @param pins patterns of what it wants whether or not anybody asks for it
 * @param only patterns of all that it wants at all; empty: anything
 */
public record HintWishes(List<UrlPattern> pins, List<UrlPattern> only) {
    /** Whatever is worth having. */
    public static final HintWishes ANYTHING = new HintWishes(List.of(), List.of());

    public HintWishes {
        pins = Check.list("pins", pins, 0, Limits.MAX_HINT_PATTERNS);
        only = Check.list("only", only, 0, Limits.MAX_HINT_PATTERNS);
    }

    /** Whether it wants this resource at all. */
    public boolean admits(ResourceUrl url) {
        return only.isEmpty() || only.stream().anyMatch(pattern -> pattern.matches(url));
    }

    /** Whether it wants this resource in any case. */
    public boolean pinned(ResourceUrl url) {
        return admits(url) && pins.stream().anyMatch(pattern -> pattern.matches(url));
    }
}
