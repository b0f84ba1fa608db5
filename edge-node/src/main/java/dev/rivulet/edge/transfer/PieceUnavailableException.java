package dev.rivulet.edge.transfer;

import java.io.IOException;

/** Nobody who could be asked has given the piece; another time somebody may. */
public final class PieceUnavailableException extends IOException {
    private static final long serialVersionUID = 1L;

    PieceUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }

    PieceUnavailableException(String message) {
        super(message);
    }
}
