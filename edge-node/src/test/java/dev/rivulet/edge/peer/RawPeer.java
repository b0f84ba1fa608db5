package dev.rivulet.edge.peer;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rivulet.protocol.DecodeException;
import dev.rivulet.protocol.Limits;
import dev.rivulet.protocol.frame.Block;
import dev.rivulet.protocol.id.ContentId;
import dev.rivulet.protocol.id.PeerId;
import dev.rivulet.protocol.message.ClientMessage;
import dev.rivulet.protocol.message.ControlMessage;
import dev.rivulet.protocol.message.ControlMessage.Have;
import dev.rivulet.protocol.message.ControlMessage.Request;
import dev.rivulet.protocol.message.Holding;
import dev.rivulet.protocol.message.Messages;
import dev.rivulet.protocol.message.Role;
import dev.rivulet.protocol.message.SignalBody;
import dev.rivulet.protocol.message.TrackerMessage;
import java.nio.ByteBuffer;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A peer that sends what a test makes it send, and notes what it gets, for any thread to read; it answers nothing by itself. */
public final class RawPeer implements PeerLink.Listener {
    public final PeerId id;
    public final List<ControlMessage> messages = new CopyOnWriteArrayList<>();
    public final List<Block> blocks = new CopyOnWriteArrayList<>();
    private final TestTracker tracker;
    private final PeerLinkFactory links;
    private final Predicate<ClientMessage> toTracker;
    private volatile Consumer<ControlMessage> reaction = message -> {};
    private volatile @Nullable Consumer<Block> blockReaction;
    private volatile @Nullable PeerId other;
    private volatile @Nullable PeerLink link;
    private volatile String session = "raw";
    private volatile boolean answering;
    private volatile boolean closed;

    public RawPeer(long id, Role role, TestTracker tracker, PeerLinkFactory links) {
        this.id = TestEdge.peerId(id);
        this.tracker = tracker;
        this.links = links;
        this.toTracker = tracker.join(this.id, role, this::received);
    }

    /** Lets lookups find it. */
    public RawPeer announce(ContentId... contents) {
        tracker.announce(id, contents);
        return this;
    }

    /** What it does when a message comes. */
    public RawPeer onMessage(Consumer<ControlMessage> reacts) {
        reaction = reacts;
        return this;
    }

    /** What it does when a block comes, which it then does not note. */
    public RawPeer onBlock(Consumer<Block> reacts) {
        blockReaction = reacts;
        return this;
    }

    /** Offers a connection. */
    public void offerTo(PeerId peer) {
        other = peer;
        link = links.offer(List.of(), this);
    }

    private void received(TrackerMessage message) {
        if (!(message instanceof TrackerMessage.Signal signal)) {
            return;
        }
        if (signal.body() instanceof SignalBody.Offer offer) {
            answering = true;
            other = signal.from();
            session = signal.session();
            link = links.answer(List.of(), offer, this);
            return;
        }
        PeerLink made = link;
        if (made == null) {
            return;
        }
        if (signal.body() instanceof SignalBody.Close) {
            made.close();
        } else {
            made.signal(signal.body());
        }
    }

    @Override
    public void signal(SignalBody local) {
        PeerId peer = other;
        if (peer != null && !toTracker.test(new ClientMessage.Signal(peer, session, local))) {
            throw new IllegalStateException("no tracker");
        }
    }

    /** Says hello, when it is the one who was asked to connect. */
    @Override
    public void opened() {
        if (answering) {
            hello();
        }
    }

    @Override
    public void control(String text) {
        try {
            ControlMessage message = Messages.decodeControl(text);
            messages.add(message);
            reaction.accept(message);
        } catch (DecodeException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void block(ByteBuffer frame) {
        try {
            Block block = Block.decode(frame);
            ByteBuffer copy = ByteBuffer.allocate(block.payload().remaining())
                    .put(block.payload())
                    .flip();
            Block kept = new Block(block.requestId(), block.offset(), copy);
            Consumer<Block> reacts = blockReaction;
            if (reacts == null) {
                blocks.add(kept);
            } else {
                reacts.accept(kept);
            }
        } catch (DecodeException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void drained() {}

    @Override
    public void retiring() {}

    @Override
    public void closed(String reason) {
        closed = true;
    }

    public boolean isClosed() {
        return closed;
    }

    public PeerLink link() {
        PeerLink made = link;
        if (made == null) {
            throw new IllegalStateException("not connected");
        }
        return made;
    }

    public void hello() {
        send(new ControlMessage.Hello(1, "raw", List.of(), 64, 1 << 24));
    }

    public void send(ControlMessage message) {
        link().sendControl(Messages.encode(message));
    }

    public void sendText(String text) {
        link().sendControl(text);
    }

    /** The bytes that arrived for a request, which left no gaps. */
    public ByteBuffer received(long request) {
        ByteBuffer bytes = ByteBuffer.allocate(Limits.MAX_PIECE_BYTES);
        blocks.stream()
                .filter(block -> block.requestId() == request)
                .sorted(Comparator.comparingLong(Block::offset))
                .forEach(block -> {
                    assertThat(block.offset()).isEqualTo(bytes.position());
                    bytes.put(block.payload());
                });
        return bytes.flip();
    }

    /** Sends blocks that answer a request with these bytes, from an offset on. */
    public void sendBlocks(long request, ByteBuffer bytes, int from, int to) {
        for (int offset = from; offset < to; offset += 32768) {
            int length = Math.min(32768, to - offset);
            link().sendBlock(new Block(request, offset, bytes.slice(bytes.position() + offset, length)));
        }
    }

    public void sayComplete(ContentId content) {
        send(new Have(content, new Holding.Complete()));
    }

    /** The messages of a type so far. */
    public <T extends ControlMessage> List<T> got(Class<T> type) {
        return messages.stream().filter(type::isInstance).map(type::cast).toList();
    }

    public List<Request> requests() {
        return got(Request.class);
    }

    /** The code with which the other side closed, or 0. */
    public int closeCode() {
        return got(ControlMessage.Close.class).stream()
                .mapToInt(ControlMessage.Close::code)
                .findFirst()
                .orElse(0);
    }
}
