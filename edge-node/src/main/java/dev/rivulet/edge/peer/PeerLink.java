package dev.rivulet.edge.peer;

import dev.rivulet.protocol.Limits;
import dev.rivulet.protocol.frame.Block;
import dev.rivulet.protocol.message.SignalBody;
import java.nio.ByteBuffer;

/**
 * One connection to one peer: an ordered channel of text and an unordered reliable channel of blocks. It carries text,
 * bytes and credit only and answers nothing synchronously, so that what implements it may live in another process.
 *
 * <p>Any thread may call any method; none blocks, and none throws because of the state of the connection: what is sent
 * over a link that is not open is lost.
 */
public interface PeerLink {
    /**
     * Credit comes back, as {@link Listener#drained}, when no more than this remains in the send buffer, unless
     * {@link #drainedAt} says otherwise.
     */
    int DRAINED_BYTES = Limits.MAX_SEND_BUFFER_BYTES / 2;

    /**
     * What a link tells its owner. Calls come on threads of the link's own and must return at once; what they throw ends
     * the link. {@link #opened}, {@link #control} and {@link #block} come one at a time in the order of arrival, the
     * others may come at the same time from another thread.
     */
    interface Listener {
        /** The other side has to be told this, by whatever means both sides have. */
        void signal(SignalBody local);

        /** Both channels are open. Comes at most once, and before any {@link #control} or {@link #block}. */
        void opened();

        /** A text message arrived; of any length and content. */
        void control(String text);

        /**
         * A message of the blocks channel arrived; of any length and content.
         *
         * @param frame valid only during the call
         */
        void block(ByteBuffer frame);

        /** {@link PeerLink#bufferedBytes} had been above the mark, see {@link #drainedAt}, and no longer is. */
        void drained();

        /**
         * The link will be ended before long, for reasons of this host's own: what is under way should be finished, soon
         * nothing begun any more, and the link closed. May come again and again, but never after {@link #closed}.
         */
        void retiring();

        /** The connection has ended, whoever ended it. Comes exactly once and is the last call. */
        void closed(String reason);
    }

    /** Takes what the other side's listener was told to {@linkplain Listener#signal signal}. */
    void signal(SignalBody remote);

    /** Sends a text message; in order. */
    void sendControl(String text);

    /**
     * Sends a block. The caller keeps {@link #bufferedBytes} within {@link Limits#MAX_SEND_BUFFER_BYTES}.
     *
     * @param block whose payload stays unchanged until {@code taken} is called
     * @param taken called at most once, on any thread, when the payload is not read any more; not at all where the
     *     connection ends before
     */
    void sendBlock(Block block, Runnable taken);

    /** Sends a block whose payload never changes. */
    default void sendBlock(Block block) {
        sendBlock(block, () -> {});
    }

    /**
     * Bytes of frames handed to {@link #sendBlock} that have not left; may lag behind, but only upwards, and may stay at
     * the mark of {@link #drainedAt} when less is left.
     */
    long bufferedBytes();

    /** Has credit come back from now on when no more than so many bytes remain in the send buffer. */
    void drainedAt(int bytes);

    /** Ends the connection, after what was handed to {@link #sendControl} had a chance to leave. */
    void close();
}
