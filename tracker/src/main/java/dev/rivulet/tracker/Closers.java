package dev.rivulet.tracker;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;

/** Closes what was opened, the last first, all of it even when some of it fails. Closing again does nothing. */
final class Closers implements AutoCloseable {
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private boolean closed;

    /** Takes {@code resource} over; when all is closed already, it is closed too. */
    synchronized <T extends AutoCloseable> T add(T resource) {
        if (closed) {
            IllegalStateException refusal = new IllegalStateException("closed already");
            try {
                resource.close();
            } catch (Exception e) {
                refusal.addSuppressed(e);
            }
            throw refusal;
        }
        opened.push(resource);
        return resource;
    }

    @Override
    public synchronized void close() throws IOException {
        closed = true;
        IOException failure = null;
        while (!opened.isEmpty()) {
            try {
                opened.pop().close();
            } catch (Exception e) {
                if (failure == null) {
                    failure = new IOException("not everything could be closed");
                }
                failure.addSuppressed(e);
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
