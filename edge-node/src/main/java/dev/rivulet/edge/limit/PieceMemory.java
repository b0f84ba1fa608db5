package dev.rivulet.edge.limit;

/**
 * What pieces on their way may take of memory, a third of {@code piece-memory} for each way, so that none can hold up
 * another: who reads slowly would otherwise keep everybody else from fetching.
 *
 * @param fetchBytes of pieces that are being fetched
 * @param peers what waits to be sent to peers, beyond one piece for each
 * @param http what is being sent over HTTP
 */
public record PieceMemory(long fetchBytes, MemoryBudget peers, MemoryBudget http) {
    /** Unless said otherwise. */
    public static final long DEFAULT_BYTES = 96L << 20;

    /** The least of which something comes: some of the largest pieces for each way. */
    public static final long MIN_BYTES = 12L << 20;

    /** Pieces may take one part in so many of Java's heap: {@value}. The store's index may take as much. */
    public static final int HEAP_SHARE = 2;

    private static final int WAYS = 3;

    /** So much in all. */
    public static PieceMemory of(long bytes) {
        long each = bytes / WAYS;
        return new PieceMemory(each, new MemoryBudget(each), new MemoryBudget(each));
    }

    /** As much as was set, as far as the heap of this process allows. */
    public static PieceMemory within(long bytes, long heapBytes) {
        return of(Math.max(MIN_BYTES, Math.min(bytes, heapBytes / HEAP_SHARE)));
    }

    /** How much that is in all. */
    public long bytes() {
        return fetchBytes + peers.bytes() + http.bytes();
    }
}
