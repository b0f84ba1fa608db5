package dev.rivulet.tracker.signaling;

/** Decides how many of those connected are sent away at each beat, so that all are after a while and never many at once. */
final class Draining {
    private static final long MILLIS = 1000;

    private boolean on;
    private long endsAtMs;

    /** Begins, or goes on at another pace. */
    synchronized void begin(long nowMs, int seconds) {
        on = true;
        endsAtMs = nowMs + seconds * MILLIS;
    }

    synchronized void end() {
        on = false;
    }

    synchronized boolean isOn() {
        return on;
    }

    /** How many of that many go now; to be asked about once a second. */
    synchronized int due(int connections, long nowMs) {
        if (!on) {
            return 0;
        }
        long beats = Math.max(1, (endsAtMs - nowMs) / MILLIS);
        return (int) ((connections + beats - 1) / beats);
    }
}
