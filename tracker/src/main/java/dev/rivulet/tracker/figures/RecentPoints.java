package dev.rivulet.tracker.figures;

import dev.rivulet.tracker.history.SiteSpan;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** The last hour of a site, closely. Thread-safe. */
final class RecentPoints {
    /** Seconds of a point. */
    static final int STEP_SECONDS = 10;
    /** Points kept: an hour of them. */
    static final int MAX_POINTS = 360;

    /** @param at when it began, in seconds since 1970 */
    record Point(long at, SiteSpan span) {}

    /** When the newest span that has ended began. */
    static long lastEnded(long now) {
        return now - Math.floorMod(now, (long) STEP_SECONDS) - STEP_SECONDS;
    }

    private final Deque<Point> points = new ArrayDeque<>();

    synchronized void add(Point point) {
        points.addLast(point);
        if (points.size() > MAX_POINTS) {
            points.removeFirst();
        }
    }

    /** Those since then, the oldest first. */
    synchronized List<Point> since(long at) {
        return points.stream().filter(point -> point.at() >= at).toList();
    }
}
