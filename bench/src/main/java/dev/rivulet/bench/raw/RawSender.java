package dev.rivulet.bench.raw;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.onvoid.webrtc.CreateSessionDescriptionObserver;
import dev.onvoid.webrtc.PeerConnectionFactory;
import dev.onvoid.webrtc.PeerConnectionObserver;
import dev.onvoid.webrtc.RTCAnswerOptions;
import dev.onvoid.webrtc.RTCConfiguration;
import dev.onvoid.webrtc.RTCDataChannel;
import dev.onvoid.webrtc.RTCDataChannelBuffer;
import dev.onvoid.webrtc.RTCDataChannelInit;
import dev.onvoid.webrtc.RTCDataChannelObserver;
import dev.onvoid.webrtc.RTCDataChannelState;
import dev.onvoid.webrtc.RTCIceCandidate;
import dev.onvoid.webrtc.RTCIceGatheringState;
import dev.onvoid.webrtc.RTCPeerConnection;
import dev.onvoid.webrtc.RTCSdpType;
import dev.onvoid.webrtc.RTCSessionDescription;
import dev.onvoid.webrtc.SetSessionDescriptionObserver;
import dev.onvoid.webrtc.media.audio.HeadlessAudioDeviceModule;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The ceiling of what an edge could send: webrtc-java alone pushes a file through one data channel, as fast as it takes
 * it. Nothing of the product runs here; the messages have the shape of its blocks (docs/protocol.md, 6.1).
 *
 * <p>Usage: {@code RawSender FILE MESSAGE_BYTES BUFFER_BYTES [endless]}. Signalling is JSON lines: {@code {"id": N,
 * "offer": SDP}} on standard input answers {@code {"id": N, "answer": SDP}}; the file goes out once the other side sends
 * any message, or again and again; {@code {"id": N, "close": true}} ends the connection, the end of the input the program.
 */
public final class RawSender {
    private static final int HEADER_BYTES = 8;
    private static final long PATIENCE_SECONDS = 20;
    /** Between two looks at a full buffer: at 100 MiB/s less than a message leaves it meanwhile. */
    private static final long LOOK_AGAIN_NANOS = 200_000;
    /** Between two looks at all buffers. */
    private static final long SWEEP_NANOS = 1_000_000;

    private static final ObjectMapper JSON = new ObjectMapper();

    private RawSender() {}

    /** Runs until the input ends. */
    public static void main(String[] arguments) throws Exception {
        List<RTCDataChannelBuffer> messages =
                messages(Files.readAllBytes(Path.of(arguments[0])), Integer.parseInt(arguments[1]));
        long bufferBytes = Long.parseLong(arguments[2]);
        boolean endless = arguments.length > 3;
        PeerConnectionFactory factory = new PeerConnectionFactory(new HeadlessAudioDeviceModule());
        BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        Map<Integer, Connection> connections = new ConcurrentHashMap<>();
        if (endless) {
            Thread pump = new Thread(() -> pump(connections), "pump");
            pump.setDaemon(true);
            pump.start();
        }
        for (String line = input.readLine(); line != null; line = input.readLine()) {
            JsonNode order = JSON.readTree(line);
            int id = order.get("id").asInt();
            Connection old = connections.remove(id);
            if (old != null) {
                old.close();
            }
            if (order.has("offer")) {
                Connection connection = new Connection(factory, messages, bufferBytes, endless);
                connections.put(id, connection);
                print(id, connection.answer(order.get("offer").asText()));
            }
        }
        for (Connection connection : connections.values()) {
            connection.close();
        }
        factory.dispose();
    }

