package dev.rivulet.edge.peer.wire;

import dev.rivulet.protocol.DecodeException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One end of the connection between the edge and its WebRTC process. Frames may be sent before there is a channel: they
 * wait. What several threads send while a write is under way goes out in one write after it.
 */
public final class Wire implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Wire.class);

    /** Bytes of one write at most. */
    private static final int BATCH_BYTES = FrameReader.BUFFER_BYTES;

    private final String name;
    private final Outbox outbox = new Outbox();
    private volatile @Nullable SocketChannel channel;
    private volatile @Nullable Thread writer;

    /**
     * An end without a channel.
     *
     * @param name of the other process, for the names of threads
     */
    public Wire(String name) {
        this.name = name;
    }

    /** Begins to write what was sent and will be; to be called once. */
    public void attach(SocketChannel connected) {
        channel = connected;
        Thread thread = new Thread(() -> writeAll(connected), name + "-writer");
        thread.setDaemon(true);
        writer = thread;
        thread.start();
    }

    /** Sends a frame; returns at once, however many wait. After the end it is lost. */
    public void send(Frame frame) {
        outbox.add(frame);
    }

    /** Sends a frame; the calling thread waits while more than {@code bytes} wait before it. */
    public void sendWithin(long bytes, Frame frame) {
        try {
            outbox.addWithin(bytes, frame);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            outbox.add(frame);
        }
    }

    /** Bytes that wait to be written. */
    public long waitingBytes() {
        return outbox.waitingBytes();
    }

    /**
     * Hands over what the other side sends, on the calling thread, until one of them closes or is killed.
     *
     * @throws DecodeException when it makes no sense
     */
    public void read(FrameSink sink) throws DecodeException {
        SocketChannel from = channel;
        if (from == null) {
            throw new IllegalStateException("not attached");
        }
        FrameReader reader = new FrameReader();
        while (fill(reader, from)) {
            reader.take(sink);
        }
    }

    private boolean fill(FrameReader reader, SocketChannel from) {
        try {
            return from.read(reader.room()) >= 0;
        } catch (IOException e) {
            log.debug("reading from {} failed", name, e);
            return false;
        }
    }

    private void writeAll(SocketChannel to) {
        ByteBuffer batch = ByteBuffer.allocateDirect(BATCH_BYTES);
        List<Frame> frames = new ArrayList<>();
        try {
            while (outbox.take(frames, BATCH_BYTES)) {
                batch.clear();
                frames.forEach(frame -> frame.encode(batch));
                frames.clear();
                batch.flip();
                while (batch.hasRemaining()) {
                    to.write(batch);
                }
            }
        } catch (IOException e) {
            // The reader learns of it, too, and ends everything.
            log.debug("writing to {} failed", name, e);
            outbox.close();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Lets what was sent be written, within bounds, and sends nothing more. */
    public void flush(Duration patience) {
        outbox.close();
        Thread thread = writer;
        if (thread != null) {
            try {
                thread.join(patience.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Ends the connection now; the other side, and who reads here, notice. */
    @Override
    public void close() throws IOException {
        outbox.close();
        SocketChannel open = channel;
        if (open != null) {
            open.close();
        }
    }
}
