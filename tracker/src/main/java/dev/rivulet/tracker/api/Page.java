package dev.rivulet.tracker.api;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.ToLongFunction;
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
        return of(all, call.after(), call.limit(), name);
    }

    /**
     * The part that was asked for of a list that has the newest first.
     *
     * @param all in any order
     * @param at when an item was made, in seconds since 1970; of the same second the order is that of {@code id}
     * @param id tells items apart
     */
    public static <T> Page<T> newestFirst(
            Collection<T> all, Call<?> call, ToLongFunction<T> at, Function<T, String> id) {
        return newestFirst(all, call.after(), call.limit(), at, id);
    }

    static <T> Page<T> newestFirst(
            Collection<T> all, @Nullable String after, int limit, ToLongFunction<T> at, Function<T, String> id) {
        List<T> sorted = all.stream()
                .sorted(Comparator.comparingLong(at).reversed().thenComparing(id))
                .toList();
        // In the order of the list, also where the item that it names is gone.
        return of(sorted, after, limit, item -> untilTheEnd(at.applyAsLong(item)) + id.apply(item));
    }

    private static String untilTheEnd(long at) {
        return String.format(Locale.ROOT, "%019d.", Long.MAX_VALUE - at);
    }

    static <T> Page<T> of(List<T> all, @Nullable String after, int limit, Function<T, String> name) {
        List<T> rest = after == null
                ? all
                : all.stream()
                        .filter(item -> name.apply(item).compareTo(after) > 0)
                        .toList();
        List<T> items = rest.subList(0, Math.min(rest.size(), limit));
        return new Page<>(items, items.size() < rest.size() ? name.apply(items.get(items.size() - 1)) : null);
    }
}
