package dev.rivulet.edge.peer;

import dev.rivulet.edge.transfer.PieceProvider;
import dev.rivulet.protocol.Limits;
import dev.rivulet.protocol.catalog.Entry;
import dev.rivulet.protocol.catalog.Layout;
import dev.rivulet.protocol.frame.Block;
import dev.rivulet.protocol.id.ContentId;
import dev.rivulet.protocol.id.ResourceUrl;
import dev.rivulet.protocol.message.ControlMessage;
import dev.rivulet.protocol.message.ControlMessage.Choke;
import dev.rivulet.protocol.message.ControlMessage.LayoutAnswer;
import dev.rivulet.protocol.message.ControlMessage.LayoutRequest;
import dev.rivulet.protocol.message.ControlMessage.Part;
import dev.rivulet.protocol.message.ControlMessage.Reject;
import dev.rivulet.protocol.message.ControlMessage.RejectReason;
import dev.rivulet.protocol.message.ControlMessage.Request;
import dev.rivulet.protocol.message.ControlMessage.ShardAnswer;
import dev.rivulet.protocol.message.ControlMessage.ShardRequest;
import dev.rivulet.protocol.message.ControlMessage.Unchoke;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What one peer has asked of this edge, served in turn. A request is first prepared (read from the store, or pulled
 * through), a few at a time, so that a peer that asks for much occupies little memory, and once the link has room, so
 * that many that are slow do not either; then its blocks are sent as the link's send buffer has room, and as it is this
 * peer's turn where the rate is limited. Belongs to the loop.
 */
final class Uploads {
    /** Requests of one peer that are being read, or are ready to be sent, at a time; all but one by {@link ReadAhead}. */
    static final int PREPARED = 4;

    /** Requests of one peer that are being pulled through at a time. */
    static final int PULLED = 8;

