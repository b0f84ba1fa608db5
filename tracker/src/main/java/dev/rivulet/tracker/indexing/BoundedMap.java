package dev.rivulet.tracker.indexing;

import java.util.LinkedHashMap;
import java.util.Map;

/** A map that forgets the entry touched longest ago once it holds more than its bound. */
final class BoundedMap<K, V> extends LinkedHashMap<K, V> {
    private static final long serialVersionUID = 1L;
    private static final float LOAD_FACTOR = 0.75f;
    private static final int INITIAL_CAPACITY = 16;

    private final int bound;

    BoundedMap(int bound) {
        super(INITIAL_CAPACITY, LOAD_FACTOR, true);
        this.bound = bound;
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
        return size() > bound;
    }
}
