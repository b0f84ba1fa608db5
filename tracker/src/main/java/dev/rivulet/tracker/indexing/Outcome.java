package dev.rivulet.tracker.indexing;

import dev.rivulet.protocol.catalog.Entry;
import dev.rivulet.protocol.catalog.Layout;

/** What looking at a resource found. */
sealed interface Outcome {
    /** It may be shared: this is its entry. */
    record Indexed(Entry entry, Layout layout, long maxAgeSeconds) implements Outcome {}

    /** It is still what its entry says, for so long. */
    record Unchanged(long maxAgeSeconds) implements Outcome {}

    /** The origin answered, and the answer is not to be shared. */
    record Refused(String reason) implements Outcome {}

    /** There was no whole answer; another time there may be. */
    record Failed(String reason) implements Outcome {}
}
