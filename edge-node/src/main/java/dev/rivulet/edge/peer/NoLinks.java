package dev.rivulet.edge.peer;

import dev.rivulet.protocol.frame.Block;
import dev.rivulet.protocol.message.SignalBody;
import dev.rivulet.protocol.message.TrackerMessage.IceServer;
import java.util.List;

/** Links that never open. */
final class NoLinks implements PeerLinkFactory {
    @Override
    public PeerLink offer(List<IceServer> ice, PeerLink.Listener listener) {
        return closed(listener);
    }

    @Override
    public PeerLink answer(List<IceServer> ice, SignalBody.Offer offer, PeerLink.Listener listener) {
        return closed(listener);
    }

    private static PeerLink closed(PeerLink.Listener listener) {
        listener.closed("no WebRTC here");
        return new ClosedLink();
    }

    @Override
    public void close() {}

    private static final class ClosedLink implements PeerLink {
        @Override
        public void signal(SignalBody remote) {}

        @Override
        public void sendControl(String text) {}

        @Override
        public void sendBlock(Block block) {}

        @Override
        public long bufferedBytes() {
            return 0;
        }

        @Override
        public void close() {}
    }
}
