package dev.rivulet.tracker.catalog;

/** Who vouches for an entry. */
public enum Source {
    /** The site itself, through the publish API. */
    PUBLISHED,
    /** The tracker, which fetched the resource. */
    INDEXED
}
