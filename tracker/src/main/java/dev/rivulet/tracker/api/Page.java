package dev.rivulet.tracker.api;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A part of a list.
 *
 * @param next what {@code after} has to be for the following part; null when this is the last
 */
public record Page<T>(List<T> items, @Nullable String next) {
    public Page {
        items = List.copyOf(items);
    }

    /** A list that is never long, as one page. */
    public static <T> Page<T> whole(List<T> items) {
        return new Page<>(items, null);
    }

    /**
     * The part of a sorted list that was asked for.
     *
     * @param all in the order of {@code name}
     * @param name tells items apart, and is what {@code after} says
     */
    public static <T> Page<T> of(List<T> all, Call<?> call, Function<T, String> name) {
        String after = call.after();
        List<T> rest = after == null
                ? all
                : all.stream()
                        .filter(item -> name.apply(item).compareTo(after) > 0)
                        .toList();
        List<T> items = rest.subList(0, Math.min(rest.size(), call.limit()));
        return new Page<>(items, items.size() < rest.size() ? name.apply(items.get(items.size() - 1)) : null);
    }
}
