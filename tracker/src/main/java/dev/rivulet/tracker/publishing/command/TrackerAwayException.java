package dev.rivulet.tracker.publishing.command;

import java.io.IOException;

/** The tracker gave no answer, or none that another attempt could not better; the message says what to do. */
final class TrackerAwayException extends IOException {
    private static final long serialVersionUID = 1L;

    TrackerAwayException(String message) {
        super(message);
    }
}
