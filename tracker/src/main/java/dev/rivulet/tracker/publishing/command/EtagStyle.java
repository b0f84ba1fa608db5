package dev.rivulet.tracker.publishing.command;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How the origin makes the {@code ETag} of a file. */
enum EtagStyle {
    /** Not known: entries have none, and visitors revalidate by {@code Last-Modified}. */
    NONE,
    /** As nginx does: time of modification in seconds and size, both in hexadecimal. */
    NGINX;

    /** The tag of a file; null where the style makes none. */
    @Nullable
    String tag(LocalFile file) {
        return switch (this) {
            case NONE -> null;
            case NGINX ->
                "\"" + Long.toHexString(file.modified().getEpochSecond()) + "-" + Long.toHexString(file.size()) + "\"";
        };
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
