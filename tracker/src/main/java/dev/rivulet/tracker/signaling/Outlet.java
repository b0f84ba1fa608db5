package dev.rivulet.tracker.signaling;

/**
 * The sending side of one connection. Thread-safe; nothing here blocks, and nothing here calls back into signalling on
 * the same thread. What is sent after the connection ended is dropped.
 */
public interface Outlet {
    /** Queues a text message, given as UTF-8 that is not written to any more. Cuts a connection whose queue is full. */
    void send(byte[] utf8);

    /** Asks for a sign of life. */
    void ping();

    /** Closes once what was sent before is out. */
    void close(int code, String reason);

    /** Ends the connection without a word. */
    void cut();
}
