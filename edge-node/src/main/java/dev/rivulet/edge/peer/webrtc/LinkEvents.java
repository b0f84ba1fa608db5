package dev.rivulet.edge.peer.webrtc;

import dev.onvoid.webrtc.PeerConnectionObserver;
import dev.onvoid.webrtc.RTCDataChannel;
import dev.onvoid.webrtc.RTCDataChannelBuffer;
import dev.onvoid.webrtc.RTCDataChannelObserver;
import dev.onvoid.webrtc.RTCIceCandidate;
import dev.onvoid.webrtc.RTCPeerConnectionState;
import dev.rivulet.edge.peer.PeerLink;
import dev.rivulet.protocol.message.SignalBody;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/**
 * What the library calls back for one link, on threads of its own. An exception that escaped from here would abort the
 * process, so each method runs {@link #guarded} or {@link #contained}.
 */
final class LinkEvents implements PeerConnectionObserver {
    private final WebRtcLink link;
    private final PeerLink.Listener listener;

    LinkEvents(WebRtcLink link, PeerLink.Listener listener) {
        this.link = link;
        this.listener = listener;
    }

    @Override
    public void onIceCandidate(RTCIceCandidate candidate) {
        guarded(() -> {
            SignalBody signal = new SignalBody.Candidate(candidate.sdp, candidate.sdpMid, candidate.sdpMLineIndex);
            // Behind the description that it belongs to, which the native thread signals.
            link.whileAlive(() -> link.signalled(signal));
        });
    }

    @Override
    public void onConnectionChange(RTCPeerConnectionState state) {
        guarded(() -> {
            if (state == RTCPeerConnectionState.FAILED || state == RTCPeerConnectionState.CLOSED) {
                link.failed("connection " + state);
            }
        });
    }

    /**
     * The other side opened a channel besides those of a link, over which the library would queue whatever comes. It has
     * to be freed however the link is.
     */
    @Override
    public void onDataChannel(RTCDataChannel channel) {
        contained(() -> link.refuse(channel));
    }

    /** Events of the control channel. */
    RTCDataChannelObserver control() {
        return new ChannelEvents(message -> {
            byte[] bytes = new byte[message.data.remaining()];
            message.data.get(bytes);
            listener.control(new String(bytes, StandardCharsets.UTF_8));
        });
    }

    /** Events of the blocks channel. */
    RTCDataChannelObserver blocks() {
        return new ChannelEvents(message -> listener.block(message.data));
    }

    private void guarded(Runnable callback) {
        contained(() -> {
            if (link.isAlive()) {
                callback.run();
            }
        });
    }

    private void contained(Runnable callback) {
        try {
            callback.run();
        } catch (Throwable e) {
            link.failed(e);
        }
    }

    private final class ChannelEvents implements RTCDataChannelObserver {
        private final Consumer<RTCDataChannelBuffer> received;

        ChannelEvents(Consumer<RTCDataChannelBuffer> received) {
            this.received = received;
        }

        @Override
        public void onBufferedAmountChange(long previous) {
            // Never called by webrtc-java 0.14.0; SendCredit asks instead.
        }

        @Override
        public void onStateChange() {
            guarded(link::channelChanged);
        }

        @Override
        public void onMessage(RTCDataChannelBuffer message) {
            guarded(() -> {
                // Only an open channel receives, and both open together; their own notice may still be under way.
                link.markOpen();
                received.accept(message);
            });
        }
    }
}
