package dev.rivulet.edge.peer;

import dev.rivulet.protocol.DecodeException;
import dev.rivulet.protocol.Limits;
import dev.rivulet.protocol.PeerCloseCode;
import dev.rivulet.protocol.frame.Block;
import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Puts blocks together, right where the link hands them over: each is copied once, into the buffer of the answer that it
 * belongs to. Any thread may expect and forget; only the link's delivers blocks, one at a time.
 */
final class Inbound {
    /** Requests given up whose late blocks are still recognised. */
    static final int MAX_FORGOTTEN = 1024;

    /** Why a block is not acceptable. */
    record Violation(PeerCloseCode code, String reason) {}

    /** An answer that is arriving. */
    private static final class Assembly {
        final ByteBuffer bytes;
        final BitSet arrived = new BitSet();
        final Consumer<ByteBuffer> done;
        int missing;

        Assembly(int length, Consumer<ByteBuffer> done) {
            bytes = ByteBuffer.allocate(length);
            missing = length;
            this.done = done;
        }

        /** Whether this is one of the blocks that the answer consists of, and the first time. */
        boolean accepts(Block block) {
            if (block.offset() >= bytes.capacity()) {
                return false;
            }
            int length = Math.min(Limits.MAX_BLOCK_BYTES, bytes.capacity() - (int) block.offset());
            return block.payload().remaining() == length && !arrived.get(number(block));
        }

        void put(Block block) {
            arrived.set(number(block));
            missing -= block.payload().remaining();
            bytes.duplicate().position((int) block.offset()).put(block.payload());
        }

        private static int number(Block block) {
            return (int) (block.offset() / Limits.MAX_BLOCK_BYTES);
        }
    }

    // Guarded by this; never held while anything else is called.
    private final Map<Long, Assembly> assemblies = new HashMap<>();
    private final Set<Long> forgotten = new LinkedHashSet<>();

    /**
     * Expects the blocks of an answer.
     *
     * @param done given all its bytes, on the link's thread
     */
    synchronized void expect(long requestId, int length, Consumer<ByteBuffer> done) {
        assemblies.put(requestId, new Assembly(length, done));
        forgotten.remove(requestId);
    }

    /** Expects them no longer; those that still arrive are ignored. */
    synchronized void forget(long requestId) {
        if (assemblies.remove(requestId) != null) {
            forgotten.add(requestId);
            if (forgotten.size() > MAX_FORGOTTEN) {
                Iterator<Long> oldest = forgotten.iterator();
                oldest.next();
                oldest.remove();
            }
        }
    }

    /** Takes a frame; what is wrong with it, if anything is. */
    Optional<Violation> take(ByteBuffer frame) {
        Block block;
        try {
            block = Block.decode(frame);
        } catch (DecodeException e) {
            return Optional.of(new Violation(PeerCloseCode.MALFORMED, e.place() + ": " + e.reason()));
        }
        Assembly assembly;
        boolean complete;
        synchronized (this) {
            assembly = assemblies.get(block.requestId());
            if (assembly == null) {
                return unexpected(block);
            }
            if (!assembly.accepts(block)) {
                return unsolicited("a block outside the request, or twice");
            }
            assembly.put(block);
            complete = assembly.missing == 0;
            if (complete) {
                assemblies.remove(block.requestId());
            }
        }
        if (complete) {
            assembly.done.accept(assembly.bytes);
        }
        return Optional.empty();
    }

    private Optional<Violation> unexpected(Block block) {
        return forgotten.contains(block.requestId()) ? Optional.empty() : unsolicited("a block nobody asked for");
    }

    private static Optional<Violation> unsolicited(String reason) {
        return Optional.of(new Violation(PeerCloseCode.UNSOLICITED, reason));
    }
}
