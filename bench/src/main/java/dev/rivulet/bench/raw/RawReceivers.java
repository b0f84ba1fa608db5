package dev.rivulet.bench.raw;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.onvoid.webrtc.CreateSessionDescriptionObserver;
import dev.onvoid.webrtc.PeerConnectionFactory;
import dev.onvoid.webrtc.PeerConnectionObserver;
import dev.onvoid.webrtc.RTCConfiguration;
import dev.onvoid.webrtc.RTCDataChannel;
import dev.onvoid.webrtc.RTCDataChannelBuffer;
import dev.onvoid.webrtc.RTCDataChannelInit;
import dev.onvoid.webrtc.RTCDataChannelObserver;
import dev.onvoid.webrtc.RTCDataChannelState;
import dev.onvoid.webrtc.RTCIceCandidate;
import dev.onvoid.webrtc.RTCIceGatheringState;
import dev.onvoid.webrtc.RTCOfferOptions;
import dev.onvoid.webrtc.RTCPeerConnection;
import dev.onvoid.webrtc.RTCSdpType;
import dev.onvoid.webrtc.RTCSessionDescription;
import dev.onvoid.webrtc.SetSessionDescriptionObserver;
import dev.onvoid.webrtc.media.audio.HeadlessAudioDeviceModule;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * Receives from {@link RawSender} over several connections at once, and counts.
 *
 * <p>Usage: {@code RawReceivers COUNT}. Prints {@code {"id": N, "offer": SDP}} for each, takes {@code {"id": N, "answer":
 * SDP}} on standard input, and then prints {@code {"open": connections, "bytes": received}} twice a second until the input
 * ends.
 */
public final class RawReceivers {
    private static final int HEADER_BYTES = 8;
    private static final long REPORT_MILLIS = 500;
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final LongAdder bytes = new LongAdder();
    private static final LongAdder open = new LongAdder();

    private RawReceivers() {}

    /** Runs until the input ends. */
    public static void main(String[] arguments) throws Exception {
        PeerConnectionFactory factory = new PeerConnectionFactory(new HeadlessAudioDeviceModule());
        Map<Integer, Receiver> receivers = new HashMap<>();
        for (int id = 0; id < Integer.parseInt(arguments[0]); id++) {
            Receiver receiver = new Receiver(factory, id);
            receivers.put(id, receiver);
            receiver.offer();
        }
        Thread reporter = new Thread(RawReceivers::report, "reporter");
        reporter.setDaemon(true);
        reporter.start();
        BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = input.readLine(); line != null; line = input.readLine()) {
            JsonNode order = JSON.readTree(line);
            Receiver receiver = receivers.get(order.get("id").asInt());
            if (receiver != null) {
                receiver.take(order.get("answer").asText());
            }
        }
        // Past the library's destructors.
        Runtime.getRuntime().halt(0);
    }

    private static void report() {
        try {
            while (true) {
                TimeUnit.MILLISECONDS.sleep(REPORT_MILLIS);
                print("{\"open\":" + open.sum() + ",\"bytes\":" + bytes.sum() + "}");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static synchronized void print(String line) {
        System.out.println(line);
    }

    /** One connection. Callbacks come on native threads and must not throw. */
    private static final class Receiver implements PeerConnectionObserver, RTCDataChannelObserver {
        private final int id;
        private final RTCPeerConnection peer;
        private final RTCDataChannel channel;

        Receiver(PeerConnectionFactory factory, int id) {
            this.id = id;
            peer = factory.createPeerConnection(new RTCConfiguration(), this);
            RTCDataChannelInit init = new RTCDataChannelInit();
            init.ordered = false;
            init.negotiated = true;
            init.id = 1;
            channel = peer.createDataChannel("blocks", init);
            channel.registerObserver(this);
        }

        void offer() {
            peer.createOffer(new RTCOfferOptions(), new CreateSessionDescriptionObserver() {
                @Override
                public void onSuccess(RTCSessionDescription description) {
                    peer.setLocalDescription(description, new Applied());
                }

                @Override
                public void onFailure(String error) {
                    System.err.println("no offer: " + error);
                }
            });
        }

        void take(String answer) {
            peer.setRemoteDescription(new RTCSessionDescription(RTCSdpType.ANSWER, answer), new Applied());
        }

        @Override
        public void onIceCandidate(RTCIceCandidate candidate) {}

        /** Offers once all candidates are gathered, so that one exchange suffices. */
        @Override
        public void onIceGatheringChange(RTCIceGatheringState state) {
            if (state == RTCIceGatheringState.COMPLETE) {
                String offer = peer.getLocalDescription().sdp;
                print(JSON.createObjectNode().put("id", id).put("offer", offer).toString());
            }
        }

        @Override
        public void onBufferedAmountChange(long previousAmount) {}

        @Override
        public void onStateChange() {
            if (channel.getState() == RTCDataChannelState.OPEN) {
                open.increment();
                ByteBuffer go = ByteBuffer.wrap("go".getBytes(StandardCharsets.UTF_8));
                try {
                    channel.send(new RTCDataChannelBuffer(go, false));
                } catch (Exception e) {
                    System.err.println("cannot ask: " + e);
                }
            }
        }

        @Override
        public void onMessage(RTCDataChannelBuffer buffer) {
            bytes.add(buffer.data.remaining() - HEADER_BYTES);
        }
    }

    /** A description that does not apply shows as a connection that never opens. */
    private static final class Applied implements SetSessionDescriptionObserver {
        @Override
        public void onSuccess() {}

        @Override
        public void onFailure(String error) {
            System.err.println("a description is refused: " + error);
        }
    }
}
