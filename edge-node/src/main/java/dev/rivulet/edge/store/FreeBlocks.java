package dev.rivulet.edge.store;

import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * Which blocks of a file are taken. In one run where one of the first holes is large enough or the file may still grow,
 * otherwise in as many runs as it takes: as long as there are enough blocks, they can be had. Not for several threads.
 */
final class FreeBlocks {
    /** Holes that are looked at for one that is large enough: {@value}. */
    static final int HOLES_TRIED = 256;

    private final BitSet taken = new BitSet();
    private final int limit;
    private int free;
    /** No block below is free. */
    private int lowest;

    /** @param limit number of blocks that there are */
    FreeBlocks(int limit) {
        this.limit = limit;
        this.free = limit;
    }

    /** The number of blocks taken. */
    int taken() {
        return limit - free;
    }

    /** Takes these very blocks; returns false, and takes none, when they are not there or not all of them are free. */
    boolean claim(Runs runs) {
        for (int run = 0; run < runs.count(); run++) {
            if (!isFree(runs.start(run), runs.length(run))) {
                release(runs, run);
                return false;
            }
            take(runs.start(run), runs.length(run));
        }
        return true;
    }

    private boolean isFree(int start, int length) {
        if (start < 0 || length < 1 || start > limit - length) {
            return false;
        }
        int next = taken.nextSetBit(start);
        return next < 0 || next >= start + length;
    }

    /** Takes {@code blocks} blocks, 1 or more; null when there are not so many. */
    @Nullable
    Runs take(int blocks) {
        if (blocks > free) {
            return null;
        }
        int hole = taken.nextClearBit(lowest);
        lowest = hole;
        for (int tried = 0; tried < HOLES_TRIED && hole < limit; tried++) {
            int end = endOfHole(hole);
            if (end - hole >= blocks) {
                take(hole, blocks);
                return Runs.of(hole, blocks);
            }
            hole = taken.nextClearBit(end);
        }
        int beyond = taken.length();
        if (limit - beyond >= blocks) {
            take(beyond, blocks);
            return Runs.of(beyond, blocks);
        }
        return gather(blocks);
    }

    private Runs gather(int blocks) {
        Runs.Builder runs = new Runs.Builder();
        int missing = blocks;
        while (missing > 0) {
            int hole = taken.nextClearBit(lowest);
            int length = Math.min(missing, endOfHole(hole) - hole);
            take(hole, length);
            runs.add(hole, length);
            missing -= length;
            lowest = hole + length;
        }
        return runs.build();
    }

    private int endOfHole(int hole) {
        int end = taken.nextSetBit(hole);
        return end < 0 ? limit : Math.min(end, limit);
    }

    /** Gives back what was taken. */
    void release(Runs runs) {
        release(runs, runs.count());
    }

    private void release(Runs runs, int count) {
        for (int run = 0; run < count; run++) {
            taken.clear(runs.start(run), runs.start(run) + runs.length(run));
            free += runs.length(run);
            lowest = Math.min(lowest, runs.start(run));
        }
    }

    private void take(int start, int length) {
        taken.set(start, start + length);
        free -= length;
    }
}