    /** Keeps all connections full, whose messages have no end: a thread for each would do nothing but look. */
    private static void pump(Map<Integer, Connection> connections) {
        try {
            while (true) {
                for (Connection connection : connections.values()) {
                    connection.fill();
                }
                TimeUnit.NANOSECONDS.sleep(SWEEP_NANOS);
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        } catch (Exception failure) {
            System.err.println("raw sender: " + failure);
        }
    }

    /** The file as messages that are ready to be sent: send buffers of exact capacity, outside of the heap. */
    private static List<RTCDataChannelBuffer> messages(byte[] file, int messageBytes) {
        List<RTCDataChannelBuffer> messages = new ArrayList<>();
        for (int offset = 0; offset < file.length; offset += messageBytes) {
            int length = Math.min(messageBytes, file.length - offset);
            ByteBuffer message = ByteBuffer.allocateDirect(HEADER_BYTES + length);
            message.putInt(0).putInt(offset).put(file, offset, length).flip();
            messages.add(new RTCDataChannelBuffer(message, true));
        }
        return messages;
    }

    private static void print(int id, String answer) throws IOException {
        ObjectNode line = JSON.createObjectNode().put("id", id).put("answer", answer);
        System.out.println(JSON.writeValueAsString(line));
        System.out.flush();
    }

    /** One peer connection with the one channel. Callbacks come on native threads and must not throw. */
    private static final class Connection implements PeerConnectionObserver, RTCDataChannelObserver {
        private final RTCPeerConnection peer;
        private final RTCDataChannel channel;
        private final List<RTCDataChannelBuffer> messages;
        private final long bufferBytes;
        private final boolean endless;
        private final CompletableFuture<@Nullable Void> gathered = new CompletableFuture<>();
        private final CompletableFuture<@Nullable Void> asked = new CompletableFuture<>();
        private final Thread pump = new Thread(this::pump, "pump");
        private int next;

        Connection(
                PeerConnectionFactory factory, List<RTCDataChannelBuffer> messages, long bufferBytes, boolean endless) {
            this.messages = messages;
            this.bufferBytes = bufferBytes;
            this.endless = endless;
            peer = factory.createPeerConnection(new RTCConfiguration(), this);
            RTCDataChannelInit init = new RTCDataChannelInit();
            init.ordered = false;
            init.negotiated = true;
            init.id = 1;
            channel = peer.createDataChannel("blocks", init);
            channel.registerObserver(this);
        }

        /** Answers an offer once all candidates are gathered, so that one exchange suffices. */
        String answer(String offer) throws Exception {
            Outcome remote = new Outcome();
            peer.setRemoteDescription(new RTCSessionDescription(RTCSdpType.OFFER, offer), remote);
            remote.await();
            Created created = new Created();
            peer.createAnswer(new RTCAnswerOptions(), created);
            Outcome local = new Outcome();
            peer.setLocalDescription(created.get(PATIENCE_SECONDS, TimeUnit.SECONDS), local);
            local.await();
            gathered.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            if (!endless) {
                pump.start();
            }
            return peer.getLocalDescription().sdp;
        }

        private boolean isFull(RTCDataChannelBuffer message) {
            return channel.getBufferedAmount() + message.data.capacity() > bufferBytes;
        }

        /** Sends as much as there is room for, from the beginning again after the end. */
        void fill() throws Exception {
            while (asked.isDone() && channel.getState() == RTCDataChannelState.OPEN && !isFull(messages.get(next))) {
                channel.send(messages.get(next));
                next = (next + 1) % messages.size();
            }
        }

        private void pump() {
            try {
                asked.get();
                for (RTCDataChannelBuffer message : messages) {
                    while (isFull(message)) {
                        // webrtc-java 0.14.0 never calls onBufferedAmountChange, so there is only asking again.
                        TimeUnit.NANOSECONDS.sleep(LOOK_AGAIN_NANOS);
                    }
                    channel.send(message);
                }
            } catch (InterruptedException closed) {
                Thread.currentThread().interrupt();
            } catch (Exception failure) {
                System.err.println("raw sender: " + failure);
            }
        }

        void close() throws InterruptedException {
            pump.interrupt();
            pump.join();
            channel.unregisterObserver();
            channel.close();
            peer.close();
        }

        @Override
        public void onIceCandidate(RTCIceCandidate candidate) {}

        @Override
        public void onIceGatheringChange(RTCIceGatheringState state) {
            if (state == RTCIceGatheringState.COMPLETE) {
                gathered.complete(null);
            }
        }

        @Override
        public void onBufferedAmountChange(long previousAmount) {}

        @Override
        public void onStateChange() {
            if (channel.getState() == RTCDataChannelState.CLOSED) {
                pump.interrupt();
            }
        }

        @Override
        public void onMessage(RTCDataChannelBuffer buffer) {
            asked.complete(null);
        }
    }

    private static final class Created extends CompletableFuture<RTCSessionDescription>
            implements CreateSessionDescriptionObserver {
        @Override
        public void onSuccess(RTCSessionDescription description) {
            complete(description);
        }

        @Override
        public void onFailure(String error) {
            completeExceptionally(new IOException(error));
        }
    }

    private static final class Outcome implements SetSessionDescriptionObserver {
        private final CompletableFuture<@Nullable Void> done = new CompletableFuture<>();

        void await() throws Exception {
            done.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        }

        @Override
        public void onSuccess() {
            done.complete(null);
        }

        @Override
        public void onFailure(String error) {
            done.completeExceptionally(new IOException(error));
        }
    }
}
