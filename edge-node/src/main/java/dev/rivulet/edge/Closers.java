package dev.rivulet.edge;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;

/** Closes what was opened, the last first, all of it even when some of it fails. Closing again does nothing. */
final class Closers implements AutoCloseable {
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private boolean closed;

    /** @throws IllegalStateException when it is too late; the resource is closed then */
    synchronized <T extends AutoCloseable> T add(T resource) throws IOException {
        opened.push(resource);
        if (closed) {
            close();
            throw new IllegalStateException("closed already");
        }
        return resource;
    }

    synchronized boolean isClosed() {
        return closed;
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
