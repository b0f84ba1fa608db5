package dev.rivulet.edge.origin;

import java.io.IOException;

/** The origin did not give what was asked for; it may another time. */
public class OriginException extends IOException {
    private static final long serialVersionUID = 1L;

    OriginException(String message) {
        super(message);
    }
}
