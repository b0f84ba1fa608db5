package dev.rivulet.edge.peer.webrtc;

import dev.onvoid.webrtc.PeerConnectionObserver;
import dev.onvoid.webrtc.RTCDataChannel;
import dev.onvoid.webrtc.RTCPeerConnection;
import dev.rivulet.edge.peer.PeerLink;
import dev.rivulet.protocol.frame.Block;
import dev.rivulet.protocol.message.SignalBody;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A link over one {@link RTCPeerConnection}.
 *
 * <p>Threads: every call into the library happens on the {@link NativeThread}. The library calls back on threads of its
 * own, where an exception that escapes, or a native close, would take the process down: {@link LinkEvents} lets none
 * escape, and closing is handed to the native thread. Nothing here holds a lock.
 */
final class WebRtcLink implements PeerLink, Negotiation.Host {
    /** How long the last control message may take to leave. */
    static final Duration LINGER = Duration.ofMillis(100);

    private enum State {
        CONNECTING,
        OPEN,
        /** Said good-bye: nothing is sent or delivered any more. */
        LINGERING,
        CLOSED
    }

    /** What a link needs of the factory; on the native thread. */
    interface Home {
        /** Direct, of {@link Block#MAX_FRAME_BYTES}, used within one task of the native thread. */
        ByteBuffer scratch();

        /** The link has freed everything. */
        void forget(WebRtcLink link);
    }

    private final Home home;
    private final NativeThread natives;
    private final Listener listener;
    private final SendCredit credit = new SendCredit();
    private final AtomicReference<State> state = new AtomicReference<>(State.CONNECTING);

    // Of the native thread; volatile because callbacks ask the channels for their state.
    private volatile @Nullable DataChannels channels;
    private @Nullable RTCPeerConnection connection;
    private @Nullable Negotiation negotiation;

    WebRtcLink(Home home, NativeThread natives, Listener listener) {
        this.home = home;
        this.natives = natives;
        this.listener = listener;
    }

    /** Begins in a while, on the native thread; without a thread to begin on, closes at once. */
    void start(NativeThread.Work beginning) {
        if (!natives.run(beginning, this::failed)) {
            listener.closed("stopped");
        }
    }

    /** Makes the connection and begins to offer, or to answer {@code offer}; on the native thread. */
    void begin(Function<PeerConnectionObserver, RTCPeerConnection> maker, SignalBody.@Nullable Offer offer) {
        if (state.get() != State.CONNECTING) {
            return;
        }
        LinkEvents events = new LinkEvents(this, listener);
        RTCPeerConnection made = maker.apply(events);
        connection = made;
        channels = new DataChannels(made, events.control(), events.blocks());
        Negotiation begun = new Negotiation(made, this);
        negotiation = begun;
        if (offer == null) {
            begun.offer();
        } else {
            begun.answer(offer);
        }
    }

    @Override
    public void signal(SignalBody remote) {
        whileAlive(() -> {
            if (negotiation != null) {
                negotiation.take(remote);
            }
        });
    }

    @Override
    public void sendControl(String text) {
        onNativeThread(() -> {
            DataChannels open = openChannels();
            if (open != null) {
                open.sendControl(text);
            }
        });
    }

    @Override
    public void sendBlock(Block block, Runnable taken) {
        credit.accept(block.frameBytes());
        onNativeThread(() -> {
            DataChannels open = openChannels();
            if (open != null) {
                open.sendBlock(block, home.scratch());
                taken.run();
                credit.handOver(block.frameBytes());
                watchBuffer();
            }
        });
    }

    @Override
    public void drainedAt(int bytes) {
        onNativeThread(() -> {
            credit.drainedAt(bytes);
            watchBuffer();
        });
    }

    private void watchBuffer() {
        if (credit.beginWatch(System.nanoTime())) {
            natives.runAfter(credit.untilNextLook(), this::lookAtBuffer, this::failed);
        }
    }

    private void lookAtBuffer() {
        DataChannels open = openChannels();
        if (open == null) {
            return;
        }
        if (credit.look(open.bufferedAmount(), System.nanoTime())) {
            listener.drained();
        } else {
            natives.runAfter(credit.untilNextLook(), this::lookAtBuffer, this::failed);
        }
    }

    private @Nullable DataChannels openChannels() {
        return state.get() == State.OPEN ? channels : null;
    }

    @Override
    public long bufferedBytes() {
        return credit.buffered();
    }

    @Override
    public void close() {
        onNativeThread(() -> {
            if (state.compareAndSet(State.OPEN, State.LINGERING)) {
                natives.runAfter(LINGER, () -> end("closed here"), this::failed);
            } else if (state.get() == State.CONNECTING) {
                end("closed here");
            }
        });
    }

    /** Frees everything now; on the native thread. */
    void end(String reason) {
        if (state.getAndSet(State.CLOSED) == State.CLOSED) {
            return;
        }
        home.forget(this);
        try {
            release();
        } catch (RuntimeException | Error e) {
            WebRtcLinks.logFailure(e);
        }
        listener.closed(reason);
    }

    private void release() {
        DataChannels made = channels;
        channels = null;
        if (made != null) {
            made.silence();
        }
        if (connection != null) {
            connection.close();
        }
        if (made != null) {
            made.dispose();
        }
    }

    /** Whether events are still wanted; any thread. */
    boolean isAlive() {
        State now = state.get();
        return now == State.CONNECTING || now == State.OPEN;
    }

    /** Tells the listener, the first time; in a callback. */
    void markOpen() {
        if (state.compareAndSet(State.CONNECTING, State.OPEN)) {
            listener.opened();
        }
    }

    /** Looks at the state of the channels; in a callback. */
    void channelChanged() {
        DataChannels made = channels;
        if (made == null) {
            return;
        }
        if (made.open()) {
            markOpen();
        } else if (made.ending()) {
            failed("closed there");
        }
    }

    /** Ends the link because the other side opened a channel of its own, and frees that; in a callback. */
    void refuse(RTCDataChannel channel) {
        natives.run(
                () -> {
                    end("the peer opens a channel of its own");
                    channel.dispose();
                },
                WebRtcLinks::logFailure);
    }

    @Override
    public void signalled(SignalBody local) {
        listener.signal(local);
    }

    @Override
    public void whileAlive(NativeThread.Work work) {
        onNativeThread(() -> {
            if (isAlive()) {
                work.run();
            }
        });
    }

    private void onNativeThread(NativeThread.Work work) {
        natives.run(work, this::failed);
    }

    @Override
    public void failed(String reason) {
        natives.run(() -> end(reason), WebRtcLinks::logFailure);
    }

    /** Ends the link because the library or a listener threw; any thread. */
    void failed(Throwable cause) {
        failed(cause.toString());
    }
}
