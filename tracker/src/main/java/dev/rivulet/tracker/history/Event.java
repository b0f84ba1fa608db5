package dev.rivulet.tracker.history;

import dev.rivulet.protocol.id.SiteId;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened.
 *
 * @param id counts up
 * @param at seconds since 1970
 * @param kind a word, such as {@code enrolment}
 * @param site null where it is about all or none
 */
public record Event(long id, long at, String kind, @Nullable SiteId site, Level level, String text) {
    /** How bad it is. */
    public enum Level {
        INFO,
        WARN,
        ERROR
    }
}
