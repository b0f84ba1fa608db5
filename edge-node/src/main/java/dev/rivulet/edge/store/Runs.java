package dev.rivulet.edge.store;

import java.util.Arrays;

/** Runs of blocks, in the order of the bytes they hold; nearly always it is one. Immutable. */
final class Runs {
    private static final int[] NO_MORE = new int[0];

    private final int start;
    private final int length;
    /** Start and length of the second run, of the third, and so on. */
    private final int[] more;

    private Runs(int start, int length, int[] more) {
        this.start = start;
        this.length = length;
        this.more = more;
    }

    static Runs of(int start, int length) {
        return new Runs(start, length, NO_MORE);
    }

    int count() {
        return 1 + more.length / 2;
    }

    int start(int run) {
        return run == 0 ? start : more[2 * run - 2];
    }

    /** Blocks of a run. */
    int length(int run) {
        return run == 0 ? length : more[2 * run - 1];
    }

    /** Blocks of all runs. */
    int blocks() {
        int blocks = 0;
        for (int run = 0; run < count(); run++) {
            blocks += length(run);
        }
        return blocks;
    }

    /** Collects runs, at least one. */
    static final class Builder {
        private int[] runs = NO_MORE;

        void add(int start, int length) {
            runs = Arrays.copyOf(runs, runs.length + 2);
            runs[runs.length - 2] = start;
            runs[runs.length - 1] = length;
        }

        Runs build() {
            int[] more = runs.length == 2 ? NO_MORE : Arrays.copyOfRange(runs, 2, runs.length);
            return new Runs(runs[0], runs[1], more);
        }
    }
}
