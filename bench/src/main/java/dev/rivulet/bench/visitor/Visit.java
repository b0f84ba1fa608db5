package dev.rivulet.bench.visitor;

import dev.onvoid.webrtc.CreateSessionDescriptionObserver;
import dev.onvoid.webrtc.PeerConnectionFactory;
import dev.onvoid.webrtc.PeerConnectionObserver;
import dev.onvoid.webrtc.RTCConfiguration;
import dev.onvoid.webrtc.RTCDataChannel;
import dev.onvoid.webrtc.RTCDataChannelBuffer;
import dev.onvoid.webrtc.RTCDataChannelInit;
import dev.onvoid.webrtc.RTCDataChannelObserver;
import dev.onvoid.webrtc.RTCDataChannelState;
import dev.onvoid.webrtc.RTCIceCandidate;
import dev.onvoid.webrtc.RTCOfferOptions;
import dev.onvoid.webrtc.RTCPeerConnection;
import dev.onvoid.webrtc.RTCSdpType;
import dev.onvoid.webrtc.RTCSessionDescription;
import dev.onvoid.webrtc.SetSessionDescriptionObserver;
import dev.rivulet.protocol.frame.Block;
import dev.rivulet.protocol.id.PeerId;
import dev.rivulet.protocol.message.ClientMessage;
import dev.rivulet.protocol.message.ControlMessage;
import dev.rivulet.protocol.message.Messages;
import dev.rivulet.protocol.message.SignalBody;
import dev.rivulet.protocol.message.TrackerMessage;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** One connection to the edge, driven by its visitor's thread; callbacks only put events into the queue. */
final class Visit implements PeerConnectionObserver, AutoCloseable {
    static final long PATIENCE_SECONDS = 30;

    private static final int CONTROL = 0;
    private static final int BLOCKS = 1;
    private static final int NORMAL = 4000;
    private static final long FAREWELL_MILLIS = 50;
    private static final Object OPEN = new Object();
    private static final Object GONE = new Object();

    private static final AtomicInteger sessions = new AtomicInteger();

    private final Place place;
    private final TrackerSocket tracker;
    private final Counts counts;
    private final BlockingQueue<Object> events;
    private final RTCPeerConnection connection;
    private final RTCDataChannel control;
    private final RTCDataChannel blocks;
    private final String session = "bench" + sessions.incrementAndGet();
    private final Map<Long, Answer> unanswered = new HashMap<>();
    private @Nullable PeerId edge;
    private boolean open;
    private boolean greeted;
    private boolean choked;
    private boolean closed;
    private long next;

    /** A piece that was asked for, and how much of it is still to come. */
    private static final class Answer {
        final Piece piece;
        long leftBytes;

        Answer(Piece piece) {
            this.piece = piece;
            leftBytes = piece.bytes().remaining();
        }
    }

    Visit(PeerConnectionFactory factory, Place place, TrackerSocket tracker, Counts counts) {
        this.place = place;
        this.tracker = tracker;
        this.counts = counts;
        events = tracker.events;
        connection = factory.createPeerConnection(new RTCConfiguration(), this);
        control = channel("control", CONTROL, true);
        blocks = channel("blocks", BLOCKS, false);
    }

    private RTCDataChannel channel(String name, int id, boolean ordered) {
        RTCDataChannelInit init = new RTCDataChannelInit();
        init.negotiated = true;
        init.id = id;
        init.ordered = ordered;
        RTCDataChannel channel = connection.createDataChannel(name, init);
        channel.registerObserver(new RTCDataChannelObserver() {
            @Override
            public void onBufferedAmountChange(long previous) {}

            @Override
            public void onStateChange() {
                RTCDataChannelState state = channel.getState();
                if (state == RTCDataChannelState.OPEN) {
                    events.add(OPEN);
                } else if (state == RTCDataChannelState.CLOSED) {
                    events.add(GONE);
                }
            }

            @Override
            public void onMessage(RTCDataChannelBuffer message) {
                byte[] bytes = new byte[message.data.remaining()];
                message.data.get(bytes);
                events.add(ordered ? new String(bytes, StandardCharsets.UTF_8) : ByteBuffer.wrap(bytes));
            }
        });
        return channel;
    }

