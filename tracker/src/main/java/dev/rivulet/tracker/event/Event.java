package dev.rivulet.tracker.event;

import dev.rivulet.protocol.id.SiteId;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One thing that happened.
 *
 * @param site that it concerns; null when none or all
 * @param text one sentence for the operator, without visitors' addresses
 */
public record Event(Kind kind, @Nullable SiteId site, String text, Level level) {
    /** What it is about. */
    public enum Kind {
        ENROLMENT,
        REVOCATION,
        BAN,
        PURGE,
        BLOCK,
        SITE,
        TOKEN,
        KEYS,
        POLICY,
        DRAIN,
        CATALOG_ERROR;

        /** As the API says it, such as {@code catalog-error}. */
        public String text() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /** How much it matters. */
    public enum Level {
        INFO,
        WARNING,
        ERROR;

        /** As the API says it. */
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** What an operator did, or what went as it should. */
    public static Event info(Kind kind, @Nullable SiteId site, String text) {
        return new Event(kind, site, text, Level.INFO);
    }
}
