package dev.rivulet.protocol;

/** What somebody sent is not what the protocol says; the sender is wrong, not we. */
public final class DecodeException extends Exception {
    private final String place;
    private final String reason;

    /**
     * @param place where in the input, such as {@code announce.have[3]}
     * @param reason what is wrong there, for a log
     */
    public DecodeException(String place, String reason) {
        super(place + ": " + reason);
        this.place = place;
        this.reason = reason;
    }

    /** Where in the input, such as {@code announce.have[3]}. */
    public String place() {
        return place;
    }

    /** What is wrong there. */
    public String reason() {
        return reason;
    }

    /** The same complaint about another place: that which holds the value. */
    public DecodeException at(String otherPlace) {
        DecodeException moved = new DecodeException(otherPlace, reason);
        moved.initCause(this);
        return moved;
    }
}