    @Override
    public void onIceCandidate(RTCIceCandidate candidate) {
        events.add(candidate);
    }

    /** The edge takes no more connections for now (docs/protocol.md, 6.2). */
    static final class TurnedAwayException extends Exception {
        private static final long serialVersionUID = 1;

        private TurnedAwayException() {
            super("not connected");
        }
    }

    /** Finds the edge, and greets it. @throws TurnedAwayException when another time may do */
    void connect() throws Exception {
        events.removeIf(event -> !(event instanceof TrackerMessage || event instanceof Exception));
        while (edge == null) {
            tracker.tell(
                    new ClientMessage.Lookup(1, List.of(place.pieces().get(0).content()), 1, List.of()));
            TrackerMessage.Peers peers = await(TrackerMessage.Peers.class);
            if (peers.id() != null && !peers.peers().isEmpty()) {
                edge = peers.peers().get(0).id();
            }
        }
        CompletableFuture<RTCSessionDescription> created = new CompletableFuture<>();
        connection.createOffer(new RTCOfferOptions(), new Created(created));
        RTCSessionDescription offer = created.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        connection.setLocalDescription(offer, new Applied());
        signal(new SignalBody.Offer(offer.sdp));
        while (!greeted) {
            handle(next());
            if (closed) {
                throw new TurnedAwayException();
            }
        }
    }

