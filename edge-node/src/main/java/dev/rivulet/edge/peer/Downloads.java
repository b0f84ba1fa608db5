package dev.rivulet.edge.peer;

import dev.rivulet.edge.transfer.PeerSources.Download;
import dev.rivulet.edge.transfer.PeerSources.Outcome;
import dev.rivulet.protocol.Limits;
import dev.rivulet.protocol.id.ContentId;
import dev.rivulet.protocol.message.ControlMessage;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.LongFunction;

/** What is asked of one peer. Belongs to the loop. */
final class Downloads {
    /** Requests under way at one peer; with the smaller piece length enough for 100 ms at 40 MiB/s. */
    static final int WINDOW = 16;

    /** Bytes requested of one peer at once, as told in the hello. */
    static final long CREDIT_BYTES = (long) WINDOW * Limits.MAX_PIECE_BYTES;

    private final class Request implements Download {
        final long id;
        final int bytes;
        final long askedNanos;
        final Outcome outcome;

        Request(long id, int bytes, Outcome outcome) {
            this.id = id;
            this.bytes = bytes;
            this.askedNanos = context.nanoTime();
            this.outcome = outcome;
        }

        @Override
        public void cancel() {
            if (remove(id)) {
                inbound.forget(id);
                send.accept(new ControlMessage.Cancel(id));
                changed.run();
            }
        }

        @Override
        public void expire() {
            stalledNanos = context.nanoTime();
            stalled = true;
            cancel();
        }
    }

    private final PeerContext context;
    private final Inbound inbound;
    private final Consumer<ControlMessage> send;
    private final Runnable changed;
    private final Map<Long, Request> requests = new HashMap<>();
    private final DeliveryRate rate = new DeliveryRate();
    private int accepted;
    private boolean choked;
    private long receivedBytes;
    private long nextId;
    private long queuedBytes;
    private long lastDeliveryNanos;
    private long busySinceNanos;
    private boolean stalled;
    private long stalledNanos;
    private boolean closed;

    /** @param changed told when there is more room than before */
    Downloads(PeerContext context, Inbound inbound, Consumer<ControlMessage> send, Runnable changed) {
        this.context = context;
        this.inbound = inbound;
        this.send = send;
        this.changed = changed;
    }

    /** Takes note how many requests the peer accepts at once. */
    void accepted(int outstanding) {
        accepted = Math.min(outstanding, WINDOW);
    }

    /** How many more requests may be made now. */
    int room() {
        return closed || choked ? 0 : Math.max(accepted - requests.size(), 0);
    }

    /** Takes note whether the peer serves requests. */
    void choked(boolean chokes) {
        choked = chokes;
        changed.run();
    }

    boolean isChoked() {
        return choked;
    }

    /** Received so far, as far as it was of use. */
    long receivedBytes() {
        return receivedBytes;
    }

    long queuedBytes() {
        return queuedBytes;
    }

    double bytesPerSecond() {
        return rate.bytesPerSecond();
    }

    /** Whether a request expired and no block has come since. */
    boolean stalled(long deliveryNanos) {
        return stalled && deliveryNanos - stalledNanos <= 0;
    }

    /** Since when the peer, though asked, has been quiet. */
    long quietSince(long lastBlockNanos) {
        return Math.max(lastBlockNanos, busySinceNanos);
    }

    /** Asks for a piece. */
    Download piece(ContentId content, int piece, int bytes, Outcome outcome) {
        return ask(bytes, outcome, id -> new ControlMessage.Request(id, content, piece, null, null));
    }

    /** Asks for a layout. */
    Download layout(ContentId content, int bytes, Outcome outcome) {
        return ask(bytes, outcome, id -> new ControlMessage.LayoutRequest(id, content));
    }

    private Download ask(int bytes, Outcome outcome, LongFunction<ControlMessage> message) {
        if (room() == 0) {
            context.machinery().loop().execute(() -> outcome.failed("a peer has no room"));
            return new Request(-1, 0, outcome);
        }
        Request request = new Request(nextId++ & Limits.MAX_U32, bytes, outcome);
        if (requests.isEmpty()) {
            busySinceNanos = request.askedNanos;
        }
        requests.put(request.id, request);
        queuedBytes += bytes;
        inbound.expect(request.id, bytes, received -> context.machinery()
                .loop()
                .execute(() -> received(request.id, received)));
        send.accept(message.apply(request.id));
        return request;
    }

    private void received(long id, ByteBuffer bytes) {
        Request request = requests.get(id);
        if (request == null || !remove(id)) {
            return;
        }
        long now = context.nanoTime();
        rate.delivered(request.bytes, now - Math.max(request.askedNanos, lastDeliveryNanos));
        lastDeliveryNanos = now;
        receivedBytes += request.bytes;
        request.outcome.received(bytes);
        changed.run();
    }

    /** The peer will not serve a request. */
    void rejected(long id, String reason) {
        Request request = requests.get(id);
        if (request != null && remove(id)) {
            inbound.forget(id);
            request.outcome.failed("a peer rejects: " + reason);
            changed.run();
        }
    }

    /** The peer says how long a layout is. */
    void layoutAnswered(long id, int length) {
        Request request = requests.get(id);
        if (request != null && request.bytes != length) {
            rejected(id, "another length");
        }
    }

    private boolean remove(long id) {
        Request request = requests.remove(id);
        if (request == null) {
            return false;
        }
        queuedBytes -= request.bytes;
        return true;
    }

    boolean isBusy() {
        return !requests.isEmpty();
    }

    /** Everything under way fails. */
    void close() {
        closed = true;
        List<Request> lost = List.copyOf(requests.values());
        requests.clear();
        lost.forEach(request -> request.outcome.failed("a peer has left"));
    }
}
