package dev.rivulet.bench;

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
import dev.onvoid.webrtc.media.audio.HeadlessAudioDeviceModule;
import dev.rivulet.protocol.catalog.LayoutBuilder;
import dev.rivulet.protocol.frame.Block;
import dev.rivulet.protocol.id.ContentId;
import dev.rivulet.protocol.id.PeerId;
import dev.rivulet.protocol.id.ResourceUrl;
import dev.rivulet.protocol.id.SiteId;
import dev.rivulet.protocol.message.ClientMessage;
import dev.rivulet.protocol.message.ControlMessage;
import dev.rivulet.protocol.message.Messages;
import dev.rivulet.protocol.message.Role;
import dev.rivulet.protocol.message.SignalBody;
import dev.rivulet.protocol.message.TrackerMessage;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.java_websocket.client.WebSocketClient;
import org.java_websocket.drafts.Draft_6455;
import org.java_websocket.handshake.ServerHandshake;
import org.java_websocket.protocols.Protocol;
import org.jspecify.annotations.Nullable;

/**
 * Visitors without a browser: they join a tracker as pages, connect to the edge of a site, and ask for pieces. Nothing of
 * the product but its protocol runs here.
 *
 * <p>Usage: {@code SoakPeers TRACKER SITE ORIGIN BASE_URL FOLDER AT_ONCE CONNECTIONS REQUESTS}. The files in the folder
 * are what is asked for, each of one block. {@code CONNECTIONS} are made, {@code AT_ONCE} at a time, over each of which
 * {@code REQUESTS} are made before it is closed. With 0 connections there are {@code AT_ONCE} visitors that stay, ask now
 * and then, and connect again when the edge sends them away, until the input ends. Twice a second, and at the end, counts
 * are printed as JSON.
 */
public final class SoakPeers {
    private static final long PATIENCE_SECONDS = 30;
    private static final int WINDOW = 8;
    private static final long PACE_MILLIS = 50;
    private static final long REPORT_MILLIS = 500;
    private static final int CONTROL = 0;
    private static final int BLOCKS = 1;
    private static final int NORMAL = 4000;

    private static final LongAdder connections = new LongAdder();
    private static final LongAdder failed = new LongAdder();
    private static final LongAdder messages = new LongAdder();
    private static final LongAdder asked = new LongAdder();
    private static final LongAdder refused = new LongAdder();
    private static final LongAdder lost = new LongAdder();
    private static final LongAdder wrong = new LongAdder();
    private static final LongAdder sentAway = new LongAdder();
    private static volatile boolean ending;

    private SoakPeers() {}

    /** A file of the site. */
    private record Item(ContentId content, ResourceUrl url, ByteBuffer bytes) {}

    /** Where visitors go. */
    private record Place(URI tracker, SiteId site, String origin, List<Item> items, int requests) {}

    public static void main(String[] arguments) throws Exception {
        Place place = new Place(
                URI.create(arguments[0].replaceFirst("^http", "ws") + "/"),
                SiteId.parse(arguments[1]),
                arguments[2],
                items(arguments[3], Path.of(arguments[4])),
                Integer.parseInt(arguments[7]));
        AtomicInteger left = new AtomicInteger(Integer.parseInt(arguments[6]));
        boolean staying = left.get() == 0;
        PeerConnectionFactory factory = new PeerConnectionFactory(new HeadlessAudioDeviceModule());
        List<Thread> visitors = new ArrayList<>();
        for (int i = 0; i < Integer.parseInt(arguments[5]); i++) {
            Thread visitor = new Thread(() -> visit(factory, place, left, staying), "visitor-" + i);
            visitor.start();
            visitors.add(visitor);
        }
        Thread reporter = new Thread(SoakPeers::report, "reporter");
        reporter.setDaemon(true);
        reporter.start();
        if (staying) {
            while (System.in.read() >= 0) {
                // The end of the input is what counts.
            }
            ending = true;
        }
        for (Thread visitor : visitors) {
            visitor.join();
        }
        print();
        // Past the library's destructors.
        Runtime.getRuntime().halt(0);
    }

