package dev.rivulet.protocol;

/**
 * A value object was built with a field out of its range. Decoders turn it into a {@link DecodeException}; anywhere
 * else it is our own mistake.
 */
public final class InvalidValueException extends IllegalArgumentException {
    private final String field;
    private final String reason;

    /** Names the {@code field}, such as {@code have[3]}, and what is wrong with it. */
    public InvalidValueException(String field, String reason) {
        super(field + ": " + reason);
        this.field = field;
        this.reason = reason;
    }

    /** The field, as the JSON names it. */
    public String field() {
        return field;
    }

    /** What is wrong with it. */
    public String reason() {
        return reason;
    }
}
