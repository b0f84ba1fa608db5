package dev.rivulet.tracker.indexing;

import dev.rivulet.protocol.id.ResourceUrl;
import dev.rivulet.tracker.playlist.HlsPlaylist;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One playlist of a running stream: who watches, when to look at it again, and what a look found. It is looked at only
 * while visitors ask for what it names, or ask for something that it might name. Time is a parameter, in milliseconds
 * since whenever. Not thread-safe.
 *
 * <p>A stream's segments come at a steady pace. Players reload after a target duration (RFC 8216 §6.3.4) and find a
 * segment that long after it came, at worst; by then others have asked for it. So one look comes a little before the next
 * segment is due, and then one every eighth of its length until it is there: two or three small, conditional requests per
 * segment in all.
 */
final class LiveWatch {
    /** How long who asked for a segment counts as a viewer. */
    static final long VIEWER_MS = 30_000;
    /** Between two looks when it is not known whether anybody watches. */
    static final long IDLE_LOOK_MS = 10_000;
    /** How long a segment is kept after the playlist has dropped it: players are behind. */
    static final long LEFT_MS = 60_000;
    /** Shortest time between two looks. */
    static final long MIN_STEP_MS = 250;
    /** Longest pause after looks that failed, or found an old playlist again and again. */
    static final long MAX_PAUSE_MS = 30_000;
    /** Viewers told apart, and questions remembered until the next look. */
    static final int MAX_REMEMBERED = 1000;

    private static final int STEPS = 8;
    private static final long SECOND_MS = 1000;
    /** Looks in a row without anything new, after which the pause grows: a segment is long overdue. */
    private static final int MAX_VAIN = 3 * STEPS;

    private final Map<Long, Viewer> viewers = new BoundedMap<>(MAX_REMEMBERED);
    /** What may be segments of a playlist that was not looked at since. */
    private final Map<ResourceUrl, Viewer> pending = new BoundedMap<>(MAX_REMEMBERED);
    /** Segments, with when the playlist dropped them; {@link Long#MAX_VALUE}: it has not. */
    private final Map<ResourceUrl, Long> segments = new LinkedHashMap<>();

    private @Nullable Long lastLookMs;
    private long dueMs = Long.MIN_VALUE;
    private int vain;

    private record Viewer(long person, long network, long lastMs) {}

    /**
     * What a look found.
     *
     * @param appeared segments that came since the last look; when nobody watched then, those after what was asked for
     * @param left segments that nobody needs any more
     */
    record Found(List<ResourceUrl> appeared, Set<ResourceUrl> left) {}

    /** Whether the playlist names it, or did a moment ago. */
    boolean names(ResourceUrl url) {
        return segments.containsKey(url);
    }

    /** Somebody asks for {@code url}, which may be a segment. */
    void asked(ResourceUrl url, long person, long network, long nowMs) {
        Viewer viewer = new Viewer(person, network, nowMs);
        if (names(url)) {
            viewers.put(person, viewer);
        } else {
            pending.put(url, viewer);
        }
    }

    /** What was asked of {@code other} may be a segment of this one. */
    void inherit(LiveWatch other) {
        pending.putAll(other.pending);
    }

    /** Whether as many watch as it takes: as many peers, in as many networks. */
    boolean isWatched(int threshold, long nowMs) {
        viewers.values().removeIf(viewer -> nowMs - viewer.lastMs() > VIEWER_MS);
        Set<Long> networks = new HashSet<>();
        viewers.values().forEach(viewer -> networks.add(viewer.network()));
        return threshold > 0 && Math.min(viewers.size(), networks.size()) >= threshold;
    }

    /** When to look next; empty: not before somebody asks. */
    OptionalLong nextLookMs(int threshold, long nowMs) {
        if (isWatched(threshold, nowMs)) {
            return OptionalLong.of(Math.max(nowMs, dueMs));
        }
        pending.values().removeIf(viewer -> nowMs - viewer.lastMs() > VIEWER_MS);
        return pending.isEmpty() && viewers.isEmpty()
                ? OptionalLong.empty()
                : OptionalLong.of(Math.max(nowMs, lastLookMs == null ? nowMs : lastLookMs + IDLE_LOOK_MS));
    }

    /**
     * A look found a media playlist.
     *
     * @param urls its segments, in order
     * @param beganMs when the look began
     */
    Found looked(HlsPlaylist playlist, List<ResourceUrl> urls, long beganMs) {
        lastLookMs = beganMs;
        int firstNew = viewers.isEmpty() ? firstAfterAsked(urls) : 0;
        List<ResourceUrl> appeared = new ArrayList<>();
        for (int i = 0; i < urls.size(); i++) {
            if (segments.put(urls.get(i), Long.MAX_VALUE) == null && i >= firstNew) {
                appeared.add(urls.get(i));
            }
        }
        settlePending();
        plan(playlist, !appeared.isEmpty(), beganMs);
        return new Found(appeared, dropLeft(new HashSet<>(urls), beganMs));
    }

    /** A look found the playlist as it was. */
    void unchanged(HlsPlaylist playlist, long beganMs) {
        lastLookMs = beganMs;
        settlePending();
        plan(playlist, false, beganMs);
    }

    /** A look found nothing of use; after several in a row the next comes later. */
    void failed(long beganMs) {
        lastLookMs = beganMs;
        pending.clear();
        vain = Math.min(vain + 1, Long.SIZE / 2);
        dueMs = beganMs + Math.min(MAX_PAUSE_MS, SECOND_MS << Math.min(vain, STEPS));
    }

    /** Those before the one that somebody asked for are of no use to who comes next. */
    private int firstAfterAsked(List<ResourceUrl> urls) {
        for (int i = 0; i < urls.size(); i++) {
            if (pending.containsKey(urls.get(i))) {
                return i + 1;
            }
        }
        return urls.size();
    }

    private void settlePending() {
        pending.forEach((url, viewer) -> {
            if (names(url)) {
                viewers.put(viewer.person(), viewer);
            }
        });
        pending.clear();
    }

    private void plan(HlsPlaylist playlist, boolean isNew, long beganMs) {
        double seconds = playlist.lastSeconds() > 0 ? playlist.lastSeconds() : playlist.targetSeconds();
        long lengthMs = (long) (seconds * SECOND_MS);
        long stepMs = Math.max(MIN_STEP_MS, lengthMs / STEPS);
        vain = isNew ? 0 : vain + 1;
        if (playlist.ended() || vain > MAX_VAIN) {
            dueMs = beganMs + MAX_PAUSE_MS;
        } else {
            dueMs = beganMs + (isNew ? Math.max(stepMs, lengthMs - stepMs) : stepMs);
        }
    }

    private Set<ResourceUrl> dropLeft(Set<ResourceUrl> present, long nowMs) {
        segments.replaceAll((url, leftMs) -> present.contains(url) ? Long.MAX_VALUE : Math.min(leftMs, nowMs));
        Set<ResourceUrl> left = new HashSet<>();
        Iterator<Map.Entry<ResourceUrl, Long>> each = segments.entrySet().iterator();
        while (each.hasNext()) {
            Map.Entry<ResourceUrl, Long> segment = each.next();
            if (segment.getValue() != Long.MAX_VALUE && nowMs - segment.getValue() >= LEFT_MS) {
                left.add(segment.getKey());
                each.remove();
            }
        }
        return left;
    }
}
