package dev.rivulet.tracker.database;

/** H2's error codes that mean something to us, from {@code org.h2.api.ErrorCode}. */
final class DatabaseErrors {
    /** {@code DATABASE_ALREADY_OPEN_1}: another process holds the lock of the file. */
    static final int ALREADY_OPEN = 90020;

    private DatabaseErrors() {}
}
