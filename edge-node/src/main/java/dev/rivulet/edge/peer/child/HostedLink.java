package dev.rivulet.edge.peer.child;

import dev.rivulet.edge.peer.PeerLink;
import dev.rivulet.edge.peer.wire.Frame;
import dev.rivulet.edge.peer.wire.FrameType;
import dev.rivulet.edge.peer.wire.Signals;
import dev.rivulet.edge.peer.wire.Wire;
import dev.rivulet.protocol.frame.Block;
import dev.rivulet.protocol.message.SignalBody;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * One link of this process, spoken for to the edge. What the link says waits here, on the library's thread, while the
 * edge is behind: then the library takes nothing more from the network.
 */
final class HostedLink implements PeerLink.Listener {
    /** Bytes that may wait for the edge; a few pieces, so that a pause of its garbage collector costs no throughput. */
    static final long MAX_WAITING_BYTES = 4 << 20;

    private static final int MAX_REASON_CHARS = 1000;

    private final int id;
    private final Wire wire;
    private final Runnable gone;
    private final AtomicLong acceptedBytes = new AtomicLong();
    private volatile @Nullable PeerLink link;

    /** @param gone called once the link has ended */
    HostedLink(int id, Wire wire, Runnable gone) {
        this.id = id;
        this.wire = wire;
        this.gone = gone;
    }

    /** Takes the link that this listens to, before anything is sent over it. */
    void link(PeerLink made) {
        link = made;
    }

    /** Takes a block from the edge. */
    void send(Block block) {
        acceptedBytes.addAndGet(block.frameBytes());
        link().sendBlock(block);
    }

    /** The link to do with what the edge says. */
    PeerLink link() {
        PeerLink made = link;
        if (made == null) {
            throw new IllegalStateException("no link yet");
        }
        return made;
    }

    @Override
    public void signal(SignalBody local) {
        tell(Frame.of(FrameType.SIGNAL, id, Signals.encode(local)));
    }

    @Override
    public void opened() {
        tell(Frame.of(FrameType.OPENED, id));
    }

    @Override
    public void control(String text) {
        tell(Frame.of(FrameType.CONTROL, id, ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8))));
    }

    @Override
    public void block(ByteBuffer frame) {
        ByteBuffer copy = ByteBuffer.allocate(Math.min(frame.remaining(), Frame.MAX_PAYLOAD_BYTES + 1));
        copy.put(frame.slice().limit(copy.capacity())).flip();
        // Throws for what is too long, which ends the link.
        tell(Frame.of(FrameType.BLOCK, id, copy));
    }

    @Override
    public void drained() {
        // In this order: what is accepted in between counts as if it had not left.
        long accepted = acceptedBytes.get();
        tell(Frame.of(FrameType.SENT, id, accepted - link().bufferedBytes()));
    }

    @Override
    public void retiring() {
        throw new IllegalStateException("only whole processes retire");
    }

    @Override
    public void closed(String reason) {
        gone.run();
        tell(Frame.of(FrameType.CLOSED, id, reason.substring(0, Math.min(reason.length(), MAX_REASON_CHARS))));
    }

    private void tell(Frame frame) {
        wire.sendWithin(MAX_WAITING_BYTES, frame);
    }
}
