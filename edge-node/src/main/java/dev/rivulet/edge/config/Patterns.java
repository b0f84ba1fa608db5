package dev.rivulet.edge.config;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import dev.rivulet.protocol.InvalidValueException;
import dev.rivulet.protocol.Limits;
import dev.rivulet.protocol.http.UrlPattern;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Patterns of URLs (docs/protocol.md, section 2.2), written with spaces between them.
 *
 * @param all at most {@value Limits#MAX_HINT_PATTERNS}
 */
public record Patterns(List<UrlPattern> all) {
    private static final String REMEDY = "write patterns of paths, such as /films/** /images/*, at most "
            + Limits.MAX_HINT_PATTERNS + " of " + Limits.MAX_PATTERN_CHARS + " characters";

    public Patterns {
        if (all.isEmpty() || all.size() > Limits.MAX_HINT_PATTERNS) {
            throw new IllegalArgumentException(REMEDY);
        }
        all = List.copyOf(all);
    }

    /** Reads the written form; throws {@link IllegalArgumentException} with the remedy when it is another. */
    @JsonCreator
    public static Patterns parse(String text) {
        try {
            return new Patterns(Arrays.stream(text.strip().split("\\s+"))
                    .map(UrlPattern::new)
                    .toList());
        } catch (InvalidValueException e) {
            throw new IllegalArgumentException(REMEDY, e);
        }
    }

    @JsonValue
    @Override
    public String toString() {
        return all.stream().map(UrlPattern::text).collect(Collectors.joining(" "));
    }
}
