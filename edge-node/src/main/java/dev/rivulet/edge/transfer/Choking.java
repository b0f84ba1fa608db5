package dev.rivulet.edge.transfer;

import dev.rivulet.protocol.id.PeerId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Decides whom a peer gives to (docs/protocol.md, section 6.5): to all, as long as it keeps up. Once more neighbours than
 * it has slots are kept waiting, to those that gave most and, among equals, that were given least; one slot is
 * optimistic, and goes to any of the others. Pages decide the same.
 */
public final class Choking {
    /** Neighbours that an edge gives to at a time when it cannot keep up with all, the optimistic one included. */
    public static final int EDGE_SLOTS = 32;

    /** Who waits longer than this is kept waiting: nobody asks a source that is expected to need longer. */
    static final long KEPT_WAITING_MILLIS = 2_000;

    /** Slots are given out for so long after more neighbours than there are slots were kept waiting. */
    static final long CROWDED_MILLIS = 30_000;

    /** How often it is decided anew who has a slot; and how long who wants nothing any more still counts. */
    public static final long DECIDE_MILLIS = 10_000;

    /** How often the optimistic slot goes to somebody else. */
    static final long ROTATE_MILLIS = 30_000;

    /**
     * A neighbour, as who gives sees it.
     *
     * @param wants whether it is getting any content, or was within {@value #DECIDE_MILLIS} ms
     * @param waitingMillis how long it has been waited for what it asked for first; 0: for nothing
     * @param down bytes that it gave so far
     * @param up bytes that it was given so far
     */
    public record Taker(PeerId id, boolean wants, long waitingMillis, long down, long up) {}

    private static final Comparator<Taker> MOST_DESERVING = Comparator.comparingLong(Taker::down)
            .reversed()
            .thenComparingLong(Taker::up)
            .thenComparing(Taker::id);

    private final int slots;
    private @Nullable Long crowdedMillis;
    private @Nullable Long decidedMillis;
    private @Nullable Long rotatedMillis;
    private @Nullable PeerId optimistic;
    private List<PeerId> regular = List.of();

    /** @param slots 1 or more */
    public Choking(int slots) {
        this.slots = slots;
    }

    /**
     * Decides who is not choked. To be asked every second or so.
     *
     * @param random from 0 to below 1
     * @return empty: nobody is choked
     */
    public Optional<List<PeerId>> decide(List<Taker> all, long nowMillis, DoubleSupplier random) {
        if (all.stream()
                        .filter(taker -> taker.waitingMillis() > KEPT_WAITING_MILLIS)
                        .count()
                > slots) {
            crowdedMillis = nowMillis;
        }
        List<Taker> takers = all.stream().filter(Taker::wants).toList();
        boolean crowded = crowdedMillis != null && nowMillis - crowdedMillis <= CROWDED_MILLIS;
        if (!crowded || takers.size() <= slots) {
            decidedMillis = null;
            return Optional.empty();
        }
        return Optional.of(giveOut(takers, nowMillis, random));
    }

    private List<PeerId> giveOut(List<Taker> takers, long nowMillis, DoubleSupplier random) {
        boolean due = isOver(decidedMillis, DECIDE_MILLIS, nowMillis);
        if (due) {
            decidedMillis = nowMillis;
        }
        // Until then who has a slot keeps it.
        List<PeerId> keep = due ? List.of() : regular;
        List<PeerId> ids = takers.stream()
                .sorted(Comparator.comparing((Taker taker) -> !keep.contains(taker.id()))
                        .thenComparing(MOST_DESERVING))
                .map(Taker::id)
                .toList();
        regular = ids.subList(0, slots - 1);
        List<PeerId> others = ids.subList(slots - 1, ids.size());
        if (optimistic == null || !others.contains(optimistic) || isOver(rotatedMillis, ROTATE_MILLIS, nowMillis)) {
            rotatedMillis = nowMillis;
            optimistic = others.get((int) (random.getAsDouble() * others.size()));
        }
        List<PeerId> open = new ArrayList<>(regular);
        open.add(optimistic);
        return open;
    }

    private static boolean isOver(@Nullable Long sinceMillis, long spanMillis, long nowMillis) {
        return sinceMillis == null || nowMillis - sinceMillis >= spanMillis;
    }
}
