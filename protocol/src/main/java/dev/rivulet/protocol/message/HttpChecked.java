package dev.rivulet.protocol.message;

import dev.rivulet.protocol.Check;
import dev.rivulet.protocol.InvalidValueException;
import dev.rivulet.protocol.Limits;
import org.jspecify.annotations.Nullable;

/**
 * What came of an {@link HttpCheck}; without a failure visitors are given the base URL.
 *
 * @param failed why they are not, one of the words of docs/protocol.md, section 5.9, or another
 * @param message the same for whoever runs the edge; with {@code failed} only
 */
public record HttpChecked(@Nullable String failed, @Nullable String message) implements TrackerMessage {
    /** The token was there. */
    public static final HttpChecked REACHED = new HttpChecked(null, null);

    /** The name does not resolve. */
    public static final String NAME = "name";
    /** Where the name leads the tracker does not ask. */
    public static final String ADDRESS = "address";
    /** Nobody takes the connection. */
    public static final String CONNECT = "connect";
    /** The certificate is not accepted. */
    public static final String CERTIFICATE = "certificate";
    /** Something else answers. */
    public static final String ANSWER = "answer";
    /** It took too long. */
    public static final String LATE = "late";

    public HttpChecked {
        Check.optionalLine("failed", failed, 1, Limits.MAX_ERROR_CODE_CHARS);
        Check.optionalLine("message", message, 0, Limits.MAX_ERROR_MESSAGE_CHARS);
        if ((failed == null) != (message == null)) {
            throw new InvalidValueException("message", "not with failed, and only with it");
        }
    }
}
