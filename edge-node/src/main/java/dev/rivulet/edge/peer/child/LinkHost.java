package dev.rivulet.edge.peer.child;

import dev.rivulet.edge.peer.PeerLink;
import dev.rivulet.edge.peer.webrtc.WebRtcLinks;
import dev.rivulet.edge.peer.wire.Frame;
import dev.rivulet.edge.peer.wire.FrameSink;
import dev.rivulet.edge.peer.wire.FrameType;
import dev.rivulet.edge.peer.wire.Signals;
import dev.rivulet.edge.peer.wire.Wire;
import dev.rivulet.protocol.DecodeException;
import dev.rivulet.protocol.frame.Block;
import dev.rivulet.protocol.message.SignalBody;
import dev.rivulet.protocol.message.TrackerMessage.IceServer;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** Does what the edge says. Belongs to the thread that reads, except where links end. */
final class LinkHost implements FrameSink {
    private final WebRtcLinks links;
    private final Wire wire;
    private final Runnable stop;
    private final Map<Integer, HostedLink> hosted = new ConcurrentHashMap<>();

    /** @param stop called when the edge wants this process to end */
    LinkHost(WebRtcLinks links, Wire wire, Runnable stop) {
        this.links = links;
        this.wire = wire;
        this.stop = stop;
    }

    @Override
    public void take(FrameType type, int id, ByteBuffer payload) throws DecodeException {
        switch (type) {
            case OFFER -> {
                List<IceServer> ice = Signals.ice(payload);
                host(id, hears -> links.offer(ice, hears));
            }
            case ANSWER -> answer(id, payload);
            case PING -> links.afterWhatWaits(() -> wire.send(Frame.of(FrameType.PONG, 0)));
            case STOP -> stop.run();
            default -> {
                // Links end while the edge speaks of them.
                HostedLink link = hosted.get(id);
                if (link != null) {
                    take(type, link, payload);
                }
            }
        }
    }

    private void answer(int id, ByteBuffer payload) throws DecodeException {
        List<IceServer> ice = Signals.ice(payload);
        if (!(Signals.signal(payload) instanceof SignalBody.Offer offer)) {
            throw new DecodeException("answer", "without an offer");
        }
        host(id, hears -> links.answer(ice, offer, hears));
    }

    private void host(int id, Function<PeerLink.Listener, PeerLink> make) {
        HostedLink link = new HostedLink(id, wire, () -> hosted.remove(id));
        hosted.put(id, link);
        link.link(make.apply(link));
    }

    private static void take(FrameType type, HostedLink link, ByteBuffer payload) throws DecodeException {
        switch (type) {
            case SIGNAL -> link.link().signal(Signals.signal(payload));
            case CONTROL -> link.link().sendControl(Signals.wholeText(payload));
            case BLOCK -> {
                // The block is sent later, on the native thread, when the payload has been overwritten.
                ByteBuffer copy = ByteBuffer.allocate(payload.remaining()).put(payload);
                link.send(Block.decode(copy.flip()));
            }
            case MARK -> link.link().drainedAt((int) payload.getLong());
            case CLOSE -> link.link().close();
            default -> throw new DecodeException("frame", type + " from the edge");
        }
    }
}
