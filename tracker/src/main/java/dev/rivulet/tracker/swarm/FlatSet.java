package dev.rivulet.tracker.swarm;

import java.util.Arrays;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A set by identity that costs two references an element and can be sampled. A tracker holds millions of memberships,
 * for which {@code HashSet} would pay ten times as much.
 *
 * <p>Open addressing with linear probing in a table of a power of two, at most half full. Elements have to have random
 * hash codes, since these decide the place as they are: clusters stay short, and a window of the table is a fair sample.
 */
final class FlatSet<T> {
    /** How many occupied places {@link #sample} looks at for each element that it was asked for. */
    private static final int LOOKS_PER_ELEMENT = 8;

    private static final int MIN_TABLE = 4;

    private @Nullable Object[] table = new Object[MIN_TABLE];
    private int size;

    int size() {
        return size;
    }

    boolean isEmpty() {
        return size == 0;
    }

    boolean contains(T element) {
        return table[placeOf(element)] != null;
    }

    /** Whether the element is new. */
    boolean add(T element) {
        int place = placeOf(element);
        if (table[place] != null) {
            return false;
        }
        table[place] = element;
        size++;
        if (size > table.length / 2) {
            rebuild(table.length * 2);
        }
        return true;
    }

    /** Whether the element was there. */
    boolean remove(T element) {
        int place = placeOf(element);
        if (table[place] == null) {
            return false;
        }
        table[place] = null;
        size--;
        closeGap(place);
        if (table.length > MIN_TABLE && size < table.length / 8) {
            rebuild(table.length / 2);
        }
        return true;
    }

    /** Every element once; the set must not change meanwhile. */
    void forEach(Consumer<T> action) {
        for (int place = 0; place < table.length; place++) {
            T element = at(place);
            if (element != null) {
                action.accept(element);
            }
        }
    }

    /**
     * Up to {@code most} elements that pass, from a random place on. All that pass when the set has at most
     * {@code most * LOOKS_PER_ELEMENT} elements and no more than {@code most} of them pass.
     */
    void sample(int most, RandomGenerator random, Predicate<T> filter, Consumer<T> action) {
        int start = random.nextInt(table.length);
        int looks = most * LOOKS_PER_ELEMENT;
        int found = 0;
        for (int i = 0; i < table.length && found < most && looks > 0; i++) {
            T element = at((start + i) & (table.length - 1));
            if (element != null) {
                looks--;
                if (filter.test(element)) {
                    found++;
                    action.accept(element);
                }
            }
        }
    }

    /** The place of the element, or the free one where it would go. */
    private int placeOf(T element) {
        int place = element.hashCode() & (table.length - 1);
        while (table[place] != null && table[place] != element) {
            place = (place + 1) & (table.length - 1);
        }
        return place;
    }

    /** Moves later elements of the cluster back, so that none is cut off from its home by the gap. */
    private void closeGap(int hole) {
        int gap = hole;
        int place = (gap + 1) & (table.length - 1);
        for (T element = at(place); element != null; element = at(place)) {
            int home = element.hashCode() & (table.length - 1);
            int distanceFromHome = (place - home) & (table.length - 1);
            int distanceFromGap = (place - gap) & (table.length - 1);
            if (distanceFromHome >= distanceFromGap) {
                table[gap] = element;
                table[place] = null;
                gap = place;
            }
            place = (place + 1) & (table.length - 1);
        }
    }

    private void rebuild(int length) {
        @Nullable Object[] old = table;
        table = new Object[length];
        Arrays.stream(old).forEach(element -> {
            if (element != null) {
                @SuppressWarnings("unchecked") // only add puts elements here
                T typed = (T) element;
                table[placeOf(typed)] = typed;
            }
        });
    }

    @SuppressWarnings("unchecked") // only add puts elements here
    private @Nullable T at(int place) {
        return (T) table[place];
    }
}