    private static List<Item> items(String base, Path folder) throws Exception {
        List<Item> items = new ArrayList<>();
        try (var files = Files.list(folder)) {
            for (Path file : files.sorted().toList()) {
                ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));
                items.add(new Item(contentId(bytes.duplicate()), ResourceUrl.parse(base + file.getFileName()), bytes));
            }
        }
        return items;
    }

    private static ContentId contentId(ByteBuffer bytes) {
        LayoutBuilder layout = new LayoutBuilder(bytes.remaining());
        layout.update(bytes);
        return layout.finish().contentId();
    }

    private static void report() {
        try {
            while (true) {
                TimeUnit.MILLISECONDS.sleep(REPORT_MILLIS);
                print();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static synchronized void print() {
        System.out.printf(
                "{\"connections\":%d,\"failed\":%d,\"messages\":%d,\"asked\":%d,\"refused\":%d,\"lost\":%d,"
                        + "\"wrong\":%d,\"sentAway\":%d}%n",
                connections.sum(),
                failed.sum(),
                messages.sum(),
                asked.sum(),
                refused.sum(),
                lost.sum(),
                wrong.sum(),
                sentAway.sum());
    }

    private static void visit(PeerConnectionFactory factory, Place place, AtomicInteger left, boolean staying) {
        while (!ending && (staying || left.get() > 0)) {
            try (Tracker tracker = new Tracker(place)) {
                tracker.join(place);
                while (!ending && (staying || left.getAndDecrement() > 0)) {
                    try (Visit visit = new Visit(factory, place, tracker)) {
                        visit.connect();
                        connections.increment();
                        visit.ask(staying);
                    }
                }
            } catch (Exception e) {
                failed.increment();
                System.err.println(Thread.currentThread().getName() + ": " + e);
            }
        }
    }

    /** A connection to the tracker; what it sends waits in the queue. */
    private static final class Tracker extends WebSocketClient implements AutoCloseable {
        final BlockingQueue<Object> events = new LinkedBlockingQueue<>();

        Tracker(Place place) {
            super(
                    place.tracker(),
                    new Draft_6455(List.of(), List.of(new Protocol("rivulet.v1"))),
                    Map.of("Origin", place.origin()));
        }

        void join(Place place) throws Exception {
            if (!connectBlocking(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new IllegalStateException("no tracker");
            }
            tell(new ClientMessage.Hello(place.site(), Role.PAGE, "soak", null, null, List.of(), null, null));
        }

        void tell(ClientMessage message) {
            send(Messages.encode(message));
        }

        @Override
        public void onOpen(ServerHandshake handshake) {}

        @Override
        public void onMessage(String text) {
            try {
                events.add(Messages.decodeTracker(text));
            } catch (Exception e) {
                events.add(e);
            }
        }

        @Override
        public void onClose(int code, String reason, boolean remote) {
            events.add(new IllegalStateException("the tracker closes: " + code + " " + reason));
        }

        @Override
        public void onError(Exception e) {
            events.add(e);
        }
    }

    /** One connection to the edge, driven by its visitor's thread; callbacks only put events into the queue. */
    private static final class Visit implements PeerConnectionObserver, AutoCloseable {
        private static final Object OPEN = new Object();
        private static final Object GONE = new Object();

        private static final AtomicInteger sessions = new AtomicInteger();

        private final Place place;
        private final Tracker tracker;
        private final BlockingQueue<Object> events;
        private final RTCPeerConnection connection;
        private final RTCDataChannel control;
        private final RTCDataChannel blocks;
        private final String session = "soak" + sessions.incrementAndGet();
        private final Map<Long, Item> unanswered = new HashMap<>();
        private @Nullable PeerId edge;
        private boolean open;
        private boolean greeted;
        private boolean choked;
        private boolean closed;
        private long next;

        Visit(PeerConnectionFactory factory, Place place, Tracker tracker) {
            this.place = place;
            this.tracker = tracker;
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

        /** Finds the edge, and greets it. */
        void connect() throws Exception {
            events.removeIf(event -> !(event instanceof TrackerMessage || event instanceof Exception));
            while (edge == null) {
                tracker.tell(
                        new ClientMessage.Lookup(1, List.of(place.items().get(0).content()), 1, List.of()));
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
                    throw new IllegalStateException("not connected");
                }
            }
        }

        /** Asks, and waits for what was asked for; a visitor that stays goes on until it is sent away. */
        void ask(boolean staying) throws Exception {
            while (!closed
                    && (staying
                            ? !ending || !unanswered.isEmpty()
                            : next < place.requests() || !unanswered.isEmpty())) {
                int window = staying ? 1 : WINDOW;
                boolean more = staying ? !ending : next < place.requests();
                if (more && !choked && unanswered.size() < window) {
                    request();
                } else {
                    handle(next());
                }
                if (staying) {
                    TimeUnit.MILLISECONDS.sleep(PACE_MILLIS);
                } else if (choked && unanswered.isEmpty()) {
                    break;
                }
            }
            if (closed || choked) {
                sentAway.increment();
            }
            lost.add(unanswered.size());
        }

        private void request() throws Exception {
            Item item = place.items().get((int) (next % place.items().size()));
            unanswered.put(next, item);
            asked.increment();
            say(new ControlMessage.Request(next++, item.content(), 0, null, item.url()));
        }

        private Object next() throws InterruptedException {
            Object event = events.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (event == null) {
                lost.add(unanswered.size());
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
                messages.increment();
                take(Messages.decodeControl(text));
            } else if (event instanceof ByteBuffer frame) {
                messages.increment();
                take(Block.decode(frame));
            } else if (event == GONE) {
                closed = open;
            } else if (event == OPEN && !open) {
                open = control.getState() == RTCDataChannelState.OPEN && blocks.getState() == RTCDataChannelState.OPEN;
                if (open) {
                    say(new ControlMessage.Hello(ControlMessage.VERSION, "soak", List.of(), WINDOW, 1 << 20));
                }
            }
        }

        private void take(SignalBody body) {
            if (body instanceof SignalBody.Answer answer) {
                connection.setRemoteDescription(
                        new RTCSessionDescription(RTCSdpType.ANSWER, answer.sdp()), new Applied());
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
                refused.increment();
            } else if (message instanceof ControlMessage.Choke) {
                choked = true;
            } else if (message instanceof ControlMessage.Unchoke) {
                choked = false;
            } else if (message instanceof ControlMessage.Close) {
                closed = true;
            }
        }

        private void take(Block block) {
            Item item = unanswered.remove(block.requestId());
            if (item == null || !item.bytes().equals(block.payload())) {
                wrong.increment();
            }
        }

        private void say(ControlMessage message) throws Exception {
            ByteBuffer text = ByteBuffer.wrap(Messages.encode(message).getBytes(StandardCharsets.UTF_8));
            control.send(new RTCDataChannelBuffer(text, false));
            messages.increment();
        }

        private void sayGoodBye() {
            try {
                say(new ControlMessage.Close(NORMAL, "done"));
            } catch (Exception e) {
                // It has ended in the meantime.
                System.err.println(e);
            }
            // What was said last needs a moment to leave.
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(PACE_MILLIS));
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
