package dev.rivulet.edge.peer.wire;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;

/** Frames that wait to be written, in order. Any thread may call any method. */
final class Outbox {
    private final Queue<Frame> waiting = new ArrayDeque<>();
    private long waitingBytes;
    private boolean closed;

    /** Adds a frame, however many wait; what is added to a closed outbox is lost. */
    synchronized void add(Frame frame) {
        if (!closed) {
            waiting.add(frame);
            waitingBytes += frame.bytes();
            notifyAll();
        }
    }

    /** Adds a frame once no more than so many bytes wait before it; until then the calling thread does. */
    synchronized void addWithin(long bytes, Frame frame) throws InterruptedException {
        while (waitingBytes > bytes && !closed) {
            wait();
        }
        add(frame);
    }

    /** Bytes that wait. */
    synchronized long waitingBytes() {
        return waitingBytes;
    }

    /**
     * Waits for frames and takes as many as fit into so many bytes, one at least.
     *
     * @param room at least the length of every frame
     * @return false when the outbox is closed and nothing is left
     */
    synchronized boolean take(List<Frame> taken, int room) throws InterruptedException {
        while (waiting.isEmpty()) {
            if (closed) {
                return false;
            }
            wait();
        }
        int left = room;
        Frame next = waiting.peek();
        while (next != null && next.bytes() <= left) {
            left -= next.bytes();
            taken.add(waiting.remove());
            next = waiting.peek();
        }
        waitingBytes -= room - left;
        notifyAll();
        return true;
    }

    /** Nothing is added any more; what waits may still be taken. */
    synchronized void close() {
        closed = true;
        notifyAll();
    }
}
