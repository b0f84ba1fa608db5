package dev.rivulet.tracker.publishing.command;

import java.io.IOException;

/** The tracker did not take what was published; the message says what to do. */
final class RemoteException extends IOException {
    private static final long serialVersionUID = 1L;

    RemoteException(String message) {
        super(message);
    }
}
