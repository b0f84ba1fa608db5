package dev.rivulet.edge.peer;

import dev.rivulet.edge.transfer.EventLoop;
import dev.rivulet.edge.transfer.TransferCounts;
import dev.rivulet.protocol.PeerCloseCode;
import dev.rivulet.protocol.frame.Block;
import dev.rivulet.protocol.message.Role;
import dev.rivulet.protocol.message.SignalBody;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/**
 * What a link calls for a session. Blocks are put together at once, on the link's thread; everything else is handed to
 * the loop, of control messages only so much as a sensible peer sends.
 */
final class LinkInbox implements PeerLink.Listener {
    /** Characters of control messages that may wait for the loop. */
    static final int MAX_PENDING_CHARS = 1 << 20;

    private final PeerSession session;
    private final EventLoop loop;
    private final LongAdder receivedBytes;
    private final Inbound inbound = new Inbound();
    private final AtomicInteger pendingChars = new AtomicInteger();
    private volatile boolean violated;
    private volatile long heardNanos;
    private volatile long blockNanos;
    private volatile long lateNanos;

    LinkInbox(PeerContext context, Role role, PeerSession session) {
        this.session = session;
        this.loop = context.machinery().loop();
        TransferCounts counts = context.machinery().counts();
        this.receivedBytes = role == Role.EDGE ? counts.edges : counts.peers;
        heardNanos = loop.nanoTime();
        blockNanos = heardNanos;
        lateNanos = heardNanos;
    }

    Inbound inbound() {
        return inbound;
    }

    /** When the peer last sent anything. */
    long heardNanos() {
        return heardNanos;
    }

    /** When the peer last sent a block of what it was to send, or the session began. */
    long blockNanos() {
        return blockNanos;
    }

    /** As {@link #blockNanos}, or one of a request that was given up meanwhile, which shows that it does deliver. */
    long deliveryNanos() {
        return Math.max(blockNanos, lateNanos);
    }

    @Override
    public void signal(SignalBody local) {
        loop.execute(() -> session.signalled(local));
    }

    @Override
    public void opened() {
        heardNanos = loop.nanoTime();
        loop.execute(session::opened);
    }

    @Override
    public void control(String text) {
        heardNanos = loop.nanoTime();
        int pending = pendingChars.addAndGet(text.length());
        if (pending > MAX_PENDING_CHARS) {
            violate(PeerCloseCode.RATE_LIMIT, "messages faster than they can be read");
            return;
        }
        loop.execute(() -> {
            pendingChars.addAndGet(-text.length());
            session.control(text);
        });
    }

    @Override
    public void block(ByteBuffer frame) {
        if (violated) {
            return;
        }
        long now = loop.nanoTime();
        heardNanos = now;
        receivedBytes.add(Math.max(frame.remaining() - Block.HEADER_BYTES, 0));
        Inbound.Taken taken = inbound.take(frame);
        if (taken instanceof Inbound.Violation violation) {
            violate(violation.code(), violation.reason());
        } else if (taken == Inbound.Accepted.EXPECTED) {
            blockNanos = now;
        } else {
            lateNanos = now;
        }
    }

    private void violate(PeerCloseCode code, String reason) {
        if (!violated) {
            violated = true;
            loop.execute(() -> session.close(code, reason));
        }
    }

    @Override
    public void drained() {
        loop.execute(session::drained);
    }

    @Override
    public void retiring() {
        loop.execute(session::retire);
    }

    @Override
    public void closed(String reason) {
        loop.execute(() -> session.linkClosed(reason));
    }
}