    private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);

    /** One request, until it is answered, rejected or cancelled. */
    private static final class Answer {
        final long id;
        final @Nullable ContentId content;
        /** Memory that it takes while it waits to be sent, at most. */
        final int memoryBytes;

        Lane lane;
        Consumer<Answer> preparation;
        ByteBuffer rest = NOTHING;
        PieceBuffers.@Nullable Lease memory;
        boolean ahead;
        boolean held;
        long offset;
        /** Since when it could have been sent if there were nobody else. */
        long waitsSinceNanos;

        /** @param content that is given; null for parts of the catalog */
        Answer(
                long id,
                Lane lane,
                @Nullable ContentId content,
                int memoryBytes,
                Consumer<Answer> preparation,
                long askedNanos) {
            this.id = id;
            this.lane = lane;
            this.content = content;
            this.memoryBytes = memoryBytes;
            this.preparation = preparation;
            this.waitsSinceNanos = askedNanos;
        }

        /** Lets go of what is not going to be sent any more. */
        void drop() {
            rest = NOTHING;
            if (memory != null) {
                memory.release();
                memory = null;
            }
        }
    }

    /** Answers that wait to be prepared, a few at a time; a slow lane does not hold up the other. */
    private static final class Lane {
        final Queue<Answer> waiting = new ArrayDeque<>();
        final int width;
        int occupied;

        Lane(int width) {
            this.width = width;
        }
    }

    private final PeerContext context;
    private final PeerLink link;
    private final PieceProvider pieces;
    private final Consumer<ControlMessage> send;
    private final Map<Long, Answer> answers = new HashMap<>();
    private final Queue<Answer> ready = new ArrayDeque<>();
    private final Lane reading = new Lane(PREPARED);
    private final Lane pulling = new Lane(PULLED);
    private boolean choked;
    private boolean waitingForTurn;
    private int turnBytes;
    private boolean closed;
    private long sentBytes;
    private long sentBytesBefore;
    private int bufferBytes = Limits.MAX_SEND_BUFFER_BYTES;

    /** @param pieces what pulls through */
    Uploads(PeerContext context, PeerLink link, PieceProvider pieces, Consumer<ControlMessage> send) {
        this.context = context;
        this.link = link;
        this.pieces = pieces;
        this.send = send;
    }

    /** Whether a request of this id is being served, so that another must not have it. */
    boolean isServing(long id) {
        return answers.containsKey(id);
    }

    boolean isBusy() {
        return !answers.isEmpty();
    }

    /** Whether anything was sent, or is to be, since this was asked last. */
    boolean hasSent() {
        boolean sent = sentBytes != sentBytesBefore;
        sentBytesBefore = sentBytes;
        return sent || isBusy();
    }

    /** Has the link's send buffer take so much at most, a few times {@link Block#MAX_FRAME_BYTES}. */
    void limitBuffer(int bytes) {
        if (bufferBytes != bytes) {
            bufferBytes = bytes;
            link.drainedAt(bytes / 2);
            drained();
        }
    }

    /** Payload sent so far. */
    long sentBytes() {
        return sentBytes;
    }

    /**
     * For how long the peer has waited for what it asked for first and is here; what is pulled through counts from when
     * it has come. 0: it waits for nothing.
     */
    long waitingNanos() {
        long now = context.nanoTime();
        return answers.values().stream()
                .filter(answer -> answer.lane == reading || answer.rest.hasRemaining())
                .mapToLong(answer -> now - answer.waitsSinceNanos)
                .max()
                .orElse(0);
    }

    /** Says so when it is news, and then refuses what is asked for, but for what is being sent. */
    void choke(boolean chokes) {
        if (choked == chokes) {
            return;
        }
        choked = chokes;
        send.accept(chokes ? new Choke() : new Unchoke());
        if (chokes) {
            List.copyOf(answers.values()).stream()
                    .filter(answer -> answer.offset == 0)
                    .forEach(answer -> {
                        cancel(answer.id);
                        reject(answer.id, RejectReason.BUSY);
                    });
        }
    }

    /** Says that nothing more is served, and finishes what was asked for before the peer could know. */
    void finish() {
        if (!choked) {
            choked = true;
            send.accept(new Choke());
        }
    }

    /** Takes a request for a piece or a part of one. */
    void request(Request request) {
        Optional<Entry> entry = context.catalog().byContent(request.content());
        if (request.url() != null && isOf(request.url(), request.content())) {
            context.machinery().counts().served.named(request.content(), request.url());
        }
        if (entry.isEmpty() || !isWithin(request, entry.get().size())) {
            reject(request.id(), RejectReason.UNKNOWN);
        } else if (context.store().has(request.content(), request.piece())) {
            int bytes = pieceBytes(entry.get().size(), request.piece());
            if (accept(
                    request.id(),
                    reading,
                    request.content(),
                    bytes,
                    answer -> read(answer, request, () -> {
                        answers.remove(answer.id);
                        pullThrough(request, bytes);
                    }))) {
                context.machinery().counts().hits.increment();
            }
        } else {
            pullThrough(request, pieceBytes(entry.get().size(), request.piece()));
        }
    }

    private void pullThrough(Request request, int bytes) {
        if (request.url() == null) {
            reject(request.id(), RejectReason.GONE);
        } else if (!isOf(request.url(), request.content())) {
            reject(request.id(), RejectReason.UNKNOWN);
        } else {
            if (accept(request.id(), pulling, request.content(), bytes, answer -> pull(answer, request))) {
                context.machinery().counts().misses.increment();
            }
        }
    }

    private boolean isOf(ResourceUrl url, ContentId content) {
        return context.catalog()
                .byUrl(url)
                .map(entry -> entry.content().equals(content))
                .orElse(false);
    }

    private static boolean isWithin(Request request, long size) {
        if (request.piece() >= Layout.pieceCountOf(size)) {
            return false;
        }
        Part part = request.part();
        return part == null || part.begin() + part.length() <= pieceBytes(size, request.piece());
    }

    private static int pieceBytes(long size, int piece) {
        int pieceLength = Layout.pieceLengthOf(size);
        return (int) Math.min(pieceLength, size - (long) piece * pieceLength);
    }

    /** Takes a request for a layout. */
    void layout(LayoutRequest request) {
        if (!context.catalog().knows(request.content())) {
            reject(request.id(), RejectReason.UNKNOWN);
            return;
        }
        Supplier<Optional<byte[]>> source = () -> context.catalog()
                .byContent(request.content())
                .map(Entry::layout)
                .or(() -> context.store().layout(request.content()))
                .map(Layout::encode);
        var unused = accept(
                request.id(),
                reading,
                request.content(),
                Limits.SMALL_PIECE_BYTES,
                answer -> fetch(answer, source, length -> new LayoutAnswer(answer.id, length)));
    }

    /** Takes a request for a shard or an index of the catalog. */
    void shard(ShardRequest request) {
        Supplier<Optional<byte[]>> source = () -> context.shards().shard(request.hash());
        var unused = accept(
                request.id(),
                reading,
                null,
                Limits.SMALL_PIECE_BYTES,
                answer -> fetch(answer, source, length -> new ShardAnswer(answer.id, length)));
    }

    private boolean accept(long id, Lane lane, @Nullable ContentId content, int bytes, Consumer<Answer> preparation) {
        if (choked || answers.size() >= Limits.MAX_OUTSTANDING_REQUESTS) {
            reject(id, choked ? RejectReason.BUSY : RejectReason.LIMIT);
            return false;
        }
        Answer answer = new Answer(id, lane, content, bytes, preparation, context.nanoTime());
        answers.put(id, answer);
        lane.waiting.add(answer);
        prepare(lane);
        return true;
    }

    private void prepare(Lane lane) {
        while (!lane.waiting.isEmpty()) {
            if (!isCurrent(lane.waiting.element())) {
                lane.waiting.remove();
            } else if (!occupy(lane, lane.waiting.element())) {
                return;
            } else {
                Answer next = lane.waiting.remove();
                next.preparation.accept(next);
            }
        }
    }

    /** Whether an answer may be prepared now. */
    private boolean occupy(Lane lane, Answer next) {
        if (lane.occupied == lane.width) {
            return false;
        }
        if (lane == reading && lane.occupied == 0 && link.bufferedBytes() > bufferBytes / 2) {
            // Its turn comes when the link has drained.
            return false;
        }
        if (lane == reading && lane.occupied > 0) {
            if (!context.readAhead().take(next.memoryBytes)) {
                return false;
            }
            next.ahead = true;
        }
        lane.occupied++;
        return true;
    }

    /** @param otherwise what to do when it is not there: dropped in the meantime, or found damaged */
    private void read(Answer answer, Request request, Runnable otherwise) {
        PieceBuffers.Lease memory = context.buffers().lease();
        context.machinery()
                .read(
                        () -> Optional.ofNullable(
                                context.store().read(request.content(), request.piece(), memory::room)),
                        held -> {
                            answer.memory = memory;
                            if (held.isPresent()) {
                                ByteBuffer part = part(held.get(), request.part());
                                context.machinery().counts().store.add(part.remaining());
                                context.machinery().counts().top.sent(request.content(), part.remaining());
                                ready(answer, part);
                            } else {
                                answer.drop();
                                if (isCurrent(answer)) {
                                    otherwise.run();
                                }
                                leave(answer);
                            }
                        });
    }

    private void fetch(Answer answer, Supplier<Optional<byte[]>> source, IntFunction<ControlMessage> preamble) {
        context.machinery().read(source, bytes -> {
            if (bytes.isEmpty()) {
                rejectPrepared(answer, RejectReason.UNKNOWN);
            } else if (isCurrent(answer)) {
                send.accept(preamble.apply(bytes.get().length));
                ready(answer, ByteBuffer.wrap(bytes.get()));
            } else {
                leave(answer);
            }
        });
    }

    private void pull(Answer answer, Request request) {
        var unused = pieces.piece(request.content(), request.piece(), request.url())
                .whenComplete((piece, failure) -> context.machinery().loop().execute(() -> {
                    if (piece != null) {
                        pulled(answer, request, piece);
                    } else {
                        rejectPrepared(answer, RejectReason.GONE);
                    }
                }));
    }

    /** A piece has come. While much of what was fetched waits for slow links, it is read from the store in its turn. */
    private void pulled(Answer answer, Request request, ByteBuffer piece) {
        if (request.url() != null) {
            context.machinery().counts().top.named(request.content(), request.url());
        }
        if (!isCurrent(answer)) {
            leave(answer);
            return;
        }
        answer.held = context.readAhead().hold(answer.memoryBytes);
        if (!answer.held) {
            pulling.occupied--;
            answer.lane = reading;
            answer.preparation = later -> read(later, request, () -> {
                answers.remove(later.id);
                reject(later.id, RejectReason.GONE);
            });
            if (!reading.waiting.isEmpty() || !occupy(reading, answer)) {
                reading.waiting.add(answer);
                prepare(pulling);
                return;
            }
        }
        ByteBuffer part = part(piece, request.part());
        context.machinery().counts().top.sent(request.content(), part.remaining());
        ready(answer, part);
        prepare(pulling);
    }

    private static ByteBuffer part(ByteBuffer piece, @Nullable Part part) {
        return part == null ? piece.slice() : piece.slice(piece.position() + part.begin(), part.length());
    }

    private void ready(Answer answer, ByteBuffer bytes) {
        if (!isCurrent(answer)) {
            answer.drop();
            leave(answer);
            return;
        }
        answer.rest = bytes;
        if (answer.lane == pulling) {
            answer.waitsSinceNanos = context.nanoTime();
        }
        ready.add(answer);
        pump();
    }

    /** The link has room again. */
    void drained() {
        pump();
        prepare(reading);
    }

    /** Sends as much as the link's send buffer has room for, and the rate allows. */
    private void pump() {
        while (!ready.isEmpty() && link.bufferedBytes() + Block.MAX_FRAME_BYTES <= bufferBytes) {
            Answer answer = ready.element();
            if (isCurrent(answer) && isBlocked(answer)) {
                answers.remove(answer.id);
                reject(answer.id, RejectReason.GONE);
            }
            if (isCurrent(answer)) {
                if (!isOurTurn(Math.min(Limits.MAX_BLOCK_BYTES, answer.rest.remaining()))) {
                    return;
                }
                sendBlock(answer);
            }
            if (!isCurrent(answer) || !answer.rest.hasRemaining()) {
                ready.remove();
                answers.remove(answer.id, answer);
                answer.drop();
                leave(answer);
            }
        }
    }

    /** Whether it was taken down since it was asked for. */
    private boolean isBlocked(Answer answer) {
        return answer.content != null && context.catalog().isBlocked(answer.content);
    }

    /** Whether that much may be sent now; if not, {@link #pump} is called when it may. */
    private boolean isOurTurn(int bytes) {
        // What was granted for an answer that was cancelled since counts for the next.
        int missing = bytes - turnBytes;
        if (missing <= 0) {
            return true;
        }
        if (!waitingForTurn) {
            waitingForTurn = !context.sending().rate().take(this, missing, () -> granted(missing));
            turnBytes += waitingForTurn ? 0 : missing;
        }
        return !waitingForTurn;
    }

    private void granted(int bytes) {
        context.machinery().loop().execute(() -> {
            waitingForTurn = false;
            turnBytes += bytes;
            if (!closed) {
                pump();
            }
        });
    }

    private void sendBlock(Answer answer) {
        int length = Math.min(Limits.MAX_BLOCK_BYTES, answer.rest.remaining());
        int begin = answer.rest.position();
        Block block = new Block(answer.id, answer.offset, answer.rest.slice(begin, length));
        PieceBuffers.Lease memory = answer.memory;
        if (memory == null) {
            link.sendBlock(block);
        } else {
            memory.hold();
            link.sendBlock(block, memory::release);
        }
        if (answer.content != null) {
            context.machinery().counts().served.webrtc(answer.content, length, answer.offset == 0);
        }
        answer.rest.position(begin + length);
        answer.offset += length;
        sentBytes += length;
        turnBytes -= length;
        context.machinery().counts().uploaded.add(length);
    }

    private void rejectPrepared(Answer answer, RejectReason reason) {
        if (isCurrent(answer)) {
            answers.remove(answer.id);
            reject(answer.id, reason);
        }
        leave(answer);
    }

    private void leave(Answer answer) {
        answer.lane.occupied--;
        giveBack(answer);
        prepare(answer.lane);
    }

    private void giveBack(Answer answer) {
        if (answer.ahead) {
            answer.ahead = false;
            context.readAhead().giveBack(answer.memoryBytes);
        }
        if (answer.held) {
            answer.held = false;
            context.readAhead().letGo(answer.memoryBytes);
        }
    }

    private void reject(long id, RejectReason reason) {
        send.accept(new Reject(id, reason));
    }

    private boolean isCurrent(Answer answer) {
        return answers.get(answer.id) == answer;
    }

    /** The peer has lost interest. Nothing is kept of the answer until its turn would have come. */
    void cancel(long id) {
        Answer answer = answers.remove(id);
        if (answer != null) {
            answer.drop();
            if (answer.held) {
                giveBack(answer);
            }
        }
    }

    /** Nothing is served any more. */
    void close() {
        closed = true;
        context.sending().rate().withdraw(this);
        answers.clear();
        ready.forEach(answer -> {
            answer.drop();
            giveBack(answer);
        });
        ready.clear();
        reading.waiting.clear();
        pulling.waiting.clear();
    }
}