    /** Asks, and waits for what was asked for; a visitor that stays goes on until it is sent away or all are ending. */
    void ask(BooleanSupplier ending) throws Exception {
        // Those who stay do not ask in step.
        int start = place.staying()
                ? ThreadLocalRandom.current().nextInt(place.pieces().size())
                : 0;
        long atNanos = System.nanoTime()
                + (place.staying() ? ThreadLocalRandom.current().nextLong(1 + paceNanos()) : 0);
        while (!closed) {
            boolean more = place.staying() ? !ending.getAsBoolean() : next < place.requests();
            if (unanswered.isEmpty() && (!more || (choked && !place.staying()))) {
                break;
            }
            boolean may = more && !choked && unanswered.size() < place.window();
            long waitNanos = atNanos - System.nanoTime();
            if (may && waitNanos <= 0) {
                request(start);
                atNanos = Math.max(atNanos, System.nanoTime() - paceNanos()) + paceNanos();
                continue;
            }
            Object event =
                    events.poll(may ? waitNanos : TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS), TimeUnit.NANOSECONDS);
            if (event != null) {
                handle(event);
            } else if (!may && !unanswered.isEmpty()) {
                counts.lost.add(unanswered.size());
                throw new IllegalStateException("nothing comes");
            }
        }
        if (closed || choked) {
            counts.sentAway.increment();
        }
        counts.lost.add(unanswered.size());
    }

    private long paceNanos() {
        return place.staying() ? TimeUnit.MILLISECONDS.toNanos(place.paceMillis()) : 0;
    }

    private void request(int start) throws Exception {
        Piece piece = place.pieces().get((int) ((start + next) % place.pieces().size()));
        unanswered.put(next, new Answer(piece));
        counts.asked.increment();
        say(new ControlMessage.Request(next++, piece.content(), piece.index(), null, piece.url()));
    }

    private Object next() throws InterruptedException {
        Object event = events.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
        if (event == null) {
            throw new IllegalStateException("nothing comes");
        }
        return event;
    }

    private <T> T await(Class<T> type) throws Exception {
        while (true) {
            Object event = next();
            if (type.isInstance(event)) {
                return type.cast(event);
            }
            handle(event);
        }
    }

    private void handle(Object event) throws Exception {
        if (event instanceof Exception failure) {
            throw failure;
        } else if (event instanceof RTCIceCandidate candidate) {
            signal(new SignalBody.Candidate(candidate.sdp, candidate.sdpMid, candidate.sdpMLineIndex));
        } else if (event instanceof TrackerMessage.Signal signal) {
            if (signal.session().equals(session)) {
                take(signal.body());
            }
        } else if (event instanceof String text) {
            counts.messages.increment();
            take(Messages.decodeControl(text));
        } else if (event instanceof ByteBuffer frame) {
            counts.messages.increment();
            take(Block.decode(frame));
        } else if (event == GONE) {
            closed = open;
        } else if (event == OPEN && !open) {
            open = control.getState() == RTCDataChannelState.OPEN && blocks.getState() == RTCDataChannelState.OPEN;
            if (open) {
                say(new ControlMessage.Hello(ControlMessage.VERSION, "bench", List.of(), place.window(), 1 << 20));
            }
        }
    }

    private void take(SignalBody body) {
        if (body instanceof SignalBody.Answer answer) {
            connection.setRemoteDescription(new RTCSessionDescription(RTCSdpType.ANSWER, answer.sdp()), new Applied());
        } else if (body instanceof SignalBody.Candidate candidate
                && !candidate.line().isEmpty()) {
            String mid = candidate.sdpMid() == null ? "" : candidate.sdpMid();
            int index = candidate.sdpMLineIndex() == null ? 0 : candidate.sdpMLineIndex();
            connection.addIceCandidate(new RTCIceCandidate(mid, index, candidate.line()));
        } else if (body instanceof SignalBody.Close) {
            closed = true;
        }
    }

    private void take(ControlMessage message) throws Exception {
        if (message instanceof ControlMessage.Hello) {
            greeted = true;
        } else if (message instanceof ControlMessage.Ping ping && !ping.reply()) {
            say(new ControlMessage.Ping(ping.nonce(), true));
        } else if (message instanceof ControlMessage.Reject reject) {
            unanswered.remove(reject.id());
            counts.refused.increment();
        } else if (message instanceof ControlMessage.Choke) {
            choked = true;
        } else if (message instanceof ControlMessage.Unchoke) {
            choked = false;
        } else if (message instanceof ControlMessage.Close) {
            closed = true;
        }
    }

    private void take(Block block) {
        Answer answer = unanswered.get(block.requestId());
        if (answer == null || !answer.piece.has(block.offset(), block.payload())) {
            counts.wrong.increment();
            return;
        }
        int length = block.payload().remaining();
        counts.bytes.add(length);
        answer.leftBytes -= length;
        if (answer.leftBytes <= 0) {
            unanswered.remove(block.requestId());
        }
    }

    private void say(ControlMessage message) throws Exception {
        ByteBuffer text = ByteBuffer.wrap(Messages.encode(message).getBytes(StandardCharsets.UTF_8));
        control.send(new RTCDataChannelBuffer(text, false));
        counts.messages.increment();
    }

    private void sayGoodBye() {
        try {
            say(new ControlMessage.Close(NORMAL, "done"));
        } catch (Exception e) {
            // It has ended in the meantime.
            System.err.println(e);
        }
        // What was said last needs a moment to leave.
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(FAREWELL_MILLIS));
    }

    private void signal(SignalBody body) {
        if (edge != null) {
            tracker.tell(new ClientMessage.Signal(edge, session, body));
        }
    }

    @Override
    public void close() {
        if (open && !closed) {
            sayGoodBye();
        }
        control.unregisterObserver();
        blocks.unregisterObserver();
        connection.close();
        control.dispose();
        blocks.dispose();
    }

    /** What became of an offer. */
    private record Created(CompletableFuture<RTCSessionDescription> result)
            implements CreateSessionDescriptionObserver {
        @Override
        public void onSuccess(RTCSessionDescription description) {
            result.complete(description);
        }

        @Override
        public void onFailure(String error) {
            result.completeExceptionally(new IllegalStateException(error));
        }
    }

    /** A description that does not apply shows as a connection that never opens. */
    private static final class Applied implements SetSessionDescriptionObserver {
        @Override
        public void onSuccess() {}

        @Override
        public void onFailure(String error) {
            System.err.println("a description is refused: " + error);
        }
    }
}
