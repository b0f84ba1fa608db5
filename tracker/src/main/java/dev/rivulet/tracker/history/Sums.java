package dev.rivulet.tracker.history;

import java.util.EnumMap;
import java.util.Map;
import java.util.function.ToLongFunction;

/** A value for every {@link Sum}. Immutable. */
public final class Sums {
    public static final Sums NOTHING = new Sums(Map.of());

    private final Map<Sum, Long> values;

    private Sums(Map<Sum, Long> values) {
        this.values = values;
    }

    public static Sums of(ToLongFunction<Sum> value) {
        Map<Sum, Long> values = new EnumMap<>(Sum.class);
        for (Sum sum : Sum.values()) {
            long of = value.applyAsLong(sum);
            if (of != 0) {
                values.put(sum, of);
            }
        }
        return new Sums(values);
    }

    public long get(Sum sum) {
        return values.getOrDefault(sum, 0L);
    }

    public Sums plus(Sums other) {
        return of(sum -> get(sum) + other.get(sum));
    }

    public Sums minus(Sums other) {
        return of(sum -> get(sum) - other.get(sum));
    }

    /** Bytes that origins served, to whomever. */
    public long fromOrigins() {
        return get(Sum.ORIGIN) + get(Sum.EDGE_ORIGIN) + get(Sum.INDEX_ORIGIN);
    }

    /** Bytes that origins would have served without Rivulet and did not; below 0 where it cost them more. */
    public long saved() {
        return get(Sum.PEERS) + get(Sum.EDGES) - get(Sum.EDGE_ORIGIN) - get(Sum.INDEX_ORIGIN);
    }

    /**
     * The part of what crossed the network for pages that did not cost their origins anything, 0 to 1; what pages had in
     * their own stores counts on neither side.
     */
    public double offload() {
        long needed = get(Sum.PEERS) + get(Sum.EDGES) + get(Sum.ORIGIN);
        return needed == 0 ? 0 : Math.max(0, Math.min(1, (double) saved() / needed));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Sums sums && values.equals(sums.values);
    }

    @Override
    public int hashCode() {
        return values.hashCode();
    }

    @Override
    public String toString() {
        return values.toString();
    }
}
