package dev.rivulet.edge.peer;

import dev.rivulet.protocol.DecodeException;
import dev.rivulet.protocol.Limits;
import dev.rivulet.protocol.PeerCloseCode;
import dev.rivulet.protocol.frame.Block;
import java.nio.ByteBuffer;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Puts blocks together, right where the link hands them over: each is copied once, into the buffer of the answer that it
 * belongs to. Any thread may expect and forget; only the link's delivers blocks, one at a time.
 */
final class Inbound {
    /** Requests given up whose late blocks are still recognised, each of them once. */
    static final int MAX_FORGOTTEN = 1024;

    /** What a frame was. */
    sealed interface Taken permits Accepted, Violation {}

    /** A block that is acceptable. */
    enum Accepted implements Taken {
        /** Of an answer that is expected. */
        EXPECTED,
        /** Of one that no longer is: it was under way already. */
        LATE
    }

    /** Why a frame is not acceptable. */
    record Violation(PeerCloseCode code, String reason) implements Taken {}

    /** Which blocks of an answer have yet to arrive. */
    private static final class Outstanding {
        final int length;
        final BitSet arrived = new BitSet();
        int missing;

        Outstanding(int length) {
            this.length = length;
            missing = length;
        }

        /** Takes note of a block; false when it is none of those that the answer consists of, or not the first time. */
        boolean arrive(Block block) {
            int number = (int) (block.offset() / Limits.MAX_BLOCK_BYTES);
            long expected = Math.min(Limits.MAX_BLOCK_BYTES, length - block.offset());
            if (block.payload().remaining() != expected || arrived.get(number)) {
                return false;
            }
            arrived.set(number);
            missing -= block.payload().remaining();
            return true;
        }
    }

    /** An answer that is arriving. */
    private static final class Assembly {
        final ByteBuffer bytes;
        final Outstanding outstanding;
        final Consumer<ByteBuffer> done;

        Assembly(int length, Consumer<ByteBuffer> done) {
            bytes = ByteBuffer.allocate(length);
            outstanding = new Outstanding(length);
            this.done = done;
        }

        /** Whether this is one of the blocks that the answer consists of, and the first time. */
        boolean put(Block block) {
            if (!outstanding.arrive(block)) {
                return false;
            }
            bytes.duplicate().position((int) block.offset()).put(block.payload());
            return true;
        }
    }

    // Guarded by this; never held while anything else is called.
    private final Map<Long, Assembly> assemblies = new HashMap<>();
    private final Map<Long, Outstanding> forgotten = new LinkedHashMap<>();

    /**
     * Expects the blocks of an answer.
     *
     * @param done given all its bytes, on the link's thread
     */
    synchronized void expect(long requestId, int length, Consumer<ByteBuffer> done) {
        assemblies.put(requestId, new Assembly(length, done));
        forgotten.remove(requestId);
    }

    /** Expects them no longer; those that are missing may still arrive, and are not used. */
    synchronized void forget(long requestId) {
        Assembly given = assemblies.remove(requestId);
        if (given != null) {
            forgotten.put(requestId, given.outstanding);
            if (forgotten.size() > MAX_FORGOTTEN) {
                Iterator<Long> oldest = forgotten.keySet().iterator();
                oldest.next();
                oldest.remove();
            }
        }
    }

    /** Takes a frame. */
    Taken take(ByteBuffer frame) {
        Block block;
        try {
            block = Block.decode(frame);
        } catch (DecodeException e) {
            return new Violation(PeerCloseCode.MALFORMED, e.place() + ": " + e.reason());
        }
        Assembly assembly;
        boolean complete;
        synchronized (this) {
            assembly = assemblies.get(block.requestId());
            if (assembly == null) {
                return late(block);
            }
            if (!assembly.put(block)) {
                return outside();
            }
            complete = assembly.outstanding.missing == 0;
            if (complete) {
                assemblies.remove(block.requestId());
            }
        }
        if (complete) {
            assembly.done.accept(assembly.bytes);
        }
        return Accepted.EXPECTED;
    }

    private Taken late(Block block) {
        Outstanding outstanding = forgotten.get(block.requestId());
        if (outstanding == null) {
            return new Violation(PeerCloseCode.UNSOLICITED, "a block nobody asked for");
        }
        return outstanding.arrive(block) ? Accepted.LATE : outside();
    }

    private static Violation outside() {
        return new Violation(PeerCloseCode.UNSOLICITED, "a block outside the request, or twice");
    }
}
