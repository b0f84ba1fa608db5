package dev.rivulet.tracker;

import dev.rivulet.protocol.id.PeerId;
import dev.rivulet.protocol.message.ClientMessage.Hello;
import dev.rivulet.protocol.message.Messages;
import dev.rivulet.protocol.message.TrackerMessage.Welcome;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** A client that joins, reads its welcome, and never reads again. */
final class DeafPeer implements AutoCloseable {
    private static final int RECEIVE_BUFFER_BYTES = 4096;
    private static final int FINAL_TEXT = 0x81;
    private static final int MASKED_16_BIT_LENGTH = 0xFE;
    private static final int LENGTH_16_BIT = 126;

    private final Socket socket = new Socket();

    private DeafPeer() {}

    static DeafPeer open(int port) throws IOException {
        DeafPeer peer = new DeafPeer();
        peer.socket.setReceiveBufferSize(RECEIVE_BUFFER_BYTES);
        peer.socket.setSoTimeout(TestPeer.PATIENCE_SECONDS * 1000);
        peer.socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        return peer;
    }

    /** Joins and tells as whom. */
    PeerId join(Hello hello) throws Exception {
        OutputStream out = socket.getOutputStream();
        String head = """
                GET / HTTP/1.1
                Host: 127.0.0.1
                Connection: Upgrade
                Upgrade: websocket
                Origin: %s
                Sec-WebSocket-Protocol: rivulet.v1
                Sec-WebSocket-Version: 13
                Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==

                """.formatted(TestTracker.ORIGIN).replace("\n", "\r\n");
        out.write(head.getBytes(StandardCharsets.US_ASCII));
        DataInputStream in = new DataInputStream(socket.getInputStream());
        String answer = "";
        while (!answer.endsWith("\r\n\r\n")) {
            answer += (char) in.readUnsignedByte();
        }
        out.write(masked(Messages.encode(hello).getBytes(StandardCharsets.UTF_8)));
        return ((Welcome) Messages.decodeTracker(readText(in))).peer();
    }

    /** A mask of zeros leaves the payload as it is (RFC 6455 §5.3). */
    private static byte[] masked(byte[] payload) {
        ByteBuffer frame = ByteBuffer.allocate(2 + Short.BYTES + Integer.BYTES + payload.length);
        frame.put((byte) FINAL_TEXT).put((byte) MASKED_16_BIT_LENGTH).putShort((short) payload.length);
        return frame.putInt(0).put(payload).array();
    }

    private static String readText(DataInputStream in) throws IOException {
        if (in.readUnsignedByte() != FINAL_TEXT) {
            throw new AssertionError("not a text");
        }
        int length = in.readUnsignedByte();
        byte[] payload = new byte[length == LENGTH_16_BIT ? in.readUnsignedShort() : length];
        in.readFully(payload);
        return new String(payload, StandardCharsets.UTF_8);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
