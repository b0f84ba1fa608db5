package dev.rivulet.edge.peer.webrtc;

import dev.onvoid.webrtc.RTCDataChannel;
import dev.onvoid.webrtc.RTCDataChannelBuffer;
import dev.onvoid.webrtc.RTCDataChannelInit;
import dev.onvoid.webrtc.RTCDataChannelObserver;
import dev.onvoid.webrtc.RTCDataChannelState;
import dev.onvoid.webrtc.RTCPeerConnection;
import dev.rivulet.protocol.frame.Block;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** The two channels of a connection. All methods belong to the native thread, except where they say otherwise. */
final class DataChannels {
    private static final int CONTROL_ID = 0;
    private static final int BLOCKS_ID = 1;

    private final RTCDataChannel control;
    private final RTCDataChannel blocks;

    /** Makes both channels, whose observers are called on the library's threads. */
    DataChannels(
            RTCPeerConnection connection, RTCDataChannelObserver controlObserver, RTCDataChannelObserver observer) {
        control = connection.createDataChannel("control", init(CONTROL_ID, true));
        blocks = connection.createDataChannel("blocks", init(BLOCKS_ID, false));
        control.registerObserver(controlObserver);
        blocks.registerObserver(observer);
    }

    private static RTCDataChannelInit init(int id, boolean ordered) {
        RTCDataChannelInit init = new RTCDataChannelInit();
        init.negotiated = true;
        init.id = id;
        init.ordered = ordered;
        return init;
    }

    /** Whether both are open. May be called in a callback. */
    boolean open() {
        return control.getState() == RTCDataChannelState.OPEN && blocks.getState() == RTCDataChannelState.OPEN;
    }

    /** Whether one has begun to close. May be called in a callback. */
    boolean ending() {
        return ending(control) || ending(blocks);
    }

    private static boolean ending(RTCDataChannel channel) {
        RTCDataChannelState state = channel.getState();
        return state == RTCDataChannelState.CLOSING || state == RTCDataChannelState.CLOSED;
    }

    void sendControl(String text) throws Exception {
        control.send(new RTCDataChannelBuffer(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)), false));
    }

    /**
     * Sends a block.
     *
     * @param scratch direct and of at least {@link Block#MAX_FRAME_BYTES}; free again when this returns
     */
    void sendBlock(Block block, ByteBuffer scratch) throws Exception {
        scratch.clear();
        block.encode(scratch);
        // send takes a direct buffer up to its capacity, whatever its limit: hand over one of the exact capacity.
        blocks.send(new RTCDataChannelBuffer(scratch.flip().slice(), true));
    }

    long bufferedAmount() {
        return blocks.getBufferedAmount();
    }

    /** Returns once no callback of these channels runs any more, nor will. */
    void silence() {
        control.unregisterObserver();
        blocks.unregisterObserver();
    }

    /** Frees what the library holds for them; their connection is closed already. */
    void dispose() {
        control.dispose();
        blocks.dispose();
    }
}
