package dev.rivulet.tracker.api;

/** Remembers who changed what. */
@FunctionalInterface
public interface Audit {
    /**
     * What was tried.
     *
     * @param who the caller's name; empty where none was known
     * @param action the endpoint, such as {@code POST /operators}
     * @param target the path, its parameters filled in
     * @param detail what else the endpoint says of it, or nothing
     * @param outcome the status of the answer
     */
    record Deed(String who, String action, String target, String detail, int outcome) {}

    /** Keeps it. Blocks; never throws, since what was done is done. */
    void keep(Deed entry);
}
