package dev.rivulet.edge.peer.webrtc;

import dev.onvoid.webrtc.PeerConnectionFactory;
import dev.onvoid.webrtc.RTCConfiguration;
import dev.onvoid.webrtc.RTCDataChannel;
import dev.onvoid.webrtc.RTCDataChannelBuffer;
import dev.onvoid.webrtc.RTCDataChannelInit;
import dev.onvoid.webrtc.RTCPeerConnection;
import dev.onvoid.webrtc.media.audio.HeadlessAudioDeviceModule;
import dev.rivulet.edge.peer.PeerLink;
import dev.rivulet.edge.peer.PeerLinkFactory;
import dev.rivulet.protocol.frame.Block;
import dev.rivulet.protocol.message.SignalBody;
import dev.rivulet.protocol.message.TrackerMessage.IceServer;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes links as {@link WebRtcLinks} does, over connections of which it makes more than a peer does. One at a time. */
final class Stranger implements PeerLinkFactory, WebRtcLink.Home {
    private final NativeThread natives = new NativeThread();
    private final ByteBuffer scratch = ByteBuffer.allocateDirect(Block.MAX_FRAME_BYTES);
    private final PeerConnectionFactory factory;
    private final List<RTCDataChannel> opened = new ArrayList<>();
    private @Nullable RTCPeerConnection connection;

    Stranger() throws Exception {
        factory = natives.call(() -> new PeerConnectionFactory(new HeadlessAudioDeviceModule()));
    }

    @Override
    public PeerLink offer(List<IceServer> ice, PeerLink.Listener listener) {
        return begin(listener, null);
    }

    @Override
    public PeerLink answer(List<IceServer> ice, SignalBody.Offer offer, PeerLink.Listener listener) {
        return begin(listener, offer);
    }

    private PeerLink begin(PeerLink.Listener listener, SignalBody.@Nullable Offer offer) {
        WebRtcLink link = new WebRtcLink(this, natives, listener);
        link.start(() -> link.begin(
                observer -> {
                    RTCPeerConnection made = factory.createPeerConnection(new RTCConfiguration(), observer);
                    connection = made;
                    return made;
                },
                offer));
        return link;
    }

    /** Opens channels of its own over the link made last, and sends something over each. */
    void openChannels(int count, int bytes) throws Exception {
        var unused = natives.call(() -> {
            for (int i = 0; i < count && connection != null; i++) {
                RTCDataChannel channel = connection.createDataChannel("x" + i, new RTCDataChannelInit());
                channel.send(new RTCDataChannelBuffer(ByteBuffer.wrap(new byte[bytes]), true));
                opened.add(channel);
            }
            return count;
        });
    }

    @Override
    public ByteBuffer scratch() {
        return scratch;
    }

    @Override
    public void forget(WebRtcLink link) {
        connection = null;
    }

    @Override
    public void close() {
        natives.stop(() -> {
            opened.forEach(RTCDataChannel::dispose);
            factory.dispose();
        });
    }
}
