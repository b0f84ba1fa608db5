package dev.rivulet.tracker.catalog;

/** Who vouches for an entry. */
public enum Source {
    /** The site itself, through the publish API. */
    PUBLISHED,
    /** The site itself, as part of a running stream: it says so again while that lasts. */
    STREAMED,
    /** The tracker, which fetched the resource. */
    INDEXED;

    /** Whether the site says so itself, whatever the origin's caching headers say. */
    public boolean isSite() {
        return this != INDEXED;
    }
}
