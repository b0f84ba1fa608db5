package dev.rivulet.tracker.indexing;

/**
 * A resource to look at.
 *
 * @param notBeforeMs the fetch does not begin earlier
 */
record FetchTask(SiteUrl url, Reason reason, long notBeforeMs) {
    /** Why it is looked at; a later one outweighs an earlier one for the same URL. */
    enum Reason {
        /** Visitors asked for what has no entry. */
        MISSING,
        /** It is a new segment of a stream that visitors watch. */
        LIVE,
        /** Its freshness ends, and it is still asked for. */
        STALE,
        /** A visitor's origin response contradicted its entry, which is suspended until then. */
        CONTRADICTED
    }

    /** The two as one: the weightier reason, the earlier time. */
    FetchTask mergedWith(FetchTask other) {
        Reason weightier = reason.compareTo(other.reason) >= 0 ? reason : other.reason;
        return new FetchTask(url, weightier, Math.min(notBeforeMs, other.notBeforeMs));
    }
}
