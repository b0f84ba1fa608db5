package dev.rivulet.tracker.publishing;

/** What became of a change. */
public sealed interface Receipt {
    /**
     * It is durable. When it was wanted at once, the head of this epoch and sequence has it.
     *
     * @param changed entries put, removed or suspended that were not so before
     */
    record Accepted(long epoch, long sequence, int changed) implements Receipt {}

    /** Nothing of it was made. */
    record Refused(String reason) implements Receipt {}
}
