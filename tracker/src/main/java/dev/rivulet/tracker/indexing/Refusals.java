package dev.rivulet.tracker.indexing;

import java.util.Map;

/**
 * URLs that turned out not to be worth fetching for a while: what the origin forbids to share for longer than what
 * merely failed, and longer each time in a row. Not thread-safe.
 */
final class Refusals {
    /** URLs remembered; beyond, the one met longest ago is forgotten. */
    static final int MAX_URLS = 50_000;
    /** First and longest pause after the origin's answer was not to be shared, in milliseconds. */
    static final long REFUSED_MS = 600_000;

    static final long MAX_REFUSED_MS = 86_400_000;
    /** First and longest pause after the fetch failed, in milliseconds. */
    static final long FAILED_MS = 15_000;

    static final long MAX_FAILED_MS = 3_600_000;

    private final Map<SiteUrl, Pause> byUrl = new BoundedMap<>(MAX_URLS);

    /** Until when the URL is left alone, in milliseconds; {@code nowMs} or before when it is not. */
    long pausedUntil(SiteUrl url) {
        Pause pause = byUrl.get(url);
        return pause == null ? Long.MIN_VALUE : pause.untilMs;
    }

    /** The origin answered, and the answer must not be shared. */
    void refused(SiteUrl url, long nowMs) {
        pause(url, nowMs, REFUSED_MS, MAX_REFUSED_MS);
    }

    /** There was no whole answer, or one that may be better next time. */
    void failed(SiteUrl url, long nowMs) {
        pause(url, nowMs, FAILED_MS, MAX_FAILED_MS);
    }

    void succeeded(SiteUrl url) {
        byUrl.remove(url);
    }

    private void pause(SiteUrl url, long nowMs, long firstMs, long longestMs) {
        Pause before = byUrl.get(url);
        int inARow = before == null ? 0 : before.inARow + 1;
        long pauseMs = Math.min(longestMs, firstMs << Math.min(inARow, Integer.SIZE - 1));
        byUrl.put(url, new Pause(inARow, nowMs + pauseMs));
    }

    private record Pause(int inARow, long untilMs) {}
}
