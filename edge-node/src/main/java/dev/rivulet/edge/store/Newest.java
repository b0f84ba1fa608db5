package dev.rivulet.edge.store;

import java.util.Arrays;

/** Finds the greatest of many numbers, with memory for those alone and as many again. Not for several threads. */
final class Newest {
    private final int most;
    private final long[] numbers;
    private int count;

    /**
     * @param most how many are wanted, 1 or more
     * @param all how many will come at most
     */
    Newest(int most, int all) {
        this.most = most;
        this.numbers = new long[(int) Math.min(2L * most, all)];
    }

    void add(long number) {
        if (count == numbers.length) {
            forgetTheRest();
        }
        numbers[count++] = number;
    }

    /** The least of those that are wanted; {@link Long#MIN_VALUE} while there are fewer. */
    long oldest() {
        if (count < most) {
            return Long.MIN_VALUE;
        }
        forgetTheRest();
        return numbers[0];
    }

    private void forgetTheRest() {
        Arrays.sort(numbers, 0, count);
        System.arraycopy(numbers, count - most, numbers, 0, most);
        count = most;
    }
}
