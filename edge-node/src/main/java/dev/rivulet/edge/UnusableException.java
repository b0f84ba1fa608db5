package dev.rivulet.edge;

import dev.rivulet.edge.store.Obstacle;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryIteratorException;

/** The machine keeps an edge from its work, which may pass; the message is one line that says what to do. */
final class UnusableException extends Exception {
    private static final long serialVersionUID = 1L;

    private UnusableException(String line, IOException cause) {
        super(line, cause);
    }

    /**
     * What to throw in the place of what came of working with a data directory: this where the machine refused it, and the
     * same where not.
     */
    static Exception orSame(Exception failure, String data) {
        Throwable refusal = failure instanceof UncheckedIOException || failure instanceof DirectoryIteratorException
                ? failure.getCause()
                : failure;
        return refusal instanceof IOException known ? new UnusableException(Obstacle.of(data, known), known) : failure;
    }
}
