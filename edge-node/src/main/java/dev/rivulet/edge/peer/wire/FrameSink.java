package dev.rivulet.edge.peer.wire;

import dev.rivulet.protocol.DecodeException;
import java.nio.ByteBuffer;

/** Takes frames in the order in which they were sent. */
public interface FrameSink {
    /**
     * Takes a frame.
     *
     * @param payload valid only during the call
     * @throws DecodeException when the other process makes no sense, which ends the connection to it
     */
    void take(FrameType type, int link, ByteBuffer payload) throws DecodeException;
}
