package dev.rivulet.tracker.history;

import dev.rivulet.protocol.id.SiteId;
import org.jspecify.annotations.Nullable;

/** Takes note of what happens. Returns at once; may be called from any thread. */
@FunctionalInterface
public interface EventLog {
    /**
     * Something happened just now.
     *
     * @param kind a word, such as {@code enrolment}
     * @param site null where it is about all or none
     * @param text one sentence, without visitors' addresses or secrets
     */
    void note(Event.Level level, String kind, @Nullable SiteId site, String text);
}
