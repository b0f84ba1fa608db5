package dev.rivulet.tracker.catalog;

import dev.rivulet.protocol.catalog.Entry;
import dev.rivulet.protocol.id.UrlHash;
import java.util.List;

/** What is to be signed now. */
public sealed interface Cut {
    /** A head over all the entries. */
    record Head() implements Cut {}

    /** A batch of changes since the last head or batch. */
    record Batch(List<Entry> entries, List<UrlHash> removed) implements Cut {
        public Batch {
            entries = List.copyOf(entries);
            removed = List.copyOf(removed);
        }
    }

    /** Nothing until then, in milliseconds, or until something changes. */
    record Wait(long untilMs) implements Cut {}
}
