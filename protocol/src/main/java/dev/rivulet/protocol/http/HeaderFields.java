package dev.rivulet.protocol.http;

import dev.rivulet.protocol.Limits;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The header fields of a response, by case-insensitive name, values in the order they came. Immutable. */
public final class HeaderFields {
    private final Map<String, List<String>> fields;

    private HeaderFields(Map<String, List<String>> fields) {
        this.fields = fields;
    }

    /** From a map such as {@code java.net.http} gives. */
    public static HeaderFields of(Map<String, ? extends List<String>> fields) {
        Map<String, List<String>> copy = new TreeMap<>();
        fields.forEach(
                (name, values) -> copy.computeIfAbsent(name.toLowerCase(Locale.ROOT), unused -> new ArrayList<>())
                        .addAll(values));
        return new HeaderFields(copy);
    }

    /** The names of all fields, in lower case and sorted. */
    public Set<String> names() {
        return Collections.unmodifiableSet(fields.keySet());
    }

    /** All values of a field, one per field line. */
    public List<String> all(String name) {
        return List.copyOf(fields.getOrDefault(name.toLowerCase(Locale.ROOT), List.of()));
    }

    /** The value of a field whose lines are one list (RFC 9110 §5.3); null when there is none. */
    public @Nullable String combined(String name) {
        List<String> values = all(name);
        return values.isEmpty() ? null : String.join(", ", values);
    }

    /** The value of a field that comes once; null when there is none, or when there are several that differ. */
    public @Nullable String single(String name) {
        List<String> values = all(name).stream().distinct().toList();
        return values.size() == 1 ? values.get(0).strip() : null;
    }

    /** Whether there is any field of this name. */
    public boolean has(String name) {
        return !all(name).isEmpty();
    }

    /** Whether an entry can carry the value: at most {@value Limits#MAX_HEADER_CHARS} visible ASCII, spaces and tabs. */
    public static boolean isVisibleAscii(String value) {
        return value.length() <= Limits.MAX_HEADER_CHARS
                && value.chars().allMatch(c -> c == '\t' || (c >= ' ' && c < 0x7F));
    }
}
