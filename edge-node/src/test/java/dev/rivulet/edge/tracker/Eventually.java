package dev.rivulet.edge.tracker;

import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** Waits for what another thread brings about. */
public final class Eventually {
    private static final long DEADLINE_SECONDS = 60;
    private static final long PAUSE_MILLIS = 5;

    private Eventually() {}

    /** Returns as soon as the condition holds; fails when that takes too long. */
    public static void holds(String what, BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(DEADLINE_SECONDS);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("not in time: " + what);
            }
            Thread.sleep(PAUSE_MILLIS);
        }
    }
}
