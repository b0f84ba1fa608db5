package dev.rivulet.edge.peer.process;

import dev.rivulet.edge.peer.PeerLink;
import dev.rivulet.edge.peer.wire.Frame;
import dev.rivulet.edge.peer.wire.FrameType;
import dev.rivulet.edge.peer.wire.Signals;
import dev.rivulet.edge.peer.wire.Wire;
import dev.rivulet.protocol.DecodeException;
import dev.rivulet.protocol.frame.Block;
import dev.rivulet.protocol.message.SignalBody;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A link in another process. Its listener is called on the thread that reads from that process. */
final class RemoteLink implements PeerLink {
    private static final Logger log = LoggerFactory.getLogger(RemoteLink.class);

    private enum State {
        LIVE,
        /** To be closed: nothing is sent or delivered any more. */
        ENDING,
        CLOSED
    }

    private final int id;
    private final Wire wire;
    private final Listener listener;
    private final SentAccount account = new SentAccount();
    private final AtomicReference<State> state = new AtomicReference<>(State.LIVE);

    RemoteLink(int id, Wire wire, Listener listener) {
        this.id = id;
        this.wire = wire;
        this.listener = listener;
    }

    @Override
    public void signal(SignalBody remote) {
        send(Frame.of(FrameType.SIGNAL, id, Signals.encode(remote)));
    }

    @Override
    public void sendControl(String text) {
        send(Frame.of(FrameType.CONTROL, id, text));
    }

    @Override
    public void sendBlock(Block block, Runnable taken) {
        account.accept(block.frameBytes());
        send(Frame.of(id, block, taken));
    }

    private void send(Frame frame) {
        if (state.get() == State.LIVE) {
            wire.send(frame);
        }
    }

    @Override
    public long bufferedBytes() {
        return account.buffered();
    }

    @Override
    public void drainedAt(int bytes) {
        account.drainedAt(bytes);
        send(Frame.of(FrameType.MARK, id, bytes));
    }

    @Override
    public void close() {
        if (state.compareAndSet(State.LIVE, State.ENDING)) {
            wire.send(Frame.of(FrameType.CLOSE, id));
        }
    }

    /** Takes what the process says of this link. */
    void take(FrameType type, ByteBuffer payload) throws DecodeException {
        if (type == FrameType.CLOSED) {
            ended(Signals.wholeText(payload));
        } else if (state.get() == State.LIVE) {
            deliver(type, payload);
        }
    }

    private void deliver(FrameType type, ByteBuffer payload) throws DecodeException {
        try {
            switch (type) {
                case SIGNAL -> listener.signal(Signals.signal(payload));
                case OPENED -> listener.opened();
                case CONTROL -> listener.control(text(payload));
                case BLOCK -> listener.block(payload);
                case SENT -> {
                    if (account.left(payload.getLong())) {
                        listener.drained();
                    }
                }
                default -> throw new DecodeException("frame", type + " of a link");
            }
        } catch (RuntimeException | Error e) {
            log.error("a connection ends because of what was to be done for it", e);
            close();
        }
    }

    private static String text(ByteBuffer payload) {
        byte[] bytes = new byte[payload.remaining()];
        payload.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /** The process of this link is going to be replaced. */
    void retire() {
        if (state.get() == State.LIVE) {
            listener.retiring();
        }
    }

    /** The link is gone, or its process is; any thread, again and again. */
    void ended(String reason) {
        if (state.getAndSet(State.CLOSED) != State.CLOSED) {
            try {
                listener.closed(reason);
            } catch (RuntimeException | Error e) {
                // The other links of its process are to end as well.
                log.error("the end of a connection could not be told", e);
            }
        }
    }
}
